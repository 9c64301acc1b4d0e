/// What is kept of one figure over a short stretch: one tick, or one roll-up of many.
public struct GraphPoint: Hashable, Sendable {
  /// The stretch that it covers.
  public var span: TimeSpan
  public var min: Double
  public var mean: Double
  public var max: Double
  /// How many ticks are in it.
  public var count: Int
  /// What its mean is weighed by where means are merged: requests for latencies and error rates, ticks for all
  /// else. Not negative.
  public var weight: Double

  public init(
    at start: WallTime, covering width: Duration, min: Double, mean: Double, max: Double, count: Int,
    weight: Double
  ) {
    span = TimeSpan(from: start, to: start.advanced(by: width))
    self.min = min
    self.mean = mean
    self.max = max
    self.count = count
    self.weight = weight
  }

  /// One tick, read at `time`: it tells of the interval before.
  public init(readAt time: WallTime, interval: Duration, value: Double, weight: Double = 1) {
    self.init(
      at: time.advanced(by: .zero - interval), covering: interval, min: value, mean: value, max: value,
      count: 1, weight: weight)
  }
}
