/// What an application server says of itself, between its last two readings. What is not known is nil.
public struct WorkerReport: Sendable {
  public var status: WorkerStatus
  /// Requests, and failures among them, since the reading before.
  public var requests: Int64?
  public var errors: Int64?
  public var qps: Double?
  /// Mean of the requests since the reading before, in milliseconds.
  public var latency: Double?
  /// Of the requests since the reading before, in milliseconds.
  public var percentiles: Percentiles?
  /// Since the reading before: requests that were slow, and times without a free worker.
  public var slow: Int64?
  public var exhausted: Int64?

  /// Latencies in milliseconds.
  public struct Percentiles: Hashable, Sendable {
    public var p50: Double
    public var p95: Double
    public var p99: Double
    /// Whether each is the latency of a real request, not the bound of a histogram's bucket.
    public var isExact: Bool
  }

  /// - Parameter ownPolls: how many of the requests are the agent's own: the page counts the poll that asks for it.
  init(_ status: WorkerStatus, before: WorkerStatus?, window: Duration?, ownPolls: Int64) {
    self.status = status
    if let latencies = status.latencies, latencies.count > 0 {
      percentiles = Percentiles(
        p50: Double(latencies.p50) / 1000, p95: Double(latencies.p95) / 1000,
        p99: Double(latencies.p99) / 1000, isExact: true)
    }
    guard let before, let window else { return }
    requests = status.requests.minus(before.requests).map { max(0, $0 &- ownPolls) }
    errors = status.errors.minus(before.errors)
    slow = status.slow.minus(before.slow)
    exhausted = status.exhausted.minus(before.exhausted)
    qps = requests.map { Double($0) / window.seconds }
    if let time = status.microseconds.minus(before.microseconds),
      let count = status.requests.minus(before.requests), count > 0
    {
      latency = Double(time) / 1000 / Double(count)
    }
    if percentiles == nil {
      percentiles = Percentiles(from: before.histogram, to: status.histogram)
    }
  }
}

extension WorkerReport.Percentiles {
  /// Of the requests that two readings of one histogram differ by; nil where these are none, or the buckets
  /// are others. The latency within a bucket is taken to grow evenly, as Prometheus' `histogram_quantile` does;
  /// in the last one, which has no bound, it is the bound before.
  init?(from before: [WorkerStatus.Bucket], to after: [WorkerStatus.Bucket]) {
    guard before.count == after.count, !after.isEmpty,
      zip(before, after).allSatisfy({ $0.bound == $1.bound && $0.count <= $1.count })
    else { return nil }
    let counts = zip(before, after).map { $1.count &- $0.count }
    guard let all = counts.last, all > 0 else { return nil }
    func value(_ share: Double) -> Double {
      let rank = share * Double(all)
      let place = counts.firstIndex { Double($0) >= rank } ?? counts.count - 1
      let lower = place == 0 ? 0 : Double(after[place - 1].bound)
      guard after[place].bound < .max else { return lower / 1000 }
      let below = place == 0 ? 0 : Double(counts[place - 1])
      let within = Double(counts[place]) - below
      let part = within > 0 ? (rank - below) / within : 1
      return (lower + (Double(after[place].bound) - lower) * part) / 1000
    }
    self.init(p50: value(0.5), p95: value(0.95), p99: value(0.99), isExact: false)
  }
}

extension Int64? {
  /// What a counter has grown by; nil where either is not known.
  func minus(_ before: Int64?) -> Int64? {
    guard let self, let before else { return nil }
    return Swift.max(0, self &- before)
  }
}
