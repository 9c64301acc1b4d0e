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

  /// Whether the stretch that is shown ends now, and moves on with the time.
  var isWindowLive: Bool { past == nil && !isWindowHeld }

  /// The graph from the record of what is shown now; nil where nothing is recorded, or it has not come yet.
  var recordedGraph: GraphPicture? {
    guard strip != nil, let graph, graph.request.subject == graphSubject else { return nil }
    return graph
  }

  /// A graph has to be asked for where it is to be seen, and is another one than there is. One that ends now
  /// grows by itself.
  mutating func wantedGraph() -> [Effect] {
    // A file has no present, and is known from its first moment on.
    guard page == .view, view == .graphs, let strip, file != nil || present.newestFrame != nil else {
      return []
    }
    let columns = GraphsScreen(state: self).parts(width: size.width)
    guard columns > 0 else { return [] }
    // What is graphed ends with the newest tick, whose middle is what counts.
    let now = presentSnapshot.middleOfTick.advanced(by: .nanoseconds(1))
    let span = isWindowLive ? TimeSpan(strip.span.length, until: now) : strip.span
    let request = GraphRequest(subject: graphSubject, span: span.onGrid(columns: columns), columns: columns)
    let isThere = [graph?.request, askedGraph].contains { other in
      guard let other, other.subject == request.subject, other.columns == columns else { return false }
      return isGraphLive == isWindowLive
        && (isGraphLive ? other.span.length == request.span.length : other == request)
    }
    if isThere { return [] }
    askedGraph = request
    isGraphLive = isWindowLive
    return [.lookForGraph(request)]
  }

  mutating func show(_ graph: GraphPicture) {
    self.graph = graph
    askedGraph = nil
  }

  /// Adds the newest tick to the graph, where that is a part of it.
  mutating func growGraph() {
    let (snapshot, isMoving) = (presentSnapshot, isGraphLive)
    graph?.advance(with: snapshot, isMoving: isMoving)
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
