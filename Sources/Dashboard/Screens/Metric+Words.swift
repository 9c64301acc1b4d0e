import Cluster

extension Metric {
  var title: String {
    switch self {
    case .qps: "REQUESTS"
    case .latency: "LATENCY avg"
    case .errorRate: "ERRORS"
    case .sessions: "SESSIONS"
    }
  }

  /// A value of this metric with its unit.
  func text(_ value: Float?) -> String { text(value.map(Double.init)) }

  /// The same.
  func text(_ value: Double?) -> String {
    switch self {
    case .qps: Figures.rate(value)
    case .latency: Figures.latency(value)
    case .errorRate: Figures.percent(value)
    case .sessions: Figures.count(value.flatMap { Int64(exactly: $0.rounded()) })
    }
  }

  /// The smallest upper end of an axis.
  var leastBound: Float {
    switch self {
    case .qps: 1
    case .latency: 10
    case .errorRate: 0.01
    case .sessions: 10
    }
  }

  /// From where on a value is bad; infinity where none is.
  func limit(_ limits: HealthLimits) -> Float {
    switch self {
    case .latency: Float(limits.latency.seconds * 1000)
    case .errorRate: Float(limits.errorRate)
    case .qps, .sessions: .infinity
    }
  }
}
