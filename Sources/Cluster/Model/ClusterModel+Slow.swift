extension ClusterModel {
  /// So many times slower than the others, and at least so many milliseconds, is much.
  private static let slowness = (times: 3.0, least: 50.0)

  /// Finds the nodes that are much slower than the others in their backend: no limit need be passed for that to be
  /// where the time goes.
  mutating func judgeTheSlow(before: [NodeBefore]) {
    let topology = snapshot.topology
    for tier in topology.tiers where tier.kind == .serving && tier.nodes.count > 1 {
      // Nearly always nobody is.
      var (fastest, slowest) = (Double.infinity, 0.0)
      for place in tier.nodes {
        guard let latency = snapshot.nodes[place].traffic.latency else { continue }
        (fastest, slowest) = (min(fastest, latency), max(slowest, latency))
      }
      guard ClusterModel.isMuch(slowest, than: fastest) else { continue }
      var groups: [String: [(place: Int, latency: Double, least: Double)]] = [:]
      for place in tier.nodes {
        let report = snapshot.nodes[place]
        guard report.verdict.state == .up || report.verdict.state == .degraded,
          let first = topology.nodes[place].servers.first,
          let latency = report.traffic.latency
        else { continue }
        let least = report.latencyAtLeast(after: before[place])
        groups[topology.servers[first].id.backend, default: []].append((place, latency, least))
      }
      for var group in groups.values where group.count > 1 {
        group.sort { ($0.latency, $0.place) < ($1.latency, $1.place) }
        for (rank, member) in group.enumerated() where snapshot.nodes[member.place].verdict.state == .up {
          // Half of the others are at least as fast as this one of them.
          let middle = (group.count - 2) / 2
          let others = group[middle < rank ? middle : middle + 1].latency
          guard ClusterModel.isMuch(member.least, than: others) else { continue }
          snapshot.nodes[member.place].verdict = Verdict(
            .degraded, .slowerThanOthers(member.latency, others: others))
        }
      }
    }
  }

  private static func isMuch(_ latency: Double, than others: Double) -> Bool {
    latency > others * slowness.times && latency > others + slowness.least
  }
}

extension NodeReport {
  /// The latency by which it is judged, in milliseconds. One answer that took long is no slowness: what is slow has
  /// as many requests in progress as its rate and its latency make, or was as slow in the reading before.
  func latencyBorneOut(after before: Traffic) -> Double? {
    traffic.latency.map { isBusy(by: $0) ? $0 : min($0, before.latency ?? $0) }
  }

  private func isBusy(by latency: Double) -> Bool {
    guard let sessions, let qps = traffic.qps else { return true }
    return Double(sessions) * 3 >= qps * latency / 1000
  }

  /// What its latency is at least, in milliseconds, as far as so few requests can tell: in this reading alone where
  /// they are many, else in this one and the one before it.
  func latencyAtLeast(after before: NodeBefore) -> Double {
    guard let least = traffic.latencyLeast, let latency = traffic.latency else { return 0 }
    let requests = Double(max(1, traffic.requests ?? 1))
    let chance = 3 * latency / requests.squareRoot()
    return max(isBusy(by: latency) ? least - chance : 0, min(least, before.latencyLeast ?? 0))
  }
}
