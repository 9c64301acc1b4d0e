/// The last minutes of one figure of one node, oldest first: what sparklines and graphs are drawn from.
///
/// A slot without a value is a gap: nothing was read, or a counter was reset.
///
/// It is a look into what is kept of all of them, and copies nothing.
public struct Trail: Sendable {
  /// The time that one slot covers.
  public let slotWidth: Duration

  private let ring: [[Float]]
  /// Where it stands in each slot, and in which of them it begins.
  private let place, first: Int

  init(in ring: [[Float]], from first: Int, place: Int, slotWidth: Duration) {
    self.ring = ring
    self.first = first
    self.place = place
    self.slotWidth = slotWidth
  }

  /// How many slots it has.
  public var count: Int { ring.count }

  /// A value in the unit of the metric, the oldest at 0; NaN is a gap.
  public subscript(index: Int) -> Float {
    let index = first + index
    let slot = index < ring.count ? index : index - ring.count
    return ring[slot].isEmpty ? .nan : ring[slot][place]
  }

  /// All of them.
  public var slots: [Float] { (0..<count).map { self[$0] } }

  /// The newest value; nil where that is a gap.
  public var newest: Float? {
    guard count > 0 else { return nil }
    let value = self[count - 1]
    return value.isFinite ? value : nil
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
