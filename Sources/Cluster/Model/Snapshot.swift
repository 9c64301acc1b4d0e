/// The whole cluster at one moment: what is shown.
public struct Snapshot: Sendable {
  public var topology: Topology
  public var at: Moment
  /// In the order of `topology.nodes`.
  public var nodes: [NodeReport]
  /// In the order of `topology.servers`.
  public var servers: [ServerReport]
  /// In the order of `topology.edges`.
  public var edges: [Traffic]
  /// In the order of the poll plan.
  public var sources: [SourceReport]
  /// What entered the cluster: the sum over the load balancers.
  public var total: Traffic
  public var health: HealthState

  public func report(on name: NodeName) -> NodeReport? {
    topology.place(of: name).map { nodes[$0] }
  }

  /// How many nodes are in each state.
  public func count(of state: HealthState) -> Int {
    nodes.count { $0.verdict.state == state }
  }
}

/// One node at one moment.
public struct NodeReport: Sendable {
  public var verdict: Verdict
  /// Since when it is in this state; nil where the change was not seen.
  public var since: WallTime?
  /// As the load balancers see it, summed over them; for a load balancer, what its frontends took.
  public var traffic: Traffic
  /// Current sessions, summed over load balancers.
  public var sessions: Int64?
  /// The limit of sessions, where there is one.
  public var sessionLimit: Int64?
  /// Requests that wait for this node.
  public var queue: Int64?
  /// For a load balancer: 5xx that it made itself within the window (backend 5xx − Σ server 5xx).
  public var ownErrors: Int64?
  /// What Nginx says of itself.
  public var web: WebReport?
  /// How old the newest reading behind these figures is; nil where there is none.
  public var age: Duration?
  /// A counter fell or a process was replaced within the last window: there is a gap, no figure.
  public var isReset: Bool
}

/// What Nginx's status page says, over the window between its last two readings.
public struct WebReport: Sendable {
  public var status: StubStatus
  /// Requests within the window, less the agent's own poll; nil over a reset.
  public var requests: Int64?
  public var qps: Double?
  /// Connections that were accepted and not handled, within the window.
  public var dropped: Int64?
  public var age: Duration
}

/// One server row of one load balancer at one moment.
public struct ServerReport: Sendable {
  /// HAProxy's word: `UP`, `DOWN 1/2`, `MAINT (via x/y)` …
  public var status: String
  public var admin: AdminState
  public var state: HealthState
  /// The weight in effect, 0–256.
  public var weight: Int64?
  public var sessions: Int64?
  public var queue: Int64?
  public var traffic: Traffic
  /// `L7OK`, `L4CON` …; a leading `* ` says that a check is running.
  public var checkStatus: String
  public var lastCheck: String
}

/// How one source does.
public struct SourceReport: Sendable {
  public var source: Source
  /// Why the last poll gave nothing; nil where it was good.
  public var failure: ReadFailure?
  /// How long the last poll took.
  public var took: Duration?
  /// How old the last good reading is.
  public var age: Duration?
  /// The process's own description: version, pid, and so on; nil for systems other than HAProxy.
  public var info: ProxyInfo?
}
