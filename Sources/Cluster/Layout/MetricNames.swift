/// Which of a program's Prometheus metrics say what: each a name, with or without labels
/// (`http_requests_total{code="500"}`); nil for what it does not have.
public struct MetricNames: Hashable, Sendable {
  /// A counter of requests answered.
  public var requests: String?
  /// A counter of those that failed.
  public var errors: String?
  /// A histogram or a summary of their latencies in seconds, without `_bucket`, `_sum`, `_count`.
  public var latency: String?
  /// A gauge of requests or connections at work.
  public var busy: String?

  public init(requests: String? = nil, errors: String? = nil, latency: String? = nil, busy: String? = nil) {
    self.requests = requests
    self.errors = errors
    self.latency = latency
    self.busy = busy
  }
}
