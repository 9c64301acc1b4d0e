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

  /// The number of the newest slot of a trail, counted from an arbitrary start.
  func tick(of trail: Trail) -> Int {
    let width = trail.slotWidth.nanoseconds
    guard width > 0, let newestFrame else { return 0 }
    return Int(max(0, newestFrame.uptime.nanoseconds) / width)
  }
}
