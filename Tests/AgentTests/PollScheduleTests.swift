import Cluster
import TestSupport
import Testing

@testable import Agent

struct PollScheduleTests {
  private static func at(_ milliseconds: Int64) -> Uptime { Uptime(nanoseconds: milliseconds * 1_000_000) }

  private func schedule(
    _ names: [String] = ["lb1", "lb2", "web1"], warmUp: Bool = false, start: Int64 = 0
  ) -> PollSchedule {
    PollSchedule(interval: .seconds(1), names: names, start: Self.at(start), warmUp: warmUp)
  }

  @Test func ticksLieOnAGridHoweverLateEachOfThemIs() {
    var schedule = schedule(start: 17)
    for tick in 0..<100 {
      #expect(schedule.nextTick == Self.at(17 + Int64(tick) * 1000))
      #expect(schedule.beginTick(at: schedule.nextTick + .milliseconds(tick * 7 % 900)) == [0, 1, 2])
    }
  }

  @Test func missedTicksAreLeftOut() {
    var schedule = schedule()
    _ = schedule.beginTick(at: Self.at(0))
    #expect(schedule.beginTick(at: Self.at(3_600_250)) == [0, 1, 2])
    #expect(schedule.nextTick == Self.at(3_601_000))
  }

  @Test func aWarmUpBringsTheSecondTickForwardAndTheGridFollowsIt() {
    var schedule = schedule(warmUp: true)
    var ticks: [Uptime] = []
    for _ in 0..<4 {
      ticks.append(schedule.nextTick)
      _ = schedule.beginTick(at: schedule.nextTick)
    }
    #expect(ticks == [0, 250, 1250, 2250].map(Self.at))
  }

  @Test func theFirstTickPollsAllAtOnceAndTheOthersSpreadAlwaysTheSame() {
    let names = (0..<200).map { "node\($0)" }
    var schedule = schedule(names)
    _ = schedule.beginTick(at: Self.at(0))
    #expect(names.indices.allSatisfy { schedule.offset(of: $0) == .zero })
    _ = schedule.beginTick(at: Self.at(1000))
    let offsets = names.indices.map { schedule.offset(of: $0) }
    #expect(offsets.allSatisfy { $0 >= .zero && $0 < .milliseconds(100) })
    // Spread over the whole tenth: each quarter of it has its share.
    for quarter in 0..<4 {
      let range = Duration.milliseconds(25 * quarter)..<Duration.milliseconds(25 * (quarter + 1))
      #expect(offsets.count { range.contains($0) } > 20)
    }
    _ = schedule.beginTick(at: Self.at(2000))
    #expect(names.indices.map { schedule.offset(of: $0) } == offsets)
  }

  @Test func theDeadlineIsHalfTheInterval() {
    #expect(schedule().deadline == .milliseconds(500))
  }

  @Test func twoFailuresCostNothing() {
    var schedule = schedule()
    var generator = Dice(0)
    for _ in 0..<2 {
      #expect(schedule.beginTick(at: schedule.nextTick) == [0, 1, 2])
      schedule.failed(1, using: &generator)
    }
    #expect(schedule.beginTick(at: schedule.nextTick) == [0, 1, 2])
  }

  @Test(arguments: [UInt64.min, UInt64.max, 0x5555_5555_5555_5555])
  func aSourceThatKeepsFailingIsTriedLessAndLessButEveryThirtySeconds(dice: UInt64) {
    var schedule = schedule()
    var generator = Dice(dice)
    var tries: [Int] = []
    for tick in 0..<200 {
      let due = schedule.beginTick(at: schedule.nextTick)
      #expect(due.contains(0) && due.contains(2))
      if due.contains(1) {
        tries.append(tick)
        schedule.failed(1, using: &generator)
      }
    }
    let gaps = zip(tries.dropFirst(), tries).map(-)
    #expect(gaps.prefix(2) == [1, 1])
    #expect(gaps == gaps.sorted())
    #expect((15...30).contains(gaps.last ?? 0))
    #expect(gaps.allSatisfy { $0 <= 30 })
  }

  @Test func whoIsSilentIsAskedInEverySecondTickSoThatItsReturnIsSeenSoon() {
    var schedule = schedule()
    var generator = Dice(0)
    var tries: [Int] = []
    for tick in 0..<60 where schedule.beginTick(at: schedule.nextTick).contains(1) {
      tries.append(tick)
      schedule.failed(1, isSilent: true, using: &generator)
    }
    let gaps = zip(tries.dropFirst(), tries).map(-)
    #expect(gaps.prefix(2) == [1, 1] && gaps.dropFirst(2).allSatisfy { $0 == 2 })
  }

  @Test func theFirstSuccessBringsASourceBackToEveryTick() {
    var schedule = schedule()
    var generator = Dice(0)
    for _ in 0..<8 { schedule.failed(1, using: &generator) }
    #expect(schedule.isFailing(1))
    #expect(schedule.beginTick(at: Self.at(1000)) == [0, 2])
    schedule.succeeded(1)
    #expect(!schedule.isFailing(1))
    #expect(schedule.beginTick(at: Self.at(2000)) == [0, 1, 2])
  }

  @Test func thoseThatFailedTogetherDoNotComeBackTogether() {
    let names = (0..<50).map { "node\($0)" }
    var schedule = schedule(names)
    var generator = SeededRandom(seed: 1)
    for _ in 0..<7 {
      for source in names.indices { schedule.failed(source, using: &generator) }
    }
    var returns = Set<Int>()
    for tick in 1...30 where !schedule.beginTick(at: Self.at(Int64(tick) * 1000)).isEmpty {
      returns.insert(tick)
    }
    #expect(returns.count > 10)
  }

  @Test func anIntervalOfZeroIsHarmless() {
    var schedule = PollSchedule(interval: .zero, names: ["a"], start: Self.at(0), warmUp: true)
    #expect(schedule.beginTick(at: Self.at(5)) == [0])
    #expect(schedule.nextTick > Self.at(5))
  }

  @Test func aSourceThatIsAskedSeldomHasItsOwnTicksAndTheFirst() {
    let names = (0..<50).map { "path\($0)" }
    var schedule = PollSchedule(
      interval: .seconds(1), names: names, every: names.map { _ in 5 }, start: Self.at(0), warmUp: false)
    #expect(schedule.beginTick(at: Self.at(0)) == Array(names.indices))
    var turns: [Int: [Int]] = [:]
    for tick in 1...20 {
      for source in schedule.beginTick(at: Self.at(Int64(tick) * 1000)) {
        turns[source, default: []].append(tick)
      }
    }
    #expect(turns.count == names.count)
    for ticks in turns.values {
      #expect(ticks.count == 4)
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $1 - $0 == 5 })
    }
    // Each of the five ticks has its share of them.
    #expect((1...5).allSatisfy { tick in turns.values.count { $0.first == tick } >= 4 })
  }

  @Test func aMissedTickLosesNobodyItsTurn() {
    var schedule = PollSchedule(
      interval: .seconds(1), names: ["a", "b"], every: [3, 1], start: Self.at(0), warmUp: false)
    #expect(schedule.beginTick(at: Self.at(0)) == [0, 1])
    #expect(schedule.beginTick(at: Self.at(7400)) == [0, 1])
  }

  @Test func aSeldomSourceThatFailsIsTriedAtItsTurnAndLessOftenWhenItGoesOn() {
    var schedule = PollSchedule(
      interval: .seconds(1), names: ["a"], every: [5], start: Self.at(0), warmUp: false)
    var generator = SeededRandom(seed: 7)
    var ticks: [Int] = []
    for tick in 0..<200 where !schedule.beginTick(at: Self.at(Int64(tick) * 1000)).isEmpty {
      ticks.append(tick)
      schedule.failed(0, using: &generator)
    }
    let gaps = zip(ticks, ticks.dropFirst()).map { $1 - $0 }
    #expect(gaps.dropFirst().prefix(2).allSatisfy { $0 == 5 })
    #expect(gaps.max().map { $0 > 10 && $0 <= 35 } == true)
    schedule.retry(0)
    #expect(schedule.beginTick(at: schedule.nextTick) == [0])
  }
}

/// Always throws the same.
struct Dice: RandomNumberGenerator {
  let value: UInt64
  init(_ value: UInt64) { self.value = value }
  mutating func next() -> UInt64 { value }
}
