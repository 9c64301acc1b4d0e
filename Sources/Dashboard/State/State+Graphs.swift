import Cluster

extension State {
  /// What the graphs are of, found in the present topology.
  enum Graphed: Hashable, Sendable {
    case cluster
    case tier(Int)
    case node(Int)
  }

  var graphed: Graphed {
    switch subject {
    case .cluster: return .cluster
    case .tier(let name):
      return topology.tiers.firstIndex { $0.name == name }.map { .tier($0) } ?? .cluster
    case .node: return selectedPlace.map { .node($0) } ?? .cluster
    }
  }

  func graphedTrail(_ metric: Metric) -> Trail {
    switch graphed {
    case .cluster: model.trailOfCluster(metric)
    case .tier(let tier): model.trail(ofTier: tier, metric)
    case .node(let node): model.trail(of: node, metric)
    }
  }

  /// From where on a figure of what is graphed is bad.
  var graphedLimits: HealthLimits {
    switch graphed {
    case .cluster, .tier: topology.layout.health.defaults
    case .node(let node): topology.nodes[node].limits
    }
  }

  var graphSubject: GraphSubject {
    switch graphed {
    case .cluster: .cluster
    case .tier(let tier): .tier(topology.tiers[tier].name)
    case .node(let node): .node(topology.nodes[node].name)
    }
  }

  /// From this length on the graphs are drawn from the record, minute by minute or hour by hour; below it from
  /// what is remembered of each tick.
  static let longGraph = Duration.seconds(3600)

  /// The long graph of what is shown now; nil where the bar of time shows a short stretch, or it has not come
  /// yet.
  var longGraph: GraphPicture? {
    guard let strip, strip.span.length >= State.longGraph, let graph, graph.request.subject == graphSubject,
      graph.request.span.length == strip.span.length
    else { return nil }
    return graph
  }

  /// The long graph has to be asked for where it is to be seen, and is another one than there is.
  func wantedGraph() -> [Effect] {
    guard page == .view, view == .graphs, let strip, strip.span.length >= State.longGraph else { return [] }
    let columns = GraphsScreen(state: self).parts(width: size.width)
    let request = GraphRequest(subject: graphSubject, span: strip.span, columns: columns)
    // A part of a column that time has gone on is nothing to be seen.
    if let old = graph?.request, old.subject == request.subject, old.columns == columns,
      old.span.length == request.span.length,
      abs(request.span.end.distance(from: old.span.end).nanoseconds) * Int64(max(1, columns))
        < request.span.length.nanoseconds
    {
      return []
    }
    return columns > 0 ? [.lookForGraph(request)] : []
  }

  func sparkline(of place: Int) -> Sparkline {
    let trail = model.trail(of: place, .qps)
    return Sparkline(trail: trail, tick: tick(of: trail), glyphs: glyphs)
  }

  /// The number of the newest slot of a trail, counted from an arbitrary start.
  func tick(of trail: Trail) -> Int {
    let width = trail.slotWidth.nanoseconds
    guard width > 0, let newestFrame else { return 0 }
    return Int(max(0, newestFrame.uptime.nanoseconds) / width)
  }
}
