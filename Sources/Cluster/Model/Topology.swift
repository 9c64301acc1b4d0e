/// Who belongs to the cluster and how it hangs together: the layout's nodes and those that the load
/// balancers know of besides.
///
/// Immutable and shared by all snapshots until the layout or a roster changes; compare with `===`.
public final class Topology: Sendable {
  public struct Tier: Hashable, Sendable {
    public var name: TierName
    public var mode: Layout.Mode
    /// Places in `nodes`.
    public var nodes: Range<Int>
    public var kind = Kind.serving

    public enum Kind: Hashable, Sendable {
      /// Machines that serve.
      case serving
      /// Where the traffic enters: the site's name, its virtual addresses.
      case entry
      /// What lies between the tiers.
      case firewalls
    }
  }

  public struct Node: Hashable, Sendable {
    public var name: NodeName
    /// Place in `tiers`.
    public var tier: Int
    public var address: SocketAddress?
    public var role: Layout.Role?
    public var of: NodeName?
    /// The source of its own HAProxy, where it is a load balancer.
    public var balancer: SourceID?
    /// False for a server that a load balancer reported and that no layout names.
    public var isInLayout: Bool
    /// What is polled of the node itself.
    public var sources: [SourceID]
    /// Places in `servers`: the rows by which load balancers know this node.
    public var servers: Range<Int>
    /// Places in `proxies`: for a load balancer, its own frontends and backends.
    public var proxies: Range<Int>
    public var limits: HealthLimits
    public var kind = Kind.machine

    public enum Kind: Hashable, Sendable {
      case machine
      /// The site's name.
      case name
      /// A virtual address.
      case address
      case firewall
    }
  }

  /// One server row of one load balancer.
  public struct Server: Hashable, Sendable {
    /// Place in `nodes` of the node that it is.
    public var node: Int
    /// Place in `nodes` of the load balancer.
    public var balancerNode: Int
    public var balancer: SourceID
    public var id: ServerID
    /// The row in the load balancer's `StatTable`.
    public var row: Int
  }

  /// One frontend or backend of one load balancer.
  public struct Proxy: Hashable, Sendable {
    public var balancer: SourceID
    public var kind: RowKind
    public var name: String
    /// The row in the load balancer's `StatTable`.
    public var row: Int
    /// Whether what it takes comes from outside the cluster.
    public var isEntry: Bool
  }

  /// Traffic that flows from one tier to another; `from` nil is the outside.
  public struct Edge: Hashable, Sendable {
    public var from: Int?
    public var to: Int
    /// What the firewall between the two lets through; nil where the layout has none there.
    public var firewall: Layout.Firewall?
    /// Place in `nodes` of that firewall; nil where nothing is asked of it.
    public var firewallNode: Int?
  }

  public let layout: Layout
  public let plan: PollPlan
  public let tiers: [Tier]
  public let nodes: [Node]
  public let servers: [Server]
  public let proxies: [Proxy]
  public let edges: [Edge]
  /// The rosters this was built from, by source; nil for sources that have none.
  let rosters: [Roster?]
  /// By source and row: the place in `servers` or in `proxies`, by the kind of the row; -1 for none.
  let placeOfRow: [[Int32]]
  private let places: [NodeName: Int]

  /// - Parameter places: where each node is, by its name.
  init(
    layout: Layout, plan: PollPlan, tiers: [Tier], nodes: [Node], servers: [Server], proxies: [Proxy],
    edges: [Edge], rosters: [Roster?], places: [NodeName: Int]
  ) {
    self.layout = layout
    self.plan = plan
    self.tiers = tiers
    self.nodes = nodes
    self.servers = servers
    self.proxies = proxies
    self.edges = edges
    self.rosters = rosters
    self.places = places
    var placeOfRow = rosters.map { [Int32](repeating: -1, count: $0?.count ?? 0) }
    for (place, server) in servers.enumerated() {
      placeOfRow[server.balancer.index][server.row] = Int32(place)
    }
    for (place, proxy) in proxies.enumerated() { placeOfRow[proxy.balancer.index][proxy.row] = Int32(place) }
    self.placeOfRow = placeOfRow
  }

  /// Places in `servers`: the rows by which load balancers know the nodes of a tier. O(1).
  func servers(ofTier place: Int) -> Range<Int> {
    let nodes = tiers[place].nodes
    guard let last = nodes.last else { return 0..<0 }
    return self.nodes[nodes.lowerBound].servers.lowerBound..<self.nodes[last].servers.upperBound
  }

  /// The node's place in `nodes`; nil where there is no such node. O(1).
  public func place(of name: NodeName) -> Int? { places[name] }
}
