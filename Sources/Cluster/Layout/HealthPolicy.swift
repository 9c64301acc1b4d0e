/// What counts as degraded: defaults for the cluster, with exceptions for tiers and nodes.
public struct HealthPolicy: Sendable, Hashable {
  public var defaults: HealthLimits
  public var tiers: [TierName: HealthLimits.Changes]
  public var nodes: [NodeName: HealthLimits.Changes]

  public init(
    defaults: HealthLimits = HealthLimits(), tiers: [TierName: HealthLimits.Changes] = [:],
    nodes: [NodeName: HealthLimits.Changes] = [:]
  ) {
    self.defaults = defaults
    self.tiers = tiers
    self.nodes = nodes
  }

  /// The limits that hold for one node: its own, else its tier's, else the cluster's.
  public func limits(for node: NodeName, in tier: TierName) -> HealthLimits {
    var limits = defaults
    if let changes = tiers[tier] { limits.apply(changes) }
    if let changes = nodes[node] { limits.apply(changes) }
    return limits
  }
}

/// From where on a node is degraded. A measured value *above* the limit is degraded.
public struct HealthLimits: Sendable, Hashable {
  /// Errors over attempts, 0…1.
  public var errorRate: Double
  /// Mean latency.
  public var latency: Duration
  /// Requests waiting in the load balancers' queues for this node.
  public var queue: Int64
  /// Sessions in use over the limit of sessions, 0…1.
  public var sessionShare: Double
  /// Fewer attempts than this within the window say nothing about an error rate.
  public var minimumAttempts: Int64
  /// How far a replica may be behind its primary.
  public var lag: Duration

  public init(
    errorRate: Double = 0.02, latency: Duration = .seconds(1), queue: Int64 = 10, sessionShare: Double = 0.9,
    minimumAttempts: Int64 = 10, lag: Duration = .seconds(10)
  ) {
    self.errorRate = errorRate
    self.latency = latency
    self.queue = queue
    self.sessionShare = sessionShare
    self.minimumAttempts = minimumAttempts
    self.lag = lag
  }

  /// Only what a tier or a node says otherwise.
  public struct Changes: Sendable, Hashable {
    public var errorRate: Double?
    public var latency: Duration?
    public var queue: Int64?
    public var sessionShare: Double?
    public var minimumAttempts: Int64?
    public var lag: Duration?

    public init() {}
  }

  public mutating func apply(_ changes: Changes) {
    errorRate = changes.errorRate ?? errorRate
    latency = changes.latency ?? latency
    queue = changes.queue ?? queue
    sessionShare = changes.sessionShare ?? sessionShare
    minimumAttempts = changes.minimumAttempts ?? minimumAttempts
    lag = changes.lag ?? lag
  }
}
