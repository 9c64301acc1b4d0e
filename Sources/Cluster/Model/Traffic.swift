/// What passed through something within a window of time. What is not known is nil, never 0.
public struct Traffic: Hashable, Sendable {
  /// The time between the two readings that were compared.
  public var window: Duration?
  /// Requests (HTTP) or sessions (TCP) within the window.
  public var requests: Int64?
  /// Failures within the window: answers with 5xx, answers not given, connections not taken.
  public var errors: Int64?
  /// What the error rate is measured against: requests and failed connections, within the window.
  public var attempts: Int64?
  /// Requests per second.
  public var qps: Double?
  /// Mean latency in milliseconds, as the load balancers average it over their last requests, weighted by
  /// requests; nil while nothing passes.
  public var latency: Double?
  /// The longest latency in milliseconds since the load balancer started.
  public var latencyMax: Double?

  public init() {}

  /// Errors over attempts, 0…1; nil where nothing was attempted or errors are not counted.
  public var errorRate: Double? {
    guard let errors, let attempts, attempts > 0 else { return nil }
    return min(1, Double(errors) / Double(attempts))
  }
}
