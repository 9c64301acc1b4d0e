/// What a graph is of.
public enum GraphSubject: Hashable, Sendable {
  case cluster
  case tier(TierName)
  case node(NodeName)
}

extension Snapshot {
  /// The middle of the interval that this tick tells of.
  public var middleOfTick: WallTime { at.wall.advanced(by: .zero - topology.plan.interval / 2) }

  /// What this tick says of one thing, as points that cover the interval before it: only what is new with it,
  /// weighed so that means can be merged; empty where there is no such thing, or nothing new of it.
  public func points(of subject: GraphSubject) -> [Metric: GraphPoint] {
    switch subject {
    case .cluster: return points(of: total, sessions: nil)
    case .tier(let name):
      guard let place = topology.tiers.firstIndex(where: { $0.name == name }) else { return [:] }
      let sessions = topology.tiers[place].nodes.compactMap { isNew(nodes[$0]) ? nodes[$0].sessions : nil }
      return points(
        of: traffic(ofTier: place), sessions: sessions.isEmpty ? nil : sessions.reduce(0) { $0 &+ $1 })
    case .node(let name):
      guard let report = report(on: name), isNew(report) else { return [:] }
      return points(of: report.traffic, sessions: report.sessions)
    }
  }

  /// What is older is what an earlier tick has said already.
  private func isNew(_ report: NodeReport) -> Bool { report.age.map { $0 < topology.plan.interval } ?? false }

  private func points(of traffic: Traffic, sessions: Int64?) -> [Metric: GraphPoint] {
    var points: [Metric: GraphPoint] = [:]
    func note(_ value: Double?, _ metric: Metric, weight: Int64) {
      guard let value else { return }
      points[metric] = GraphPoint(
        readAt: at.wall, interval: topology.plan.interval, value: value, weight: Double(weight))
    }
    if let requests = traffic.requests {
      note(traffic.qps, .qps, weight: 1)
      if requests > 0 { note(traffic.latency, .latency, weight: requests) }
      if let attempts = traffic.attempts, attempts > 0 {
        note(traffic.errorRate, .errorRate, weight: attempts)
      }
    }
    note(sessions.map(Double.init), .sessions, weight: 1)
    return points
  }
}
