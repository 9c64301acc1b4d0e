import Cluster

/// When which source is polled: a value that is told what happened and when, and has no clock of its own.
///
/// Ticks lie on a grid that begins with the first one, so that nothing drifts: what is late is late once.
/// Within a tick each source has its own small offset, always the same, so that the polls of many sources
/// spread a little. A source that is asked in every second, third … tick only has its own ticks, which are not
/// those of the others; it is asked in the first one too. A source that keeps failing is left out of more and
/// more ticks.
struct PollSchedule {
  let interval: Duration
  /// Where the grid begins: the second tick's place less one interval.
  private let origin: Uptime
  /// The tick that comes next: 0 is the first.
  private var next: Int64 = 0
  private let start: Uptime
  /// Where the tick that has begun lies on the grid.
  private var tick: Uptime
  private let offsets: [Duration]
  private var turns: [Turn]
  private var lapses: [Lapse]

  /// In which ticks a source is polled: in those whose number leaves this rest.
  fileprivate struct Turn {
    var every: Int64
    var rest: Int64
    /// The tick in which it is next polled; a tick that was missed does not lose it its turn.
    var next: Int64 = 0
  }

  /// How a source has failed since it was last read.
  private struct Lapse {
    var failures = 0
    /// Not polled before this.
    var until: Uptime?
  }

  /// So many failures in a row cost nothing yet: a reload or a dropped packet is no reason to look away.
  static let patience = 3
  /// The longest time between two tries.
  static let longestGap = Duration.seconds(30)
  /// The same where nobody answers at all, in intervals: that costs nobody anything, and who comes back is to be
  /// seen soon.
  static let longestSilentGap = 2
  /// The part of the interval over which the polls of one tick are spread.
  static let spread = 10
  /// The first rates need two polls; with a warm-up the second comes after this part of the interval.
  static let warmUp = 4

  /// - Parameters:
  ///   - names: of the sources, in the order of the plan; what their offsets are made of.
  ///   - every: in which of the ticks each of them is polled, 2 for every second one; none for all.
  ///   - warmUp: whether the second tick comes early. The grid then begins with it.
  init(interval: Duration, names: [String], every: [Int] = [], start: Uptime, warmUp: Bool) {
    self.interval = max(interval, .milliseconds(1))
    self.start = start
    tick = start
    let first = self.interval / PollSchedule.warmUp
    origin = warmUp ? start + (first - self.interval) : start
    let spread = self.interval / PollSchedule.spread
    offsets = names.map { spread * Int(stableHash($0) % 1024) / 1024 }
    turns = names.enumerated().map { place, name in
      let every = Int64(max(1, place < every.count ? every[place] : 1))
      // Not the bits of the offset, so that those of one tick are spread as well.
      return Turn(every: every, rest: Int64(stableHash(name) >> 32) % every)
    }
    lapses = Array(repeating: Lapse(), count: names.count)
  }

  /// The time that one poll may take.
  var deadline: Duration { interval / 2 }

  /// When the next tick begins.
  var nextTick: Uptime { time(of: next) }

  /// Begins a tick. Ticks that were missed (a suspended machine, a loop that was held up) are left out.
  ///
  /// - Returns: which sources are to be polled in it, by their places.
  mutating func beginTick(at now: Uptime) -> [Int] {
    while time(of: next + 1) <= now {
      // On the grid one division finds the place; the loop is for the first tick, which may lie beside it.
      next = max(next + 1, (now - origin).nanoseconds / interval.nanoseconds)
    }
    isFirst = next == 0
    tick = time(of: next)
    let number = next
    next += 1
    let due = lapses.indices.filter {
      turns[$0].next <= number && lapses[$0].until.map { $0 <= tick } ?? true
    }
    for source in due { turns[source].take(number) }
    return due
  }

  /// Whether the tick that has begun is the first one.
  private(set) var isFirst = false

  /// How long after the beginning of the tick a source is polled: at once in the first tick, so that there is
  /// a picture soon.
  func offset(of source: Int) -> Duration { isFirst ? .zero : offsets[source] }

  mutating func succeeded(_ source: Int) { lapses[source] = Lapse() }

  /// There is reason to hope for a source: it is polled in the next tick, whatever it did before.
  mutating func retry(_ source: Int) {
    lapses[source].until = nil
    turns[source].next = 0
  }

  /// A source gave nothing. From the third time in a row on it is tried again only after a gap that doubles
  /// each time, up to 30 s, less a random part of up to its half, so that those which failed together do not
  /// come back together; one that is silent in every second tick.
  mutating func failed(
    _ source: Int, isSilent: Bool = false, using generator: inout some RandomNumberGenerator
  ) {
    lapses[source].failures += 1
    let failures = lapses[source].failures
    guard failures >= PollSchedule.patience else { return }
    if isSilent {
      lapses[source].until = tick + interval * PollSchedule.longestSilentGap
      return
    }
    let doublings = min(failures - PollSchedule.patience + 1, 16)
    let gap = min(interval * (1 << doublings), PollSchedule.longestGap)
    lapses[source].until = tick + (gap - gap * Int.random(in: 0..<512, using: &generator) / 1024)
  }

  /// Whether the last poll of a source failed.
  func isFailing(_ source: Int) -> Bool { lapses[source].failures > 0 }

  private func time(of tick: Int64) -> Uptime {
    tick == 0 ? start : Uptime(nanoseconds: origin.nanoseconds &+ tick &* interval.nanoseconds)
  }
}

extension PollSchedule.Turn {
  /// It is polled in this tick: the next one is the first of its own after it.
  fileprivate mutating func take(_ tick: Int64) {
    next = tick + 1 + (rest + every - (tick + 1) % every) % every
  }
}

/// FNV-1a, 64 bits: unlike Swift's own hash it is the same in every run.
func stableHash(_ text: String) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return hash
}
