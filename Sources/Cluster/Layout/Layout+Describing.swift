extension Layout {
  /// The layout that says what a snapshot shows: what `tiertop layout init` writes.
  ///
  /// Load balancers take the name that their host gives itself, where these differ. A node that no source
  /// and no address tells anything about stays, by its name.
  public init(describing snapshot: Snapshot) {
    let topology = snapshot.topology
    var hosts: [NodeName: Int] = [:]
    for source in snapshot.sources {
      if let host = source.info?.node, !host.isEmpty { hosts[NodeName(host), default: 0] += 1 }
    }
    func name(of node: Topology.Node) -> NodeName {
      guard let balancer = node.balancer, let host = snapshot.sources[balancer.index].info?.node,
        hosts[NodeName(host)] == 1, topology.place(of: NodeName(host)) == nil
      else { return node.name }
      return NodeName(host)
    }
    self = topology.layout
    unplaced = []
    tiers = topology.tiers.map { tier in
      Tier(
        name: tier.name, mode: tier.mode,
        nodes: topology.nodes[tier.nodes].map { node in
          var described = Node(name: name(of: node), address: node.address, role: node.role, of: node.of)
          for id in node.sources {
            let source = topology.plan[id]
            described.via = source.via
            described.endpoints[source.system] = source.endpoint
          }
          return described
        })
    }
  }
}
