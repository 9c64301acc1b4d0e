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
    var servers: [Server] = []
    var proxies: [Proxy] = []
    var tiers: [Tier] = []
    // Nodes stand tier by tier, so that a tier is a range of places.
    var placeOfDraft = [Int](repeating: 0, count: builder.drafts.count)
    for draftTier in builder.tiers {
      for draft in draftTier.drafts {
        placeOfDraft[draft] = nodes.count
        var node = builder.drafts[draft].node
        node.tier = tiers.count
        nodes.append(node)
      }
      tiers.append(
        Tier(
          name: draftTier.name, mode: draftTier.mode,
          nodes: nodes.count - draftTier.drafts.count..<nodes.count, kind: draftTier.kind))
    }
    for (draft, content) in builder.drafts.enumerated() {
      let place = placeOfDraft[draft]
      nodes[place].servers = servers.count..<servers.count + content.servers.count
      servers += content.servers.map { server in
        var server = server
        server.node = place
        return server
      }
      nodes[place].proxies = proxies.count..<proxies.count + content.proxies.count
      proxies += content.proxies
    }
    var nodeOfSource: [SourceID: Int] = [:]
    for (place, node) in nodes.enumerated() {
      if let balancer = node.balancer { nodeOfSource[balancer] = place }
    }
    for index in servers.indices {
      servers[index].balancerNode = nodeOfSource[servers[index].balancer] ?? 0
    }
    self.init(
      layout: builder.layout, plan: builder.plan, tiers: tiers, nodes: nodes, servers: servers,
      proxies: proxies, edges: Topology.edges(between: tiers, nodes, servers, of: builder.layout),
      rosters: rosters)
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
    for server in servers { balancing[nodes[server.node].tier].insert(nodes[server.balancerNode].tier) }
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

/// The topology while it is being put together.
private struct TopologyBuilder {
  struct Draft {
    var node: Topology.Node
    var servers: [Topology.Server] = []
    var proxies: [Topology.Proxy] = []
  }

  struct DraftTier {
    var name: TierName
    var mode: Layout.Mode
    var drafts: [Int]
    var kind = Topology.Tier.Kind.serving
  }

  /// Who lives on a host. Only where it is one node does the host alone say which.
  enum Occupants {
    case one(Int)
    case several
  }

  let layout: Layout
  let plan: PollPlan
  private(set) var drafts: [Draft] = []
  private(set) var tiers: [DraftTier] = []
  private var byAddress: [SocketAddress: Int] = [:]
  private var byHost: [String: Occupants] = [:]
  private var byName: [NodeName: Int] = [:]
  private var byServer: [ServerID: Int] = [:]
  private var tierByName: [TierName: Int] = [:]

  init(layout: Layout, plan: PollPlan) {
    self.layout = layout
    self.plan = plan
    var sources: [NodeName: [SourceID]] = [:]
    let placed = plan.sources.count - layout.unplaced.count
    for (index, source) in plan.sources.enumerated().prefix(max(0, placed)) {
      sources[source.node, default: []].append(SourceID(index))
    }
    for tier in layout.tiers {
      tierByName[tier.name] = tiers.count
      tiers.append(DraftTier(name: tier.name, mode: tier.mode, drafts: []))
      for node in tier.nodes {
        let own = sources[node.name] ?? []
        add(
          Topology.Node(
            name: node.name, tier: 0, address: node.address, role: node.role, of: node.of,
            balancer: own.first { plan[$0].system == .haproxy }, isInLayout: true, sources: own,
            servers: 0..<0,
            proxies: 0..<0, limits: layout.health.limits(for: node.name, in: tier.name)),
          to: tiers.count - 1)
      }
    }
  }

  /// Takes in the rows of one load balancer.
  mutating func take(_ roster: Roster, of balancer: SourceID) {
    let entries = Set(layout.entry?.frontends ?? [])
    let own = byName[plan[balancer].node]
    if drafts.count < roster.count {
      drafts.reserveCapacity(roster.count)
      byAddress.reserveCapacity(roster.count)
      byHost.reserveCapacity(roster.count)
      byName.reserveCapacity(roster.count)
      byServer.reserveCapacity(roster.count)
    }
    for (place, row) in roster.rows.enumerated() {
      switch row.kind {
      case .server:
        let id = ServerID(backend: row.proxy, server: row.name)
        let draft = draft(for: row, id)
        drafts[draft].servers.append(
          Topology.Server(
            node: 0, balancerNode: 0, balancer: balancer, id: id, row: place))
      case .frontend, .backend:
        guard let own else { continue }
        let isEntry = row.kind == .frontend && (entries.isEmpty || entries.contains(row.proxy))
        drafts[own].proxies.append(
          Topology.Proxy(balancer: balancer, kind: row.kind, name: row.proxy, row: place, isEntry: isEntry))
      case .listener:
        continue
      }
    }
  }

  /// Gives each source without a node to the node that answers at its host, or makes one.
  mutating func placeTheUnplaced() {
    for index in (plan.sources.count - layout.unplaced.count)..<plan.sources.count {
      let source = plan.sources[index]
      if let host = source.endpoint.host, let draft = onlyNode(on: host) {
        drafts[draft].node.sources.append(SourceID(index))
        continue
      }
      let tier = tier(named: TierName(source.system.rawValue))
      add(
        Topology.Node(
          name: unused(source.node.text), tier: 0, address: nil, role: nil, of: nil, balancer: nil,
          isInLayout: false, sources: [SourceID(index)], servers: 0..<0, proxies: 0..<0,
          limits: layout.health.defaults),
        to: tier)
    }
  }

  /// Makes a node of each part of the entry and of each firewall that something is asked of.
  mutating func placeEntryAndFirewalls() {
    let hasRouters = plan.sources.contains { $0.system == .keepalived }
    var entry: [(NodeName, Topology.Node.Kind)] = []
    if let dns = layout.entry?.dns { entry.append((NodeName(dns), .name)) }
    for vip in layout.entry?.vips ?? [] { entry.append((NodeName(vip), .address)) }
    entry.removeAll { name, kind in
      !(kind == .address && hasRouters) && !plan.sources.contains { $0.node == name }
    }
    addTier("entry", .entry, of: entry)
    let firewalls = layout.borders.map(\.name).filter { name in plan.sources.contains { $0.node == name } }
    addTier("firewall", .firewalls, of: firewalls.map { ($0, .firewall) })
  }

  private mutating func addTier(
    _ name: String, _ kind: Topology.Tier.Kind, of nodes: [(NodeName, Topology.Node.Kind)]
  ) {
    let new = nodes.filter { byName[$0.0] == nil }
    guard !new.isEmpty else { return }
    tiers.append(DraftTier(name: TierName(name), mode: .activeActive, drafts: [], kind: kind))
    for (name, kind) in new {
      let own = plan.sources.indices.filter { plan.sources[$0].node == name }
      add(
        Topology.Node(
          name: name, tier: 0, address: nil, role: nil, of: nil, balancer: nil, isInLayout: true,
          sources: own.map { SourceID($0) }, servers: 0..<0, proxies: 0..<0, limits: layout.health.defaults,
          kind: kind),
        to: tiers.count - 1)
    }
  }

  private mutating func draft(for row: Roster.Row, _ id: ServerID) -> Int {
    let address = SocketAddress(parsing: row.address)
    if let address, let known = byAddress[address] { return known }
    if let address, let known = onlyNode(on: address.host), drafts[known].node.isInLayout { return known }
    if address == nil, let known = byServer[id] { return known }
    if let known = byName[NodeName(row.name)], address == nil || drafts[known].node.address == nil {
      return known
    }
    let tierPlace = tier(named: TierName(row.proxy))
    let name =
      byName[NodeName(row.name)] == nil
      ? NodeName(row.name) : unused(row.name, row.proxy + "/" + row.name)
    let draft = add(
      Topology.Node(
        name: name, tier: 0, address: address, role: nil, of: nil, balancer: nil, isInLayout: false,
        sources: [], servers: 0..<0, proxies: 0..<0,
        limits: layout.health.limits(for: name, in: tiers[tierPlace].name)),
      to: tierPlace)
    byServer[id] = draft
    return draft
  }

  private func onlyNode(on host: String) -> Int? {
    if case .one(let draft)? = byHost[host] { draft } else { nil }
  }

  private mutating func tier(named name: TierName) -> Int {
    if let known = tierByName[name] { return known }
    tierByName[name] = tiers.count
    tiers.append(DraftTier(name: name, mode: .activeActive, drafts: []))
    return tiers.count - 1
  }

  /// The first of the names that no node has yet, else the last one with a number.
  private func unused(_ names: String...) -> NodeName {
    for name in names where byName[NodeName(name)] == nil { return NodeName(name) }
    var number = 2
    while byName[NodeName("\(names[names.count - 1])#\(number)")] != nil { number += 1 }
    return NodeName("\(names[names.count - 1])#\(number)")
  }

  @discardableResult
  private mutating func add(_ node: Topology.Node, to tier: Int) -> Int {
    let draft = drafts.count
    drafts.append(Draft(node: node))
    tiers[tier].drafts.append(draft)
    byName[node.name] = draft
    if let address = node.address {
      byAddress[address] = draft
      byHost[address.host] = byHost[address.host] == nil ? .one(draft) : .several
    }
    return draft
  }
}
