/// What passed through something. What is not known is nil, never 0.
///
/// The counts are of the newest window only, so that the sum over successive snapshots is the truth: each
/// request is in exactly one of them. Rates stay until there is a newer one, and age.
public struct Traffic: Hashable, Sendable {
  /// Requests (HTTP) or sessions (TCP) since the reading before; nil where there is no new reading.
  public var requests: Int64?
  /// Failures since the reading before: answers with 5xx, answers not given, connections not taken.
  public var errors: Int64?
  /// What errors are measured against, since the reading before: requests and connections not taken.
  public var attempts: Int64?
  /// Requests per second.
  public var qps: Double?
  /// Errors over attempts, 0…1; nil where nothing was attempted or errors are not counted.
  public var errorRate: Double?
  /// Mean latency in milliseconds, as the load balancers average it over their last requests, or of the newest
  /// window where that is clearly another one; weighted by requests; nil while nothing passes.
  public var latency: Double?
  /// What the mean latency of the newest window was at least, in milliseconds: averages are rounded, and of few
  /// requests they tell little.
  var latencyLeast: Double?
  /// The longest latency in milliseconds since the load balancer started.
  public var latencyMax: Double?

  /// Attempts per second, by which error rates are weighed when they are merged.
  var attemptRate: Double?

  public init() {}
}

extension Traffic {
  /// The sum of several parts, by the nature of each figure: counts and rates add, averages weigh by
  /// requests, maxima take the largest. A figure that no part knows is nil.
  struct Sum {
    private var total = Traffic()
    private var weightedErrors = 0.0
    private var errorWeight = 0.0
    private var weightedLatency = 0.0
    private var weightedLeast = 0.0
    private var latencyWeight = 0.0

    mutating func add(_ part: Traffic) {
      Sum.add(part.requests, to: &total.requests)
      Sum.add(part.errors, to: &total.errors)
      Sum.add(part.attempts, to: &total.attempts)
      if let qps = part.qps { total.qps = (total.qps ?? 0) + qps }
      if let rate = part.attemptRate { total.attemptRate = (total.attemptRate ?? 0) + rate }
      if let rate = part.errorRate, let weight = part.attemptRate {
        weightedErrors += rate * weight
        errorWeight += weight
      }
      if let latency = part.latency, let weight = part.qps {
        weightedLatency += latency * weight
        weightedLeast += (part.latencyLeast ?? 0) * weight
        latencyWeight += weight
      }
      if let longest = part.latencyMax { total.latencyMax = max(total.latencyMax ?? 0, longest) }
    }

    var traffic: Traffic {
      var result = total
      if errorWeight > 0 { result.errorRate = weightedErrors / errorWeight }
      if latencyWeight > 0 {
        result.latency = weightedLatency / latencyWeight
        result.latencyLeast = weightedLeast / latencyWeight
      }
      return result
    }

    private static func add(_ count: Int64?, to total: inout Int64?) {
      if let count { total = (total ?? 0) &+ count }
    }
  }

  /// Takes the counts of the newest window away: its source has sent nothing new.
  mutating func forgetCounts() {
    requests = nil
    errors = nil
    attempts = nil
  }
}
