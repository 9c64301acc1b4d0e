/// What a program that answers requests says of itself, exactly as reported; nil is what it does not say.
///
/// Sources: Apache's mod_status (`?auto`), PHP-FPM's status page, uWSGI's stats server, the statsd lines of
/// gunicorn, counted by the agent, and Prometheus metrics.
public struct WorkerStatus: Hashable, Sendable {
  /// Requests answered since it started.
  public var requests: Int64?
  /// Of them, those that failed: answers with 5xx, or exceptions.
  public var errors: Int64?
  /// How long all of them took together, in microseconds.
  public var microseconds: Int64?
  /// Workers, or connections in their place, that are at work.
  public var busy: Int64?
  public var idle: Int64?
  /// Requests that wait for a worker.
  public var queue: Int64?
  /// How many may wait.
  public var queueLimit: Int64?
  /// How often there was no worker left and none could be added.
  public var exhausted: Int64?
  /// Requests that took longer than the program's own limit for it.
  public var slow: Int64?
  public var connections: Int64?
  /// When it started, or its requests were first counted, in seconds since 1970: another number is another count.
  public var started: Int64?
  /// The latencies of the requests since the reading before, where every single one is known.
  public var latencies: Latencies?
  /// The latencies of all requests since it started, by size; empty where the program has no histogram.
  public var histogram: [Bucket]

  /// The order statistics of some requests, in microseconds: each is the latency of a real request.
  public struct Latencies: Hashable, Sendable {
    public var count: Int64
    public var p50: Int64
    public var p95: Int64
    public var p99: Int64
    public var longest: Int64

    public init(count: Int64, p50: Int64, p95: Int64, p99: Int64, longest: Int64) {
      self.count = count
      self.p50 = p50
      self.p95 = p95
      self.p99 = p99
      self.longest = longest
    }
  }

  /// One bucket of a histogram: how many took no longer than its bound.
  public struct Bucket: Hashable, Sendable {
    /// In microseconds; `Int64.max` for all that are longer.
    public var bound: Int64
    /// Of this bucket and all before it.
    public var count: Int64

    public init(bound: Int64, count: Int64) {
      self.bound = bound
      self.count = count
    }
  }

  public init(
    requests: Int64? = nil, errors: Int64? = nil, microseconds: Int64? = nil, busy: Int64? = nil,
    idle: Int64? = nil, queue: Int64? = nil, queueLimit: Int64? = nil, exhausted: Int64? = nil,
    slow: Int64? = nil, connections: Int64? = nil, started: Int64? = nil, latencies: Latencies? = nil,
    histogram: [Bucket] = []
  ) {
    self.requests = requests
    self.errors = errors
    self.microseconds = microseconds
    self.busy = busy
    self.idle = idle
    self.queue = queue
    self.queueLimit = queueLimit
    self.exhausted = exhausted
    self.slow = slow
    self.connections = connections
    self.started = started
    self.latencies = latencies
    self.histogram = histogram
  }
}
