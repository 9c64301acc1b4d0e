import Testing

@testable import Cluster

/// A node that stays degraded, and for what.
@Suite struct ReasonTests {
  private static let slow = HealthReason.latency(1200, limit: 1000)
  private static let slower = HealthReason.slowerThanOthers(700, others: 9)
  private static let errors = HealthReason.errorRate(0.2, limit: 0.02)
  private static let queue = HealthReason.queue(11, limit: 10)

  /// What is told, and in which tick, where a node has a reason in each tick of a second; nil where it is up.
  private func told(_ reasons: [HealthReason?], in watch: ReasonWatch = ReasonWatch()) -> [Int: HealthReason]
  {
    var watch = watch
    var told: [Int: HealthReason] = [:]
    for (second, reason) in reasons.enumerated() {
      let verdict = reason.map { Verdict(.degraded, $0) } ?? Verdict(.up)
      let now = Uptime(nanoseconds: Int64(second) * 1_000_000_000)
      guard let change = watch.take(verdict, of: 3, at: now) else { continue }
      if case .reason(_, let to) = change { told[second] = to }
    }
    return told
  }

  private func repeated(_ reasons: [HealthReason], _ count: Int) -> [HealthReason] {
    Array(repeatElement(reasons, count: count).joined())
  }

  @Test func anotherKindOfReasonThatStaysForMoreThanATickIsTold() {
    #expect(told([ReasonTests.slow, ReasonTests.slow]) == [:])
    #expect(told([ReasonTests.slow, ReasonTests.errors]) == [:])
    #expect(told([ReasonTests.slow, ReasonTests.errors, ReasonTests.errors]) == [2: ReasonTests.errors])
    // Another figure of the same kind is nothing new.
    #expect(told([ReasonTests.slow, ReasonTests.slower, ReasonTests.slower]) == [:])
    // How it came to be degraded again is told by that.
    #expect(told([ReasonTests.slow, nil, ReasonTests.errors, ReasonTests.errors]) == [:])
  }

  @Test func whatFlickersIsNotTold() {
    #expect(told(repeated([ReasonTests.slow, ReasonTests.errors], 500)) == [:])
    #expect(told(repeated([ReasonTests.slow, ReasonTests.errors, ReasonTests.queue], 500)) == [:])
  }

  @Test func aKindIsToldOnceInTenMinutesHoweverOftenItComes() {
    let flapping = repeated(
      [
        ReasonTests.slow, ReasonTests.slow, ReasonTests.errors, ReasonTests.errors, ReasonTests.queue,
        ReasonTests.queue,
      ], 600)
    // An hour of it.
    let found = told(flapping)
    #expect((12...18).contains(found.count), "\(found.count)")
    let first = told(Array(flapping.prefix(599)))
    #expect(first == [3: ReasonTests.errors, 5: ReasonTests.queue])
  }

  @Test func whatLastsIsToldAtLast() {
    let reasons =
      [ReasonTests.slow, ReasonTests.errors, ReasonTests.errors] + repeated([ReasonTests.slow], 700)
    #expect(told(reasons) == [2: ReasonTests.errors, 600: ReasonTests.slow])
  }

  @Test func itMovesWithItsNode() {
    var watch = ReasonWatch()
    let now = Uptime(nanoseconds: 0)
    _ = watch.take(Verdict(.degraded, ReasonTests.slow), of: 1, at: now)
    _ = watch.take(Verdict(.degraded, ReasonTests.errors), of: 1, at: now)
    watch = watch.moved(to: 4) { $0 == 3 ? 1 : nil }
    #expect(told([ReasonTests.errors], in: watch) == [0: ReasonTests.errors])
  }

  /// Ten requests a second, of which some fail, and so many that wait.
  private struct Cluster {
    var script = ClusterScript.pair()
    var events: [Event] = []
    private var (requests, failed) = (Int64(0), Int64(0))

    mutating func run(_ ticks: Int, queue: Int64, failing: Int64 = 0) {
      for _ in 0..<ticks {
        (requests, failed) = (requests + 10, failed + failing)
        let one = balancer(web1: [.reqTot: requests, .hrsp5xx: failed, .qcur: queue])
        script.tick([0: one, 1: balancer()])
        events += script.events.filter { $0.node == NodeName("web1") }
      }
    }
  }

  @Test func aNodeThatWasFullAndNowFailsIsToldOnceAndStaysDegraded() throws {
    var cluster = Cluster()
    cluster.run(3, queue: 0)
    cluster.run(5, queue: 11)
    let since = cluster.script.node("web1").since
    #expect(since != nil)
    cluster.run(30, queue: 11, failing: 5)
    cluster.run(30, queue: 11)
    let changes = cluster.events.map(\.change)
    #expect(changes.count == 2, "\(changes)")
    #expect(changes.first == .health(from: .up, to: Verdict(.degraded, .queue(11, limit: 10))))
    guard case .reason(.queue(11, limit: 10), .errorRate(_, limit: 0.02))? = changes.last else {
      Issue.record("\(changes)")
      return
    }
    #expect(cluster.script.node("web1").verdict.reason == .queue(11, limit: 10))
    // It is no change of health.
    #expect(cluster.script.node("web1").since == since)
  }

  @Test func itBelongsToTheIncidentAndBeginsNone() throws {
    let time = WallTime(nanoseconds: 1_700_000_000_000_000_000)
    let name = NodeName("web1")
    func after(_ seconds: Int64, _ change: Event.Change) -> Event {
      Event(at: time.advanced(by: .seconds(seconds)), node: name, change: change)
    }
    let span = TimeSpan(from: time, to: time.advanced(by: .seconds(100)))
    let more = after(20, .reason(from: ReasonTests.slow, to: ReasonTests.errors))
    #expect(Incident.list(from: [more], within: span).isEmpty)
    let events = [
      after(10, .health(from: .up, to: Verdict(.degraded, ReasonTests.slow))), more,
      after(30, .health(from: .degraded, to: Verdict(.up))),
    ]
    let incidents = Incident.list(from: events, within: span)
    let incident = try #require(incidents.first)
    #expect(incidents.count == 1)
    #expect(incident.events == events)
    #expect(incident.end == events[2].at)
    #expect(incident.worstErrorRate == 0.2)
    #expect(!more.change.isMadeByHand && !more.change.isFailover)
  }
}
