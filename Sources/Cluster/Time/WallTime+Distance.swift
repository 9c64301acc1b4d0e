extension WallTime {
  /// So much later, or earlier where it is negative; stops at the ends of the calendar.
  public func advanced(by duration: Duration) -> WallTime {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return WallTime(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
  }

  /// How far it is from `earlier` on the calendar: for spans of the past, never for rates; negative where
  /// `earlier` is later.
  public func distance(from earlier: WallTime) -> Duration {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return .nanoseconds(overflow ? (self < earlier ? .min : .max) : difference)
  }
}
