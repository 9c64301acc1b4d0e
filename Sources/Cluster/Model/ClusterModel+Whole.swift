extension ClusterModel {
  /// Sums up the edges and the whole, and judges the cluster; `tiers` are the sums of the tiers.
  mutating func deriveWhole(of tiers: [Traffic]) {
    let topology = snapshot.topology
    let balancers = topology.nodes.indices.filter { topology.nodes[$0].balancer != nil }
    snapshot.total = balancers.isEmpty ? tiers.first ?? Traffic() : snapshot.sum(of: balancers)
    for tier in topology.tiers.indices { snapshot.asked[tier] = rateAsked(ofTier: tier) }
    var incoming = [Int](repeating: 0, count: topology.tiers.count)
    for edge in topology.edges { incoming[edge.to] += 1 }
    for (place, edge) in topology.edges.enumerated() {
      snapshot.edges[place] = rate(along: edge, feeding: incoming[edge.to])
    }
    snapshot.health = snapshot.healthOfTiers()
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
