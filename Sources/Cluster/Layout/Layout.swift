/// What a cluster is, as one layout file says it, or as it was discovered.
///
/// The same value is what the dashboard draws, what the agent polls and what the lab builds.
public struct Layout: Sendable, Hashable {
  public var cluster: String
  /// From the start of one poll to the start of the next.
  public var interval: Duration
  public var entry: Entry?
  public var tiers: [Tier]
  public var firewalls: [Firewall]
  /// Where the firewalls count what passes; nil where they are not asked.
  public var filter: PacketFilter?
  public var drain: DrainPolicy
  /// Where every change and attempt is written, each once; empty for nowhere.
  public var audit: [AuditTarget]
  public var health: HealthPolicy
  /// The share of time and of requests that is meant to succeed, `objectives`: what error budgets are counted
  /// against.
  public var objective: Double
  public var screen: ScreenPreferences
  public var history: HistoryPolicy
  /// Sources that were given without a node: each belongs to the node that answers at its host. A layout
  /// file has none; the command line's `--nginx` has.
  public var unplaced: [Source] = []
  /// Whether it was made of what load balancers know, and not written by anybody.
  public internal(set) var isDiscovered = false

  public init(
    cluster: String, interval: Duration = .seconds(1), entry: Entry? = nil, tiers: [Tier] = [],
    firewalls: [Firewall] = [], drain: DrainPolicy = DrainPolicy(), audit: [AuditTarget] = [],
    health: HealthPolicy = HealthPolicy(), objective: Double = 0.999,
    screen: ScreenPreferences = ScreenPreferences(), history: HistoryPolicy = HistoryPolicy()
  ) {
    self.cluster = cluster
    self.interval = interval
    self.entry = entry
    self.tiers = tiers
    self.firewalls = firewalls
    self.drain = drain
    self.audit = audit
    self.health = health
    self.objective = objective
    self.screen = screen
    self.history = history
  }

  /// What an objective can be: one of all would leave nothing to spend.
  public static let objectives: ClosedRange<Double> = 0.5...0.999_999

  /// All nodes, tier by tier.
  public var nodes: [Node] { tiers.flatMap(\.nodes) }
}

extension Layout {
  /// Where the traffic enters.
  public struct Entry: Sendable, Hashable {
    /// The site's name; nil where the layout does not say.
    public var dns: String?
    /// The virtual addresses, in order; empty where DNS answers with the load balancers' own.
    public var vips: [String]
    /// The frontends through which traffic enters; empty for all. A site whose inner tiers call each other
    /// through the same load balancers names them, or its requests would count twice.
    public var frontends: [String]
    /// The name server that is asked for the site's name; nil for the system's own.
    public var resolver: SocketAddress?
    /// The port at which HAProxy's stats socket answers at each virtual address, for who holds it; nil where
    /// there is none.
    public var probe: UInt16?
    /// From where name and addresses are asked.
    public var via: Passage?

    public init(
      dns: String? = nil, vips: [String] = [], frontends: [String] = [], resolver: SocketAddress? = nil,
      probe: UInt16? = nil, via: Passage? = nil
    ) {
      self.dns = dns
      self.vips = vips
      self.frontends = frontends
      self.resolver = resolver
      self.probe = probe
      self.via = via
    }
  }

  public struct Tier: Sendable, Hashable {
    public var name: TierName
    public var mode: Mode
    public var nodes: [Node]

    public init(name: TierName, mode: Mode = .activeActive, nodes: [Node] = []) {
      self.name = name
      self.mode = mode
      self.nodes = nodes
    }
  }

  public enum Mode: String, Sendable, Hashable, CaseIterable {
    case activeActive = "active-active"
    case activePassive = "active-passive"
  }

  public struct Node: Sendable, Hashable {
    public var name: NodeName
    /// Where it serves: `10.77.2.11:80`. The key by which load balancers' servers are joined to it.
    public var address: SocketAddress?
    public var role: Role?
    /// The primary of a replica.
    public var of: NodeName?
    /// Through what everything of this node is reached; nil for directly.
    public var via: Passage?
    /// What is asked of it, and where: one endpoint for each system that runs there.
    public var endpoints: [Source.System: Endpoint]
    /// Which program the lab runs for this node.
    public var runs: Program?

    public init(
      name: NodeName, address: SocketAddress? = nil, role: Role? = nil, of: NodeName? = nil,
      via: Passage? = nil, haproxy: Endpoint? = nil, nginx: Endpoint? = nil,
      endpoints: [Source.System: Endpoint] = [:], runs: Program? = nil
    ) {
      self.name = name
      self.address = address
      self.role = role
      self.of = of
      self.via = via
      self.endpoints = endpoints
      self.runs = runs
      if let haproxy { self.endpoints[.haproxy] = haproxy }
      if let nginx { self.endpoints[.nginx] = nginx }
    }

    /// Where its HAProxy is asked; nil for a node that is no load balancer.
    public var haproxy: Endpoint? {
      get { endpoints[.haproxy] }
      set { endpoints[.haproxy] = newValue }
    }

    /// Where its Nginx is asked.
    public var nginx: Endpoint? {
      get { endpoints[.nginx] }
      set { endpoints[.nginx] = newValue }
    }
  }

  public enum Role: String, Sendable, Hashable, CaseIterable {
    case primary, replica
  }

  /// The programs that a node can be.
  public enum Program: String, Sendable, Hashable, CaseIterable {
    case haproxy, nginx, apache, gunicorn, node, uwsgi, phpFPM = "php-fpm", mariadb, mysql, postgresql, dns
  }

  /// What may pass between two tiers; everything else may not.
  public struct Firewall: Sendable, Hashable {
    public var from: TierName
    public var to: TierName
    public var allow: [Port]

    public init(from: TierName, to: TierName, allow: [Port]) {
      self.from = from
      self.to = to
      self.allow = allow
    }

    public struct Port: Sendable, Hashable, CustomStringConvertible {
      public var number: UInt16
      public var transport: Transport

      public init(number: UInt16, transport: Transport) {
        self.number = number
        self.transport = transport
      }

      public enum Transport: String, Sendable, Hashable, CaseIterable {
        case tcp, udp
      }

      public var description: String { "\(number)/\(transport.rawValue)" }
    }
  }

  /// A table of nftables, with a counter `FROM_TO` for what passes between two tiers and `FROM_TO_dropped` for
  /// what does not: what `tiertop lab config` writes.
  public struct PacketFilter: Sendable, Hashable {
    /// Family and name: `inet tiertop`.
    public var table: String
    public var via: Passage?

    public init(table: String, via: Passage? = nil) {
      self.table = table
      self.via = via
    }
  }

  public struct DrainPolicy: Sendable, Hashable {
    /// Never fewer than this many serving nodes in a backend without a second confirmation.
    public var keepUp: Int
    /// Whether what a person set, and a reload or another program changed, is set again by itself.
    public var hold: Bool

    public init(keepUp: Int = 1, hold: Bool = false) {
      self.keepUp = keepUp
      self.hold = hold
    }
  }

  /// A place where changes and attempts are written.
  public enum AuditTarget: Sendable, Hashable {
    /// The system's log.
    case syslog
    /// Absolute.
    case file(path: String)
  }
}
