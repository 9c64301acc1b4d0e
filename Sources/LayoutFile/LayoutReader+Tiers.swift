import Cluster

extension LayoutReader {
  mutating func entry(_ node: YAMLNode) -> Layout.Entry {
    let fields = fields(of: node, in: .entry)
    var entry = Layout.Entry()
    if let node = fields["dns"] { entry.dns = hostName(node) }
    if let node = fields["vip"] {
      for item in oneOrMore(node, named: "virtual addresses") {
        if let vip = virtualAddress(item) { entry.vips.append(vip) }
      }
    }
    if let node = fields["resolver"] { entry.resolver = resolver(node) }
    if let node = fields["probe"] { entry.probe = port(node) }
    if let node = fields["via"] { entry.via = passage(node) }
    if let node = fields["frontends"] {
      for item in oneOrMore(node, named: "frontends") {
        if let frontend = name(item, spaces: false) { entry.frontends.append(frontend) }
      }
    }
    return entry
  }

  mutating func tiers(_ node: YAMLNode) -> [Layout.Tier] {
    items(of: node, named: "tiers").map { tier($0) }
  }

  private mutating func tier(_ node: YAMLNode) -> Layout.Tier {
    let fields = fields(of: node, in: .tier)
    var tier = Layout.Tier(name: TierName(""))
    if let node = fields["tier"], let name = name(node, spaces: false) {
      tier.name = TierName(name)
      if let first = tierPlaces[tier.name] {
        note(.duplicateTier(Self.shown(name), first: first), at: node.place)
      } else {
        tierPlaces[tier.name] = node.place
      }
    }
    if let node = fields["mode"] { tier.mode = choice(node, of: Layout.Mode.self) ?? tier.mode }
    if let node = fields["nodes"] {
      var addresses: [SocketAddress: (node: String, place: Place)] = [:]
      for item in items(of: node, named: "nodes") { tier.nodes.append(self.node(item, &addresses)) }
    }
    return tier
  }

  private mutating func node(
    _ item: YAMLNode, _ addresses: inout [SocketAddress: (node: String, place: Place)]
  ) -> Layout.Node {
    let fields = fields(of: item, in: .node)
    var node = Layout.Node(name: NodeName(""))
    var isNew = false
    if let value = fields["node"], let name = name(value, spaces: false) {
      node.name = NodeName(name)
      if let first = nodePlaces[node.name] {
        note(.duplicateNode(Self.shown(name), first: first), at: value.place)
      } else {
        nodePlaces[node.name] = value.place
        isNew = true
      }
    }
    if let value = fields["address"], let address = address(value) {
      node.address = address
      if let (other, first) = addresses[address] {
        note(.duplicateAddress(address, of: Self.shown(other), first: first), at: value.place)
      } else {
        addresses[address] = (node.name.text, value.place)
      }
    }
    if let value = fields["via"] { node.via = passage(value) }
    for system in Source.System.ofNodes {
      guard let value = fields[system.key], let endpoint = endpoint(value, of: system) else { continue }
      node.endpoints[system] = endpoint
      // Many programs send to where the agent listens; each is told by its name.
      if system == .gunicorn { continue }
      // The same question to the same place, whoever it was meant for.
      let source = Source(node: NodeName(""), system: system, endpoint: endpoint, via: node.via)
      if let first = sourcePlaces[source] {
        note(.duplicateEndpoint(Self.shown(endpoint.description), first: first), at: value.place)
      } else {
        sourcePlaces[source] = value.place
      }
    }
    if let value = fields["runs"] { node.runs = choice(value, of: Layout.Program.self) }
    if let value = fields["role"] {
      node.role = choice(value, of: Layout.Role.self)
      if isNew { roles[node.name] = node.role }
      if node.role == .replica, fields["of"] == nil { note(.replicaWithoutPrimary, at: value.place) }
    }
    if let value = fields["of"], let name = name(value, spaces: false) {
      node.of = NodeName(name)
      // A role that could not be read has been noted already.
      if fields["role"] == nil || node.role == .primary {
        note(.primaryOfNoReplica, at: value.place)
      } else {
        following.append((name, value.place))
      }
    }
    return node
  }

  /// Once all nodes are known: what a replica follows is a primary.
  mutating func checkPrimaries() {
    for (name, place) in following {
      if nodePlaces[NodeName(name)] == nil {
        noteUnknownNode(name, at: place)
      } else if roles[NodeName(name)] != .primary {
        note(.notAPrimary(Self.shown(name)), at: place)
      }
    }
  }

  mutating func noteUnknownNode(_ name: String, at place: Place) {
    let near = suggestion(for: name, among: nodePlaces.count) { [nodePlaces] in
      nodePlaces.keys.map(\.text).sorted()
    }
    note(.unknownNode(Self.shown(name), nearest: near), at: place)
  }

  mutating func noteUnknownTier(_ name: String, at place: Place) {
    let near = suggestion(for: name, among: tierPlaces.count) { [tierPlaces] in
      tierPlaces.keys.map(\.text).sorted()
    }
    note(.unknownTier(Self.shown(name), nearest: near), at: place)
  }
}
