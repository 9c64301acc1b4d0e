extension ClusterModel {
  /// How much flows along an edge; nil where nobody counts it. What a tier was asked is never shared out among
  /// several that may have asked it.
  ///
  /// - Parameter feeding: how many edges lead to the same tier.
  func rate(along edge: Topology.Edge, feeding: Int) -> EdgeRate? {
    guard let from = edge.from else { return snapshot.total.qps.map { .counted($0) } }
    if let passedOn = rateCounted(from: from, to: edge.to) { return .counted(passedOn) }
    if feeding == 1, let asked = snapshot.asked[edge.to] { return .inferred(asked) }
    return edge.firewallNode.flatMap { snapshot.nodes[$0].firewall?.accepted }.map { .connections($0) }
  }

  /// What the load balancers of one tier passed on to the nodes of another; nil where there are none, or none of
  /// them answers.
  private func rateCounted(from: Int, to: Int) -> Double? {
    let topology = snapshot.topology
    var sum: Double?
    for index in topology.servers(ofTier: to) {
      let server = topology.servers[index]
      guard topology.nodes[server.balancerNode].tier == from, !isStale(server.balancer.index),
        let rate = snapshot.servers[index].traffic.qps
      else { continue }
      sum = (sum ?? 0) + rate
    }
    return sum
  }

  /// What the nodes of a tier say that they were asked, those that have fallen silent left out; nil where one of
  /// them does not count at all: a part would look like the whole.
  func rateAsked(ofTier tier: Int) -> Double? {
    var sum: Double?
    for place in snapshot.topology.tiers[tier].nodes {
      switch rateAsked(of: place) {
      case .count(let rate): sum = (sum ?? 0) + rate
      case .silent: continue
      case .unknown: return nil
      }
    }
    return sum
  }

  private enum Asked {
    case count(Double)
    /// It has counted, and does not answer any more.
    case silent
    case unknown
  }

  private func rateAsked(of place: Int) -> Asked {
    let report = snapshot.nodes[place]
    for id in snapshot.topology.nodes[place].sources {
      let rate: Double?
      switch sources[id.index].latest?.sample {
      case .web: rate = report.web?.qps
      case .workers: rate = report.workers?.qps
      case .database: rate = report.database?.qps
      default: continue
      }
      if isStale(id.index) { return .silent }
      return rate.map { .count($0) } ?? .unknown
    }
    return .unknown
  }
}
