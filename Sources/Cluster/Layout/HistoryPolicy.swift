/// How much of the past is kept, and for how long.
public struct HistoryPolicy: Sendable, Hashable {
  /// Whether anything is recorded at all.
  public var isRecorded: Bool
  /// Everything that was read, as it was.
  public var keep: Duration
  /// Summed up by the minute.
  public var minutes: Duration
  /// Summed up by the hour.
  public var hours: Duration
  /// The size of the file, in bytes; where it is passed, the oldest goes first.
  public var size: Int64

  public init(
    isRecorded: Bool = true, keep: Duration = .days(7), minutes: Duration = .days(90),
    hours: Duration = .days(730), size: Int64 = 2_000_000_000
  ) {
    self.isRecorded = isRecorded
    self.keep = keep
    self.minutes = minutes
    self.hours = hours
    self.size = size
  }
}

extension Duration {
  /// Days of 24 hours.
  public static func days(_ count: Int) -> Duration { .seconds(86_400 * count) }
}
