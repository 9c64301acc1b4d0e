/// A point on the calendar, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// Use it to label and to store. Never subtract two of them to measure a rate: clocks are set.
public struct WallTime: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static func < (a: WallTime, b: WallTime) -> Bool { a.nanoseconds < b.nanoseconds }
}

/// A reading of a clock that only goes forward, in nanoseconds since an arbitrary start.
///
/// Ages, deadlines and rates are differences of these.
public struct Uptime: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static func < (a: Uptime, b: Uptime) -> Bool { a.nanoseconds < b.nanoseconds }

  public static func - (a: Uptime, b: Uptime) -> Duration {
    .nanoseconds(a.nanoseconds &- b.nanoseconds)
  }

  public static func + (a: Uptime, b: Duration) -> Uptime {
    Uptime(nanoseconds: a.nanoseconds &+ b.nanoseconds)
  }
}

/// One instant on both clocks, taken together.
public struct Moment: Hashable, Sendable {
  public var wall: WallTime
  public var uptime: Uptime

  public init(wall: WallTime, uptime: Uptime) {
    self.wall = wall
    self.uptime = uptime
  }

  /// The time that has passed since `earlier`, on the clock that only goes forward.
  public func since(_ earlier: Moment) -> Duration { uptime - earlier.uptime }
}

extension Duration {
  /// The whole duration in nanoseconds, saturating at about 292 years.
  public var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    return whole &+ attoseconds / 1_000_000_000
  }

  /// The whole duration in seconds.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public static func minutes(_ count: Int) -> Duration { .seconds(60 * count) }
}
