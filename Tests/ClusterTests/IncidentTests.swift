import Testing

@testable import Cluster

@Suite struct IncidentTests {
  /// A cluster whose incidents are watched, and whose events are kept.
  private struct Watched {
    var script = ClusterScript.pair()
    var watch = IncidentWatch()
    var events: [Event] = []
    var over: [Incident] = []
    /// What the last tick gave.
    var last: [Incident] = []
    private var requests: Int64 = 0
    private var failed: Int64 = 0

    /// Ticks in which web1 has such a status; each brings ten requests, of which some fail.
    mutating func run(_ ticks: Int, web1: String = "UP", failing: Int64 = 0, after interval: Double = 1) {
      for _ in 0..<ticks {
        requests += 10
        failed += failing
        let reading = balancer(frontend: [.reqTot: requests, .hrsp5xx: failed]) { proxy in
          proxy.rows[1].notes[.status] = web1
          proxy.rows[1].notes[.checkStatus] = web1 == "DOWN" ? "L4CON" : "L7OK"
        }
        tick([0: reading, 1: balancer()], after: interval)
      }
    }

    mutating func tick(_ outcomes: [Int: Reading.Outcome], after interval: Double = 1) {
      script.tick(outcomes, after: interval)
      events += script.events
      last = watch.advance(with: script.model.snapshot, events: script.events)
      over += last.filter { $0.end != nil }
    }

    var span: TimeSpan {
      TimeSpan(from: WallTime(nanoseconds: 0), to: script.moment.wall)
    }

    func wall(_ second: Int64) -> WallTime {
      WallTime(nanoseconds: (1_700_000_000 + second) * 1_000_000_000)
    }
  }

  @Test func whereAllIsWellThereIsNone() {
    var site = Watched()
    site.run(30)
    #expect(site.last.isEmpty)
    #expect(site.watch.current == nil)
  }

  @Test func itLastsFromTheFirstInTroubleToAllWellAgain() throws {
    var site = Watched()
    site.run(5)
    site.run(4, web1: "DOWN", failing: 5)
    let current = try #require(site.last.first)
    #expect(current.start == site.wall(6))
    #expect(current.end == nil)
    #expect(current.nodes == [NodeName("web1")])
    #expect(current.duration(at: site.wall(9)) == .seconds(3))
    site.run(20)
    let incident = try #require(site.over.first)
    #expect(site.over.count == 1)
    #expect(incident.start == site.wall(6))
    #expect(incident.end == site.wall(10))
    #expect(incident.worst == .degraded)
    #expect(!incident.isOutage)
    #expect(incident.requests == 50)
    #expect(incident.failed == 20)
    #expect(incident.worstErrorRate == 0.5)
    #expect(incident.events.count == 2)
    #expect(incident.eventCount == 2)
    #expect(site.watch.current == nil)
  }

  @Test func itIsCountedFromTheFirstFailureThatLedToIt() {
    var site = Watched()
    var counts = IncidentCounts()
    let start = site.wall(10)
    // Two seconds before any node is in trouble the first requests fail; what failed once before is daily life.
    for second in 1...12 {
      site.run(1, web1: second >= 10 ? "DOWN" : "UP", failing: second >= 8 || second == 3 ? 5 : 0)
      counts.add(site.script.model.snapshot, startingAt: start)
    }
    #expect(site.last.first?.start == start)
    #expect(counts.requests == 50)
    #expect(counts.failed == 25)
    #expect(counts.worstErrorRate == 0.5)
    // Without failures it is counted from its start.
    var quiet = Watched()
    var calm = IncidentCounts()
    for second in 1...12 {
      quiet.run(1, web1: second >= 10 ? "DOWN" : "UP")
      calm.add(quiet.script.model.snapshot, startingAt: start)
    }
    #expect(calm.requests == 30)
    #expect(calm.failed == 0)
    #expect(calm.worstErrorRate == nil)
  }

  @Test func minutesOfWhichNothingIsKnownCountNothing() {
    let limits = HealthPolicy().defaults
    var counts = IncidentCounts(isByMinute: true)
    counts.add(ServiceMinute(at: WallTime(nanoseconds: 0)), limits)
    #expect(counts.requests == nil)
    counts.add(
      ServiceMinute(
        at: WallTime(nanoseconds: 0), requests: 1000, errors: 250, down: .zero, degraded: .zero,
        unknown: .zero),
      limits)
    #expect(counts.requests == 1000 && counts.failed == 250 && counts.worstErrorRate == 0.25)
    var incident = Incident(
      start: WallTime(nanoseconds: 0), end: nil, nodes: [], worst: .down, isOutage: false,
      worstErrorRate: 0.5,
      requests: nil, failed: nil)
    incident.take(counts)
    #expect(incident.isByMinute && incident.failed == 250)
    #expect(incident.worstErrorRate == 0.5)
  }

  @Test func aMomentOfQuietDoesNotEndIt() throws {
    var site = Watched()
    site.run(5)
    for _ in 0..<5 {
      site.run(2, web1: "DOWN")
      site.run(9)
    }
    site.run(10)
    #expect(site.over.count == 1)
    #expect(site.over.first?.start == site.wall(6))
    #expect(site.over.first?.end == site.wall(52))
    #expect(site.over.first?.eventCount == 10)
    // What came after its end is no part of it.
    #expect(site.over.first?.requests == 470)
  }

  @Test func tenSecondsOfQuietEndIt() {
    var site = Watched()
    site.run(5)
    site.run(2, web1: "DOWN")
    site.run(11)
    #expect(site.over.count == 1)
    site.run(2, web1: "DOWN")
    #expect(site.last.first?.start == site.wall(19))
    #expect(site.last.first?.requests == 20)
  }

  @Test(arguments: ["DRAIN", "MAINT"]) func whatAnOperatorTookOutIsNone(status: String) {
    var site = Watched()
    site.run(5)
    site.run(20, web1: status)
    site.run(5)
    #expect(site.over.isEmpty)
    #expect(site.watch.current == nil)
    #expect(Incident.list(from: site.events, within: site.span).isEmpty)
  }

  @Test func aTierThatAnOperatorTookOutAsAWholeIsAnOutage() throws {
    var site = Watched()
    let out = balancer { proxy in
      for row in [1, 2] { proxy.rows[row].notes[.status] = "MAINT" }
    }
    site.tick([0: balancer(), 1: balancer()])
    site.tick([0: out, 1: out])
    let incident = try #require(site.last.first)
    #expect(incident.isOutage)
    #expect(incident.nodes == [NodeName("web1"), NodeName("web2")])
    #expect(incident.worst == .maint)
  }

  @Test func aLoadBalancerThatCannotBeAskedIsOne() throws {
    var site = Watched()
    site.run(3)
    for _ in 0..<5 { site.tick([0: .failure(.refused), 1: balancer()]) }
    let incident = try #require(site.last.first)
    #expect(incident.nodes == [NodeName("lb1")])
    #expect(incident.worst == .stale)
    #expect(Incident.list(from: site.events, within: site.span).map(\.nodes) == [[NodeName("lb1")]])
  }

  @Test func whoNeverAnsweredIsOneAndWhoWasNotAskedYetIsNone() {
    var site = Watched()
    site.tick([:])
    #expect(site.last.isEmpty)
    site.tick([0: .failure(.refused), 1: balancer()])
    #expect(site.last.first?.nodes == [NodeName("lb1")])
    #expect(site.last.first?.worst == .unknown)
  }

  @Test func aBackendWithNobodyLeftIsAnOutage() {
    var site = Watched()
    site.run(3)
    let dead = balancer { proxy in
      for row in [1, 2] { proxy.rows[row].notes[.status] = "DOWN" }
      proxy.rows[3].notes[.status] = "DOWN"
    }
    site.tick([0: dead, 1: dead])
    #expect(site.last.first?.isOutage == true)
    #expect(site.last.first?.worst == .down)
    #expect(Incident.list(from: site.events, within: site.span).first?.isOutage == true)
  }

  @Test func eventsAloneTellOfTheSameIncidents() {
    var site = Watched()
    site.run(5)
    for pause in [4, 15, 9, 30] {
      site.run(3, web1: "DOWN", failing: 2)
      site.run(pause)
    }
    site.run(2, web1: "DOWN")
    let listed = Incident.list(from: site.events, within: site.span)
    let watched = site.over + site.last
    #expect(listed.count == 3)
    #expect(listed.map(\.start) == watched.map(\.start))
    #expect(listed.map(\.end) == watched.map(\.end))
    #expect(listed.map(\.nodes) == watched.map(\.nodes))
    #expect(listed.map(\.worst) == watched.map(\.worst))
    #expect(listed.map(\.events) == watched.map(\.events))
    #expect(listed.allSatisfy { $0.requests == nil && $0.failed == nil })
    #expect(listed.last?.end == nil)
  }

  @Test func aGapEndsWhatLasted() throws {
    var site = Watched()
    site.run(5)
    site.run(3, web1: "DOWN")
    site.run(1, web1: "DOWN", after: 3600)
    #expect(site.last.map(\.end) == [site.wall(8), nil])
    #expect(site.last.map(\.start) == [site.wall(6), site.wall(3608)])

    let gap = TimeSpan(from: site.wall(8), to: site.wall(3608))
    let listed = Incident.list(from: site.events, within: site.span, gaps: [gap])
    #expect(listed.map(\.end) == [site.wall(8)])
  }

  @Test func whoWasInTroubleBeforeTheFirstEventIsGiven() {
    let time = WallTime(nanoseconds: 1_700_000_000_000_000_000)
    let back = Event(
      at: time.advanced(by: .seconds(60)), node: NodeName("web1"),
      change: .health(from: .down, to: Verdict(.up)))
    let span = TimeSpan(from: time, to: time.advanced(by: .seconds(100)))
    #expect(Incident.list(from: [back], within: span).isEmpty)
    let listed = Incident.list(
      from: [back], within: span,
      standing: [NodeName("web1"): Verdict(.down), NodeName("web2"): Verdict(.maint)])
    #expect(listed.map(\.start) == [time])
    #expect(listed.map(\.end) == [back.at])
    #expect(listed.first?.nodes == [NodeName("web1")])
  }

  @Test func aRecordingThatBeginsInTroubleNotesItAsEvents() {
    var site = Watched()
    site.run(1, web1: "DOWN")
    let begun = site.script.model.snapshot.standingEvents
    #expect(begun.map(\.node) == [NodeName("web1")])
    site.run(3, web1: "DOWN")
    site.run(20)
    #expect(Incident.list(from: site.events, within: site.span).isEmpty)
    let listed = Incident.list(from: begun + site.events, within: site.span)
    #expect(listed.map(\.start) == site.over.map(\.start))
    #expect(listed.map(\.end) == [site.wall(5)])
    // What waits for its first reading is not known to be in trouble.
    #expect(ClusterScript.pair().model.snapshot.standingEvents.isEmpty)
  }

  @Test func whoVanishesIsNoTroubleAnyMore() {
    let time = WallTime(nanoseconds: 1_700_000_000_000_000_000)
    let name = NodeName("web9")
    let events = [
      Event(at: time, node: name, change: .health(from: .up, to: Verdict(.down))),
      Event(at: time.advanced(by: .seconds(30)), node: name, change: .vanished),
    ]
    let span = TimeSpan(from: time, to: time.advanced(by: .seconds(100)))
    #expect(Incident.list(from: events, within: span).map(\.end) == [events[1].at])
  }

  @Test func aClockThatIsSetBackDoesNotEndBeforeItBegins() {
    let time = WallTime(nanoseconds: 1_700_000_000_000_000_000)
    let name = NodeName("web1")
    let events = [
      Event(at: time, node: name, change: .health(from: .up, to: Verdict(.down))),
      Event(
        at: time.advanced(by: .seconds(-3600)), node: name, change: .health(from: .down, to: Verdict(.up))),
    ]
    let span = TimeSpan(from: time, to: time.advanced(by: .seconds(100)))
    #expect(Incident.list(from: events, within: span).map(\.end) == [time])
  }

  @Test func oneThatFlapsForDaysKeepsABoundedNumberOfEvents() {
    let time = WallTime(nanoseconds: 1_700_000_000_000_000_000)
    let events = (0..<2000).map { index in
      Event(
        at: time.advanced(by: .seconds(index)), node: NodeName("web1"),
        change: index % 2 == 0
          ? .health(from: .up, to: Verdict(.down)) : .health(from: .down, to: Verdict(.up)))
    }
    let span = TimeSpan(from: time, to: time.advanced(by: .seconds(3000)))
    let incident = Incident.list(from: events, within: span).first
    #expect(incident?.events.count == Incident.mostEvents)
    #expect(incident?.eventCount == 2000)
  }
}
