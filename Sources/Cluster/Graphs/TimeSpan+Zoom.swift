extension TimeSpan {
  /// The lengths that zooming goes through: from a minute to two years.
  public static let zoomSteps: [Duration] = [
    .seconds(60), .seconds(5 * 60), .seconds(15 * 60), .seconds(3600), .seconds(6 * 3600), .seconds(86_400),
    .seconds(7 * 86_400), .seconds(30 * 86_400), .seconds(90 * 86_400), .seconds(365 * 86_400),
    .seconds(730 * 86_400),
  ]

  /// The next shorter step; `anchor` stays where it is in the picture, or the middle does. The shortest stays.
  public func zoomedIn(around anchor: WallTime? = nil) -> TimeSpan {
    resized(to: TimeSpan.zoomSteps.last { $0 < length } ?? min(length, TimeSpan.zoomSteps[0]), around: anchor)
  }

  /// The next longer step, in the same way.
  public func zoomedOut(around anchor: WallTime? = nil) -> TimeSpan {
    let longest = TimeSpan.zoomSteps.last ?? length
    return resized(to: TimeSpan.zoomSteps.first { $0 > length } ?? max(length, longest), around: anchor)
  }

  /// Another length; `anchor` stays where it is in the picture, or the middle does.
  public func resized(to wanted: Duration, around anchor: WallTime? = nil) -> TimeSpan {
    guard let anchor, start <= anchor, anchor <= end, length > .zero else {
      return TimeSpan(wanted, until: start.advanced(by: length / 2 + wanted / 2))
    }
    if anchor == end { return TimeSpan(wanted, until: end) }
    let share = anchor.distance(from: start).seconds / length.seconds
    let begin = anchor.advanced(by: .nanoseconds(Int64(-share * Double(wanted.nanoseconds))))
    return TimeSpan(wanted, until: begin.advanced(by: wanted))
  }

  /// Moved by a share of its length: -0.5 shows what was half a picture earlier.
  public func panned(by share: Double) -> TimeSpan {
    let distance = Duration.nanoseconds(Int64(max(-9e18, min(9e18, share * Double(length.nanoseconds)))))
    return TimeSpan(length, until: end.advanced(by: distance))
  }

  /// Moved so that it does not leave `bounds`; one that is longer ends where they end.
  public func kept(within bounds: TimeSpan) -> TimeSpan {
    if end > bounds.end || length >= bounds.length { return TimeSpan(length, until: bounds.end) }
    if start < bounds.start { return TimeSpan(length, until: bounds.start.advanced(by: length)) }
    return self
  }

  /// The span of about this length whose columns stand still while time goes on: they begin at multiples of
  /// their width, and the end of this one lies within the last of them, or at its end. At least a nanosecond to
  /// a column.
  public func onGrid(columns: Int) -> TimeSpan {
    let columns = Int64(max(1, columns))
    let width = max(1, (length.nanoseconds - 1) / columns + 1)
    let (whole, overflow) = columns.multipliedReportingOverflow(by: width)
    let (quotient, rest) = (end.nanoseconds &- 1).quotientAndRemainder(dividingBy: width)
    let (last, overflows) = ((rest < 0 ? quotient - 1 : quotient) + 1).multipliedReportingOverflow(by: width)
    if overflow || overflows { return self }
    return TimeSpan(.nanoseconds(whole), until: WallTime(nanoseconds: last))
  }
}
