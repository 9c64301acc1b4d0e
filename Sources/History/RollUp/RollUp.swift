public import Cluster

/// One figure over a stretch of time.
public struct RollUp: Hashable, Sendable {
  public var minimum: Double
  /// Weighted: latency by requests, an error rate by attempts, all else by time.
  public var mean: Double
  public var maximum: Double
  /// Ticks that had a value.
  public var count: Int64
  /// What the mean is weighted by: requests, attempts, or ticks. Mean × weight is the sum.
  public var weight: Int64

  public init(minimum: Double, mean: Double, maximum: Double, count: Int64, weight: Int64) {
    self.minimum = minimum
    self.mean = mean
    self.maximum = maximum
    self.count = count
    self.weight = weight
  }

  /// One value of one tick.
  public init(_ value: Double, weight: Int64 = 1) {
    self.init(minimum: value, mean: value, maximum: value, count: 1, weight: weight)
  }

  /// Both together.
  public mutating func merge(_ other: RollUp) {
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    let total = RollUp.sum(weight, other.weight)
    if total > 0 {
      // Towards the other by its share: no sum that grows over the years and loses its last digits.
      mean += (other.mean - mean) * (Double(other.weight) / Double(total))
    } else {
      mean += (other.mean - mean) * (Double(other.count) / Double(max(1, RollUp.sum(count, other.count))))
    }
    count = RollUp.sum(count, other.count)
    weight = total
  }

  /// Saturated: a program may say that it has answered more requests than any has.
  private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
    let (sum, isOver) = one.addingReportingOverflow(other)
    return isOver ? .max : sum
  }
}

/// All figures of one thing over one stretch of time; what no tick knew is nil.
public struct RollUps: Hashable, Sendable {
  // Each in its own place: an array would be a piece of memory for each node and minute.
  private var qps: RollUp?
  private var errorRate: RollUp?
  private var latency: RollUp?
  private var sessions: RollUp?

  public init() {}

  public subscript(metric: Metric) -> RollUp? {
    get {
      switch metric {
      case .qps: qps
      case .errorRate: errorRate
      case .latency: latency
      case .sessions: sessions
      }
    }
    set {
      switch metric {
      case .qps: qps = newValue
      case .errorRate: errorRate = newValue
      case .latency: latency = newValue
      case .sessions: sessions = newValue
      }
    }
  }

  public var isEmpty: Bool { qps == nil && errorRate == nil && latency == nil && sessions == nil }

  public mutating func merge(_ other: RollUps) {
    for metric in Metric.allCases {
      if let more = other[metric] { add(more, to: metric) }
    }
  }

  mutating func add(_ more: RollUp, to metric: Metric) {
    var sum = self[metric]
    if sum?.merge(more) == nil { sum = more }
    self[metric] = sum
  }
}
