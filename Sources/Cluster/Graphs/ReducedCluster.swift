/// The part of a cluster that the figures of one thing depend on, as a cluster of its own: whoever folds only that
/// gets the same figures of it, and much sooner. States and events are not those of the whole.
public struct ReducedCluster: Sendable {
  public let layout: Layout
  /// By source of the whole: its place here; nil where it has no part in it.
  public let sources: [SourceID?]
  private let whole: Layout
  private let plan: PollPlan
  private let subject: GraphSubject
  /// Whether what enters the cluster is counted by load balancers; else its first tier has to.
  private let hasBalancers: Bool

  /// nil where the layout does not name the thing: who it is, is said by all load balancers together then.
  public init?(of subject: GraphSubject, in whole: Layout) {
    self.subject = subject
    self.whole = whole
    plan = PollPlan(for: whole)
    hasBalancers = plan.sources.contains { $0.system == .haproxy }
    switch subject {
    case .cluster: break
    case .tier(let name):
      guard whole.tiers.contains(where: { $0.name == name }) else { return nil }
    case .node(let name):
      guard whole.nodes.contains(where: { $0.name == name }) else { return nil }
    }
    var layout = whole
    let isCounted = hasBalancers
    for place in layout.tiers.indices {
      let (tier, isFirst) = (layout.tiers[place].name, place == 0)
      layout.tiers[place].nodes.removeAll { node in
        if node.haproxy != nil { return false }
        switch subject {
        case .cluster: return isCounted || !isFirst
        case .tier(let name): return name != tier
        case .node(let name): return name != node.name
        }
      }
    }
    self.layout = layout
    var left = Array(PollPlan(for: layout).sources.enumerated())[...]
    sources = plan.sources.map { source in
      guard let next = left.first, next.element == source else { return nil }
      left.removeFirst()
      return SourceID(next.offset)
    }
  }

  /// The rows of a load balancer's roster that it depends on, in order: all that are no servers, and the servers
  /// that are part of it. O(rows).
  public func rows(of roster: Roster, from source: SourceID) -> [Int] {
    var rosters = [Roster?](repeating: nil, count: plan.sources.count)
    guard rosters.indices.contains(source.index) else { return [] }
    rosters[source.index] = roster
    let topology = Topology(layout: whole, plan: plan, rosters: rosters)
    var nodes: [Int] = []
    switch subject {
    case .cluster: nodes = hasBalancers ? [] : topology.tiers.first.map { Array($0.nodes) } ?? []
    case .tier(let name): nodes = topology.tiers.first { $0.name == name }.map { Array($0.nodes) } ?? []
    case .node(let name): nodes = topology.place(of: name).map { [$0] } ?? []
    }
    let own = Set(nodes.flatMap { topology.servers[topology.nodes[$0].servers].map(\.row) })
    return roster.rows.indices.filter { roster.rows[$0].kind != .server || own.contains($0) }
  }
}
