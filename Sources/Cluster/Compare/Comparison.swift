/// What is different in a cluster between two moments, node by node, the worst first.
///
/// The order: nodes that came to a worse state or are gone (the worst state first); those that came to another
/// state or are new; those whose servers somebody drained or weighed otherwise; those of which only figures
/// differ. Within a kind those come first of which errors or latency grew most, then those that differ most,
/// then as in the topology. A change of state goes before any change of figures, because it says more: figures
/// of a moment breathe, states have been judged.
public struct Comparison: Sendable {
  public let from: WallTime
  public let to: WallTime
  /// The whole cluster's.
  public let health: (from: HealthState, to: HealthState)
  /// What entered the cluster: requests, latency, errors; no sessions, which nobody counts for the whole.
  public let total: [FigureDifference]
  /// Those that differ.
  public let nodes: [NodeDifference]
  /// How many do not.
  public let sameCount: Int

  /// The topologies may differ. O(n log n).
  public init(from old: Snapshot, to new: Snapshot) {
    from = old.at.wall
    to = new.at.wall
    health = (old.health, new.health)
    total = [Metric.qps, .latency, .errorRate].map { metric in
      FigureDifference(figure: metric, from: old.total[metric], to: new.total[metric])
    }
    var differences: [NodeDifference] = []
    var rows = Comparison.rows(from: old, to: new)
    for (place, node) in new.topology.nodes.enumerated() {
      let before = old.topology.place(of: node.name)
      differences.append(
        NodeDifference(
          node: node.name, tier: new.topology.tiers[node.tier].name,
          from: before.map { old.nodes[$0].verdict }, to: new.nodes[place].verdict,
          figures: Comparison.figures(from: before.map { old.nodes[$0] }, to: new.nodes[place]),
          rows: rows.removeValue(forKey: node.name) ?? []))
    }
    for (place, node) in old.topology.nodes.enumerated() where new.topology.place(of: node.name) == nil {
      differences.append(
        NodeDifference(
          node: node.name, tier: old.topology.tiers[node.tier].name, from: old.nodes[place].verdict, to: nil,
          figures: Comparison.figures(from: old.nodes[place], to: nil), rows: []))
    }
    let ranked = differences.enumerated().compactMap { place, difference in
      Rank(difference, place: place).map { ($0, difference) }
    }
    nodes = ranked.sorted { $0.0 < $1.0 }.map(\.1)
    sameCount = differences.count - nodes.count
  }

  private static func figures(from old: NodeReport?, to new: NodeReport?) -> [FigureDifference] {
    Metric.allCases.map { metric in
      FigureDifference(figure: metric, from: old?.figure(metric), to: new?.figure(metric))
    }
  }

  /// The servers that are known at both moments and stand otherwise, by their nodes' names now.
  private static func rows(from old: Snapshot, to new: Snapshot) -> [NodeName: [RowDifference]] {
    var before: [ServerRow: Standing] = [:]
    for place in old.servers.indices where !old.servers[place].status.isEmpty {
      before[old.row(ofServer: place)] = old.servers[place].standing
    }
    var rows: [NodeName: [RowDifference]] = [:]
    for place in new.servers.indices where !new.servers[place].status.isEmpty {
      let row = new.row(ofServer: place)
      let standing = new.servers[place].standing
      guard let other = before[row], other != standing else { continue }
      let name = new.topology.nodes[new.topology.servers[place].node].name
      rows[name, default: []].append(RowDifference(row: row, from: other, to: standing))
    }
    return rows
  }
}

/// Where a difference stands among the others.
private struct Rank: Comparable {
  private let kind: NodeDifference.Kind
  private let severity: Int
  private let worsened: Double
  private let relevance: Double
  private let place: Int

  /// nil for a difference that is not worth being told.
  init?(_ difference: NodeDifference, place: Int) {
    guard let kind = difference.kind else { return nil }
    self.kind = kind
    // Who is gone is at least as bad as who is down.
    severity = difference.to?.state.severity ?? HealthState.down.severity
    worsened = difference.figures.filter(\.isWorse).map(\.relevance).max() ?? 0
    relevance = difference.figures.map(\.relevance).max() ?? 0
    self.place = place
  }

  static func < (a: Rank, b: Rank) -> Bool {
    if a.kind != b.kind { return a.kind < b.kind }
    if a.severity != b.severity { return a.severity > b.severity }
    if a.worsened != b.worsened { return a.worsened > b.worsened }
    if a.relevance != b.relevance { return a.relevance > b.relevance }
    return a.place < b.place
  }
}

extension Traffic {
  /// The figure of that kind; nil where it is not known, and for sessions, which are no traffic.
  public subscript(metric: Metric) -> Double? {
    switch metric {
    case .qps: qps
    case .latency: latency
    case .errorRate: errorRate
    case .sessions: nil
    }
  }
}

extension NodeReport {
  /// The figure of that kind; nil where it is not known, or so old that it says nothing of its moment.
  func figure(_ metric: Metric) -> Double? {
    if verdict.state == .stale || verdict.state == .unknown { return nil }
    return metric == .sessions ? sessions.map(Double.init) : traffic[metric]
  }
}
