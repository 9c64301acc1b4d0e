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
  }

  public struct Node: Hashable, Sendable {
    public var name: NodeName
    /// Place in `tiers`.
    public var tier: Int
    public var address: SocketAddress?
    public var role: Layout.Role?
    public var of: NodeName?
    /// Whether it asks as a load balancer: it has a HAProxy endpoint.
    public var isBalancer: Bool
    /// False for a server that a load balancer reported and that no layout names.
    public var isInLayout: Bool
    /// What is polled of the node itself.
    public var sources: [SourceID]
    /// Places in `servers`: the rows by which load balancers know this node.
    public var servers: Range<Int>
    public var limits: HealthLimits
  }

  /// One server row of one load balancer.
  public struct Server: Hashable, Sendable {
    public var balancer: SourceID
    public var id: ServerID
    /// The row in the load balancer's `StatTable`.
    public var row: Int
    /// Whether HAProxy speaks HTTP to it, so that requests and status codes are counted.
    public var isHTTP: Bool
    /// Whether clients stick to it by a cookie.
    public var isSticky: Bool
  }

  /// Traffic that flows from one tier to another; `from` nil is the outside.
  public struct Edge: Hashable, Sendable {
    public var from: Int?
    public var to: Int
    /// What the firewall between the two lets through; nil where the layout has none there.
    public var firewall: Layout.Firewall?
  }

  public let layout: Layout
  public let tiers: [Tier]
  public let nodes: [Node]
  public let servers: [Server]
  public let edges: [Edge]
  /// For each source, which node each row of its roster is, or -1. Empty for sources without a roster.
  let nodeOfRow: [[Int32]]
  /// The rosters this was built from, by source.
  let rosters: [Roster?]
  private let places: [NodeName: Int]

  init(
    layout: Layout, tiers: [Tier], nodes: [Node], servers: [Server], edges: [Edge], nodeOfRow: [[Int32]],
    rosters: [Roster?]
  ) {
    self.layout = layout
    self.tiers = tiers
    self.nodes = nodes
    self.servers = servers
    self.edges = edges
    self.nodeOfRow = nodeOfRow
    self.rosters = rosters
    var places: [NodeName: Int] = [:]
    for (place, node) in nodes.enumerated() { places[node.name] = place }
    self.places = places
  }

  /// The node's place in `nodes`; nil where there is no such node. O(1).
  public func place(of name: NodeName) -> Int? { places[name] }
}
