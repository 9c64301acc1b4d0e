/// A snapshot of now, and what people want of the servers in it: the only ground on which a `Change` can be
/// compiled.
///
/// Only a model that is fed by an agent gives one, and only while its load balancers answer.
public struct LiveSnapshot: Sendable {
  public let snapshot: Snapshot
  public let intents: Intents

  init(_ snapshot: Snapshot, intents: Intents) {
    self.snapshot = snapshot
    self.intents = intents
  }
}

extension ClusterModel {
  /// The snapshot as the ground for a change; nil where it is not of now: no frame for three intervals, or no
  /// load balancer that has answered within them.
  public func live(at now: Moment) -> LiveSnapshot? {
    let limit = snapshot.topology.plan.interval * 3
    let passed = max(.zero, now.since(snapshot.at))
    let isLive = snapshot.topology.nodes.contains { node in
      guard let balancer = node.balancer, let age = snapshot.sources[balancer.index].age else { return false }
      return age + passed <= limit
    }
    return isLive ? LiveSnapshot(snapshot, intents: intents) : nil
  }
}
