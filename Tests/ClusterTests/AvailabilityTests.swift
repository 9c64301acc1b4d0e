import Testing

@testable import Cluster

@Suite struct AvailabilityTests {
  /// 2026-11-21, 14:30:00 UTC.
  static let start = WallTime(nanoseconds: 1_795_271_400_000_000_000)

  private func at(_ seconds: Int) -> WallTime { Self.start.advanced(by: .seconds(seconds)) }

  /// A cluster as a test wants it, at a second.
  private func snapshot(
    _ seconds: Double, _ states: [HealthState] = [.up, .up, .up, .up], requests: Int64? = nil,
    errors: Int64? = nil, wall: Double? = nil
  ) -> Snapshot {
    var snapshot = ClusterScript.pair().model.snapshot
    snapshot.at = Moment(
      wall: Self.start.advanced(by: .milliseconds(Int64((wall ?? seconds) * 1000))),
      uptime: Uptime(nanoseconds: 1_000_000_000_000).advanced(seconds))
    for (place, state) in states.enumerated() { snapshot.nodes[place].verdict = Verdict(state) }
    snapshot.nodes[0].traffic.attempts = requests
    snapshot.nodes[0].traffic.errors = errors
    snapshot.total.attempts = requests
    snapshot.total.errors = errors
    snapshot.health = snapshot.healthOfTiers()
    return snapshot
  }

  private func minutes(
    _ snapshots: [Snapshot], of scope: ServiceScope = .cluster
  ) -> [ServiceMinute] {
    var recorder = ServiceRecorder()
    let over = snapshots.flatMap { recorder.advance(with: $0) } + recorder.finish()
    return over.filter { $0.scope == scope }.map(\.minute)
  }

  @Test func aMinuteIsTheSumOfItsTicks() throws {
    let found = minutes(
      (0...120).map { second in
        let states: [HealthState] =
          (10..<25).contains(second)
          ? [.up, .up, .down, .down]
          : (70..<75).contains(second) ? [.up, .up, .down, .up] : [.up, .up, .up, .up]
        return snapshot(Double(second), states, requests: 10, errors: second == 15 ? 4 : 0)
      })
    try #require(found.count == 2)
    #expect(found[0].at == at(0))
    #expect(found[0].down == .seconds(15))
    #expect(found[0].degraded == .zero)
    #expect(found[0].unknown == .zero)
    // A tick tells of the time before it: the one at the full minute belongs to the minute that it ends.
    #expect(found[0].requests == 610)
    #expect(found[0].errors == 4)
    #expect(found[1].down == .zero)
    #expect(found[1].degraded == .seconds(5))
    #expect(found[1].unknown == .zero)
    #expect(found[1].requests == 600)
  }

  @Test func eachTierHasItsOwn() {
    let snapshots = (0..<60).map { snapshot(Double($0), [.up, .up, .down, .down]) }
    #expect(minutes(snapshots, of: .tier(TierName("lb"))).map(\.down) == [.zero])
    #expect(minutes(snapshots, of: .tier(TierName("web"))).map(\.down) == [.seconds(59)])
    #expect(minutes(snapshots).map(\.down) == [.seconds(59)])
  }

  @Test func whatNobodySawIsUnknown() {
    // From second 10 to 40 nothing was recorded; then nothing could be read.
    let found = minutes(
      (0...10).map { snapshot(Double($0)) } + (40...50).map { snapshot(Double($0)) }
        + (51...59).map { snapshot(Double($0), [.stale, .stale, .stale, .stale]) })
    #expect(found.map(\.known) == [.seconds(20)])
    #expect(found.map(\.unknown) == [.seconds(40)])
    #expect(found.map(\.down) == [.zero])
  }

  @Test func aTickOverTheEndOfAMinuteIsDivided() {
    let found = minutes([
      snapshot(59), snapshot(61, [.up, .up, .down, .down], requests: 7),
    ])
    #expect(found.map(\.at) == [at(0), at(60)])
    #expect(found.map(\.down) == [.seconds(1), .seconds(1)])
    #expect(found.map(\.requests) == [0, 7])
  }

  @Test func aClockThatIsSetBackGivesAMinuteAgainAndMergingDoesNotMakeItLonger() {
    let before = (0...90).map { snapshot(Double($0), requests: 1) }
    let after = (91...150).map { snapshot(Double($0), requests: 1, wall: Double($0) - 90) }
    let found = minutes(before + after)
    #expect(found.map(\.at) == [at(0), at(60), at(0)])
    var merged = found[0]
    merged.merge(found[2])
    #expect(merged.known == .seconds(60))
    #expect(merged.requests == 61 + 60)
    #expect(found.map(\.requests).reduce(0, +) == 151)
  }

  @Test func sharesAreOfWhatIsKnown() throws {
    let half = ServiceMinute(
      at: at(0), requests: 1000, errors: 1, down: .seconds(3), degraded: .seconds(5), unknown: .seconds(30))
    let availability = Availability(of: [half], over: TimeSpan(from: at(0), to: at(60)))
    #expect(availability.timeShare == 0.9)
    #expect(availability.requestShare == 0.999)
    #expect(availability.unknown == .seconds(30))
    #expect(availability.degraded == .seconds(5))
    let nothing = Availability(of: [], over: TimeSpan(from: at(0), to: at(3600)))
    #expect(nothing.timeShare == nil)
    #expect(nothing.requestShare == nil)
    #expect(nothing.unknown == .seconds(3600))
    #expect(nothing.budget(objective: 0.999).left == nil)
  }

  @Test func howMuchIsKnownIsSaidOfEachWindow() {
    // A record of twelve minutes.
    let minutes = (0..<12).map { minute in
      ServiceMinute(
        at: at(-60 * (minute + 1)), requests: 10, errors: 0, down: .zero, degraded: .zero, unknown: .zero)
    }
    let young = Availability.overWindows(of: minutes, until: at(0))
    #expect(young.map(\.known) == Array(repeating: .seconds(720), count: 4))
    #expect(young.map(\.knowledge) == [.little, .little, .little, .little])
    func knowledge(of known: Int) -> Availability.Knowledge {
      let minutes = (0..<known).map { minute in
        ServiceMinute(
          at: at(-60 * (minute + 1)), requests: 10, errors: 0, down: .zero, degraded: .zero, unknown: .zero)
      }
      return Availability.overWindows(of: minutes, until: at(0))[0].knowledge
    }
    #expect(knowledge(of: 0) == .nothing)
    #expect(knowledge(of: 29) == .little)
    #expect(knowledge(of: 30) == .much)
    #expect(knowledge(of: 57) == .much)
    // The minute under way is not summed up yet.
    #expect(knowledge(of: 59) == .all)
  }

  @Test func theWindowsTakeWhatLiesWithinThem() {
    let day = 86_400
    let minutes = [0, 1800, 7200, 2 * day, 20 * day, 40 * day].map { ago in
      ServiceMinute(
        at: ServiceMinute.start(of: at(-ago - 1)), requests: 1, errors: 0, down: .zero, degraded: .zero,
        unknown: .zero)
    }
    let sums = Availability.overWindows(of: minutes, until: at(0))
    #expect(sums.map(\.requests) == [2, 3, 4, 5])
    #expect(sums.map(\.span.length) == Availability.windows)
  }

  @Test func theBudgetIsWhatIsLeftOfWhatMayFail() throws {
    func left(errors: Int64, down: Int) -> Double? {
      let minutes = (0..<1000).map { minute in
        ServiceMinute(
          at: at(minute * 60), requests: 100, errors: minute == 0 ? errors : 0,
          down: minute == 0 ? .seconds(down) : .zero, degraded: .zero, unknown: .zero)
      }
      let budget = Availability(of: minutes, over: TimeSpan(from: at(0), to: at(60_000)))
        .budget(objective: 0.999)
      return budget.left.map { ($0 * 1000).rounded() / 1000 }
    }
    #expect(left(errors: 0, down: 0) == 1)
    // Of 100 000 requests 100 may fail, of 60 000 seconds 60 may be down.
    #expect(left(errors: 38, down: 0) == 0.62)
    #expect(left(errors: 38, down: 45) == 0.25)
    #expect(left(errors: 250, down: 0) == -1.5)
  }
}

extension Uptime {
  fileprivate func advanced(_ seconds: Double) -> Uptime { self + .milliseconds(Int64(seconds * 1000)) }
}
