extension Layout {
  /// A cluster of which only the load balancers (and perhaps Nginx pages) are named: its tiers and nodes
  /// are what the load balancers know.
  public init(discovering haproxy: [Endpoint], nginx: [Endpoint]) {
    let balancers = haproxy.enumerated().map { place, endpoint in
      Node(name: NodeName("lb\(place + 1)"), haproxy: endpoint)
    }
    self.init(
      cluster: "cluster", tiers: balancers.isEmpty ? [] : [Tier(name: TierName("lb"), nodes: balancers)])
    isDiscovered = true
    unplaced = nginx.map { endpoint in
      Source(
        node: NodeName(endpoint.host ?? "\(endpoint)"), system: .nginx, endpoint: endpoint)
    }
  }

  /// What is remembered of the cluster is remembered under this name: its own, or where it is discovered, and
  /// has none, those of its load balancers' sockets.
  public var memoryName: String {
    isDiscovered ? nodes.compactMap { $0.haproxy?.description }.joined(separator: " ") : cluster
  }
}
