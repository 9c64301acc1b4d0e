extension Topology {
  /// Joins what the layout says with what the load balancers know.
  ///
  /// A server row is the layout's node that serves at its address. Where no node has that address and
  /// port, it is the only node on that host. Where the load balancer hides addresses (a socket of level
  /// `user`), it is the node of the server's name. Whatever is left is a node of its own, in a tier named
  /// after its backend: the same address, or else the same `backend/server`, is the same node on all load
  /// balancers.
  convenience init(layout: Layout, plan: PollPlan, rosters: [Roster?]) {
    var builder = TopologyBuilder(layout: layout, plan: plan)
    for (index, roster) in rosters.enumerated() {
      if let roster { builder.take(roster, of: SourceID(index)) }
    }
    builder.placeTheUnplaced()
    builder.placeEntryAndFirewalls()
    self.init(builder, rosters: rosters)
  }

  private convenience init(_ builder: TopologyBuilder, rosters: [Roster?]) {
    var nodes: [Node] = []
    var tiers: [Tier] = []
    // Nodes stand tier by tier, so that a tier is a range of places.
    var placeOfDraft = [Int](repeating: 0, count: builder.nodes.count)
    nodes.reserveCapacity(builder.nodes.count)
    for draftTier in builder.tiers {
      for draft in draftTier.drafts {
        placeOfDraft[draft] = nodes.count
        var node = builder.nodes[draft]
        node.tier = tiers.count
        nodes.append(node)
      }
      tiers.append(
        Tier(
          name: draftTier.name, mode: draftTier.mode,
          nodes: nodes.count - draftTier.drafts.count..<nodes.count, kind: draftTier.kind))
    }
    var nodeOfSource = [Int](repeating: 0, count: builder.plan.sources.count)
    for (place, node) in nodes.enumerated() {
      if let balancer = node.balancer { nodeOfSource[balancer.index] = place }
    }
    // Rows stand node by node, in the order of the drafts, each in the order in which it came.
    let serverOrder = TopologyBuilder.order(of: builder.servers.count, in: builder.nodes.count) {
      builder.servers[$0].node
    }
    let servers = serverOrder.places.map { place in
      var server = builder.servers[place]
      server.node = placeOfDraft[server.node]
      server.balancerNode = nodeOfSource[server.balancer.index]
      return server
    }
    let proxyOrder = TopologyBuilder.order(of: builder.proxies.count, in: builder.nodes.count) {
      builder.proxies[$0].draft
    }
    for (draft, place) in placeOfDraft.enumerated() {
      nodes[place].servers = serverOrder.range(of: draft)
      nodes[place].proxies = proxyOrder.range(of: draft)
    }
    self.init(
      layout: builder.layout, plan: builder.plan, tiers: tiers, nodes: nodes, servers: servers,
      proxies: proxyOrder.places.map { builder.proxies[$0].proxy },
      edges: Topology.edges(between: tiers, nodes, servers, of: builder.layout),
      rosters: rosters, places: builder.byName.mapValues { placeOfDraft[$0] })
  }

  /// Traffic enters at the first tier; each other tier is fed by the tiers that a firewall lets through to it, and
  /// by those whose load balancers have servers there; where there are neither, by the tier before it.
  private static func edges(
    between tiers: [Tier], _ nodes: [Node], _ servers: [Server], of layout: Layout
  ) -> [Edge] {
    guard !tiers.isEmpty else { return [] }
    let firewallNodes = nodes.indices.filter { nodes[$0].kind == .firewall }
    func node(of firewall: Layout.Firewall) -> Int? {
      let name = Layout.Border(from: firewall.from, to: firewall.to).name
      return firewallNodes.first { nodes[$0].name == name }
    }
    var edges = [Edge(from: nil, to: 0, firewall: nil)]
    var balancing = [Set<Int>](repeating: [], count: tiers.count)
    var last = (to: -1, from: -1)
    for server in servers {
      let edge = (to: nodes[server.node].tier, from: nodes[server.balancerNode].tier)
      // Mostly the same as that of the row before.
      if edge != last { balancing[edge.to].insert(edge.from) }
      last = edge
    }
    for to in tiers.indices.dropFirst() where tiers[to].kind == .serving {
      var feeding: [Edge] = []
      for firewall in layout.firewalls where firewall.to == tiers[to].name {
        guard let from = tiers.firstIndex(where: { $0.name == firewall.from }) else { continue }
        if let known = feeding.firstIndex(where: { $0.from == from }) {
          feeding[known].firewall?.allow += firewall.allow
        } else {
          feeding.append(Edge(from: from, to: to, firewall: firewall, firewallNode: node(of: firewall)))
        }
      }
      for from in balancing[to].sorted() where from != to && !feeding.contains(where: { $0.from == from }) {
        feeding.append(Edge(from: from, to: to, firewall: nil))
      }
      if !feeding.isEmpty {
        edges += feeding.sorted { ($0.from ?? 0) < ($1.from ?? 0) }
      } else {
        edges.append(Edge(from: to < layout.tiers.count ? to - 1 : 0, to: to, firewall: nil))
      }
    }
    return edges
  }
}
