extension ClusterModel {
  /// Sums up the edges and the whole, and judges the cluster; `tiers` are the sums of the tiers.
  mutating func deriveWhole(of tiers: [Traffic]) {
    let topology = snapshot.topology
    let balancers = topology.nodes.indices.filter { topology.nodes[$0].balancer != nil }
    snapshot.total = balancers.isEmpty ? tiers.first ?? Traffic() : sum(of: balancers)
    var incoming = [Int](repeating: 0, count: topology.tiers.count)
    for edge in topology.edges { incoming[edge.to] += 1 }
    for (place, edge) in topology.edges.enumerated() {
      if edge.from == nil {
        snapshot.edges[place] = snapshot.total
      } else {
        // Where two tiers feed one, nobody counts who sent what.
        snapshot.edges[place] = incoming[edge.to] == 1 ? tiers[edge.to] : Traffic()
      }
    }
    snapshot.health = health()
  }

  /// What passed through some nodes together; what is stale is no part of it.
  func sum(of places: some Sequence<Int>) -> Traffic {
    var sum = Traffic.Sum()
    for place in places where snapshot.nodes[place].verdict.state != .stale {
      sum.add(snapshot.nodes[place].traffic)
    }
    return sum.traffic
  }

  /// Down where a tier serves no more; degraded where anything is not as it should be; unknown where nothing
  /// is known. What an operator took out is as it should be.
  private func health() -> HealthState {
    var isDegraded = false
    var isAnythingKnown = false
    for tier in snapshot.topology.tiers {
      var dead = 0
      for place in tier.nodes {
        let verdict = snapshot.nodes[place].verdict
        switch verdict.state {
        case .up, .draining: isAnythingKnown = true
        case .degraded: (isAnythingKnown, isDegraded) = (true, true)
        case .stale: isDegraded = true
        case .down, .maint:
          isAnythingKnown = true
          dead += 1
          if verdict.state == .down { isDegraded = true }
        case .unknown:
          if case .neverRead(_?)? = verdict.reason { isDegraded = true }
        }
      }
      if dead > 0, dead == tier.nodes.count { return .down }
    }
    return !isAnythingKnown ? .unknown : isDegraded ? .degraded : .up
  }

  /// Adds this tick to the trails: a node from which nothing new came has a gap there.
  mutating func noteTrails(of tiers: [Traffic]) {
    let topology = snapshot.topology
    for place in topology.nodes.indices where isFresh(topology.nodes[place]) {
      note(snapshot.nodes[place].traffic, at: place)
      trails.note(snapshot.nodes[place].sessions.map(Double.init), of: place, .sessions)
    }
    for (place, traffic) in tiers.enumerated() { note(traffic, at: topology.nodes.count + place) }
    note(snapshot.total, at: topology.nodes.count + topology.tiers.count)
  }

  private mutating func note(_ traffic: Traffic, at place: Int) {
    trails.note(traffic.qps, of: place, .qps)
    trails.note(traffic.latency, of: place, .latency)
    trails.note(traffic.errorRate, of: place, .errorRate)
  }

  private func isFresh(_ node: Topology.Node) -> Bool {
    node.sources.contains { sources[$0.index].isFresh }
      || snapshot.topology.servers[node.servers].contains { sources[$0.balancer.index].isFresh }
  }
}
