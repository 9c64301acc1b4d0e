/// The last minutes of one figure of one node, oldest first: what sparklines and graphs are drawn from.
///
/// A slot without a value is a gap: nothing was read, or a counter was reset.
public struct Trail: Sendable {
  /// Values in the unit of the metric; NaN is a gap.
  public var slots: [Float]
  /// The time that one slot covers.
  public var slotWidth: Duration

  public init(slots: [Float], slotWidth: Duration) {
    self.slots = slots
    self.slotWidth = slotWidth
  }
}

/// The figures that are kept as trails.
public enum Metric: Int, CaseIterable, Sendable, Hashable {
  /// Requests per second.
  case qps
  /// Mean latency, milliseconds.
  case latency
  /// Error rate, 0…1.
  case errorRate
  /// Current sessions.
  case sessions
}
