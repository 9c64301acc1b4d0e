/// A stretch of the calendar, from `start` up to but without `end`.
public struct TimeSpan: Hashable, Sendable {
  public let start: WallTime
  /// Never before `start`.
  public let end: WallTime

  /// The two ends in either order.
  public init(from start: WallTime, to end: WallTime) {
    self.start = min(start, end)
    self.end = max(start, end)
  }

  /// The stretch of that length that ends at `end`.
  public init(_ length: Duration, until end: WallTime) {
    self.init(from: end.advanced(by: .zero - max(.zero, length)), to: end)
  }

  public var length: Duration { end.distance(from: start) }

  public func contains(_ time: WallTime) -> Bool { start <= time && time < end }

  /// Whether the two have any moment in common.
  public func overlaps(_ other: TimeSpan) -> Bool { start < other.end && other.start < end }

  /// In which of `count` equal parts `time` lies; nil outside, and where there are no parts.
  public func part(of time: WallTime, count: Int) -> Int? {
    guard count > 0, contains(time) else { return nil }
    let share = time.distance(from: start).seconds / length.seconds
    return min(count - 1, Int(share * Double(count)))
  }

  /// Where the part with that number begins, of `count` equal ones; the part `count` begins at the end.
  public func start(ofPart part: Int, count: Int) -> WallTime {
    if part >= count { return end }
    let (whole, rest) = length.nanoseconds.quotientAndRemainder(dividingBy: Int64(max(1, count)))
    let place = Int64(max(0, part))
    return WallTime(nanoseconds: start.nanoseconds &+ whole * place &+ rest * place / Int64(max(1, count)))
  }
}
