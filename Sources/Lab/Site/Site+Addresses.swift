import Cluster

/// Where the virtual addresses are, by what the keepalived of each load balancer said last.
extension Site {
  /// Whether the virtual addresses of a load balancer are there, and those of the others are not.
  ///
  /// While the load balancers start, the first of them has every address for a moment: who is sent to it just then
  /// waits a second for a connection.
  func hasItsAddresses(_ node: SitePlan.Node) -> Bool {
    plan.virtualAddresses.indices.allSatisfy { place in
      let isHome = plan.distance(of: node, fromTheHomeOf: place) == 0
      return isHome == (notices[node.name]?.states[KeepalivedConfiguration.instance(place)] == .master)
    }
  }
}
