/// The whole cluster at one moment: what is shown.
public struct Snapshot: Sendable {
  public var topology: Topology
  public var at: Moment
  /// In the order of `topology.nodes`.
  public var nodes: [NodeReport]
  /// In the order of `topology.servers`.
  public var servers: [ServerReport]
  /// In the order of `topology.proxies`.
  public var proxies: [ProxyReport]
  /// In the order of `topology.edges`; nil where nobody counts what flows there.
  public var edges: [EdgeRate?]
  /// What the nodes of each tier say that they were asked, per second, in the order of `topology.tiers`; nil where
  /// one of them does not count.
  public var asked: [Double?]
  /// In the order of the poll plan.
  public var sources: [SourceReport]
  /// What people set and something else has changed since, oldest first.
  public var lost: [LostIntent] = []
  /// What entered the cluster: the sum over the load balancers.
  public var total: Traffic
  public var health: HealthState

  public func report(on name: NodeName) -> NodeReport? {
    topology.place(of: name).map { nodes[$0] }
  }

  /// How many nodes are in each state; of firewalls only those that something is wrong with.
  public func count(of state: HealthState) -> Int {
    nodes.indices.count { place in
      nodes[place].verdict.state == state
        && (topology.nodes[place].kind != .firewall || nodes[place].verdict.isTrouble)
    }
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
  /// For a load balancer: 5xx that it made itself since the reading before (backend 5xx − Σ server 5xx).
  public var ownErrors: Int64?
  /// What Nginx says of itself.
  public var web: WebReport?
  /// What its other sources say.
  public var own: [OwnReport] = []
  /// The most requests per second that it carried in one tick while it was watched; nil until there is one.
  public var highestQPS: Double?
  /// Everything that passed while it was watched; nil until there are two readings to compare.
  public var watched: WatchedTotals?
  /// How old the newest reading behind these figures is; nil where there is none. Where it is more than
  /// three intervals, the figures are the last that were known.
  public var age: Duration?
  /// A counter fell or a process was replaced since the reading before: there is a gap, no figure.
  public var isReset: Bool
}

/// What has passed since it is watched: the sum of all counts that were shown, without the gaps.
public struct WatchedTotals: Hashable, Sendable {
  public var since: WallTime
  public var requests: Int64
  public var errors: Int64
}

/// What Nginx's status page says, between its last two readings.
public struct WebReport: Sendable {
  public var status: StubStatus
  /// Requests since the reading before, less the agent's own poll; nil over a reset.
  public var requests: Int64?
  public var qps: Double?
  /// Connections that were accepted and not handled since the reading before.
  public var dropped: Int64?
  public var age: Duration
}

/// One server row of one load balancer at one moment.
public struct ServerReport: Sendable {
  /// HAProxy's word: `UP`, `DOWN 1/2`, `MAINT (via x/y)` …
  public var status: String
  public var admin: AdminState
  /// Where that comes from; nil where the load balancer does not say.
  public var flags: ServerStateTable.AdminFlags?
  public var state: HealthState
  /// The weight in effect, 0–256.
  public var weight: Int64?
  public var sessions: Int64?
  public var sessionLimit: Int64?
  public var queue: Int64?
  public var traffic: Traffic
  public var times: LatencyParts
  /// `L7OK`, `L4CON` …; a leading `* ` says that a check is running.
  public var checkStatus: String
  public var lastCheck: String
  /// Serves only where no other server does.
  public var isBackup: Bool
  /// `backend/server` of the server whose check and state it takes over; empty for most.
  public var tracked: String
}

/// Where the time of a request goes, in milliseconds: averages over the load balancer's last requests.
public struct LatencyParts: Hashable, Sendable {
  /// In the load balancer's queue.
  public var queue: Int64?
  /// Until the connection stood.
  public var connect: Int64?
  /// Until the answer began.
  public var response: Int64?
  /// Until all was over.
  public var total: Int64?

  public init(queue: Int64?, connect: Int64?, response: Int64?, total: Int64?) {
    self.queue = queue
    self.connect = connect
    self.response = response
    self.total = total
  }
}

/// One frontend or backend of one load balancer at one moment.
public struct ProxyReport: Sendable {
  /// `OPEN`, `STOP`, `PAUSED`; `UP`, `DOWN`.
  public var status: String
  /// For a frontend what it took, for a backend what it passed on.
  public var traffic: Traffic
  public var sessions: Int64?
  public var sessionLimit: Int64?
  public var queue: Int64?
  /// For a backend: 5xx that HAProxy made itself since the reading before.
  public var ownErrors: Int64?
  /// For a backend: usable servers, active and backup.
  public var usableServers: Int64?
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
  /// What the stats socket allowed when it was last read; nil where it does not say, or was never read.
  public var level: AccessLevel?
}
