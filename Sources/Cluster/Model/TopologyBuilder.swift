/// The topology while it is being put together.
struct TopologyBuilder {
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
  /// The drafts of the nodes; all else says by its place here which it means.
  private(set) var nodes: [Topology.Node] = []
  /// The rows of servers, each with its draft as its node.
  private(set) var servers: [Topology.Server] = []
  private(set) var proxies: [(draft: Int, proxy: Topology.Proxy)] = []
  private(set) var tiers: [DraftTier] = []
  private(set) var byName: [NodeName: Int] = [:]
  private var byAddress: [SocketAddress: Int] = [:]
  /// Of the layout's nodes alone: no other one ever shares a host with a single one of them.
  private var layoutHosts: [String: Occupants] = [:]
  /// Which rows have made a node; only needed, and only made, where a load balancer hides addresses.
  private var byServer: [ServerID: Int]?
  private var makers: [(id: ServerID, draft: Int)] = []
  private var tierByName: [TierName: Int] = [:]
  /// The tier that was last looked for, by its text: rows of one backend follow each other.
  private var lastTier: (text: String, place: Int)?

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
    layoutHosts = hosts()
  }

  /// Takes in the rows of one load balancer.
  mutating func take(_ roster: Roster, of balancer: SourceID) {
    let entries = Set(layout.entry?.frontends ?? [])
    let own = byName[plan[balancer].node]
    servers.reserveCapacity(servers.count + roster.count)
    if nodes.count < roster.count {
      nodes.reserveCapacity(roster.count)
      makers.reserveCapacity(roster.count)
      byAddress.reserveCapacity(roster.count)
      byName.reserveCapacity(roster.count)
    }
    for (place, row) in roster.rows.enumerated() {
      switch row.kind {
      case .server:
        let id = ServerID(backend: row.proxy, server: row.name)
        servers.append(
          Topology.Server(
            node: draft(for: row, id), balancerNode: 0, balancer: balancer, id: id, row: place))
      case .frontend, .backend:
        guard let own else { continue }
        let isEntry = row.kind == .frontend && (entries.isEmpty || entries.contains(row.proxy))
        let proxy = Topology.Proxy(
          balancer: balancer, kind: row.kind, name: row.proxy, row: place, isEntry: isEntry)
        proxies.append((own, proxy))
      case .listener:
        continue
      }
    }
  }

  /// Gives each source without a node to the node that answers at its host, or makes one.
  mutating func placeTheUnplaced() {
    guard !layout.unplaced.isEmpty else { return }
    let hosts = hosts()
    for index in (plan.sources.count - layout.unplaced.count)..<plan.sources.count {
      let source = plan.sources[index]
      if let host = source.endpoint.host, case .one(let draft)? = hosts[host] {
        nodes[draft].sources.append(SourceID(index))
        continue
      }
      let tier = tier(named: source.system.rawValue)
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
    if let address {
      if let known = byAddress[address] { return known }
      if case .one(let known)? = layoutHosts[address.host] { return known }
    } else if let known = knownServer(id) {
      return known
    }
    let name = NodeName(row.name)
    let namesake = byName[name]
    if let namesake, address == nil || nodes[namesake].address == nil { return namesake }
    let tierPlace = tier(named: row.proxy)
    let own = namesake == nil ? name : unused(row.name, row.proxy + "/" + row.name)
    let draft = add(
      Topology.Node(
        name: own, tier: 0, address: address, role: nil, of: nil, balancer: nil, isInLayout: false,
        sources: [], servers: 0..<0, proxies: 0..<0,
        limits: layout.health.limits(for: own, in: tiers[tierPlace].name)),
      to: tierPlace)
    makers.append((id, draft))
    byServer?[id] = draft
    return draft
  }

  private mutating func knownServer(_ id: ServerID) -> Int? {
    if let byServer { return byServer[id] }
    let made = Dictionary(makers.map { ($0.id, $0.draft) }) { _, last in last }
    byServer = made
    return made[id]
  }

  /// Who lives where, of all that there are so far.
  private func hosts() -> [String: Occupants] {
    var hosts: [String: Occupants] = [:]
    for (draft, node) in nodes.enumerated() {
      guard let host = node.address?.host else { continue }
      hosts[host] = hosts[host] == nil ? .one(draft) : .several
    }
    return hosts
  }

  private mutating func tier(named text: String) -> Int {
    if let lastTier, lastTier.text == text { return lastTier.place }
    let name = TierName(text)
    let place = tierByName[name] ?? tiers.count
    lastTier = (text, place)
    if place < tiers.count { return place }
    tierByName[name] = place
    tiers.append(DraftTier(name: name, mode: .activeActive, drafts: []))
    return place
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
    let draft = nodes.count
    nodes.append(node)
    tiers[tier].drafts.append(draft)
    byName[node.name] = draft
    if let address = node.address { byAddress[address] = draft }
    return draft
  }

  /// Things that belong to nodes, sorted by them; those of one keep their order.
  struct Order {
    /// The things, by where they were before.
    var places: [Int]
    /// Where those of each node begin, and where all end.
    var starts: [Int]

    func range(of node: Int) -> Range<Int> { starts[node]..<starts[node + 1] }
  }

  static func order(of count: Int, in nodes: Int, by node: (Int) -> Int) -> Order {
    var starts = [Int](repeating: 0, count: nodes + 1)
    for thing in 0..<count { starts[node(thing) + 1] += 1 }
    for place in 0..<nodes { starts[place + 1] += starts[place] }
    var ends = starts
    var places = [Int](repeating: 0, count: count)
    for thing in 0..<count {
      let node = node(thing)
      places[ends[node]] = thing
      ends[node] += 1
    }
    return Order(places: places, starts: starts)
  }
}
