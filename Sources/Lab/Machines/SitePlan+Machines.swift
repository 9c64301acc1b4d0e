import Cluster

extension SitePlan {
  /// The plan of a site on machines of their own, each at the address that its layout says.
  ///
  /// - Throws: what the layout does not say, or what cannot stand in a configuration file.
  init(machines layout: Layout) throws(LabError) {
    given = layout
    directory = ""
    // None is written: what has a secret has words in its place.
    secrets = Secrets()
    setting = .machines
    nodes = []
    groups = []
    virtualAddresses = []
    port = 80
    let tiers = layout.tiers.filter { !$0.nodes.isEmpty }
    networks = [Network(name: Layout.clientsName, bridge: Layout.clientsName, number: 0)]
    for (place, tier) in tiers.enumerated() {
      let name = try LabPlan.checked(tier.name.text)
      if name == Layout.clientsName { throw .unusableName(name) }
      networks.append(Network(name: name, bridge: Self.device(of: name, place), number: 0))
    }
    for (place, tier) in tiers.enumerated() { add(try Self.nodes(of: tier, in: place + 1), in: place + 1) }
    guard let balancer = loadBalancers.first else { throw .nothingToRun(.haproxy) }
    guard !balanced.isEmpty else { throw .nothingToRun(.nginx) }
    port = balancer.address.port
    // Where nothing says otherwise, who is served over TLS inside is so outside.
    if isEncrypted(balanced[0].port), balancer.address.host == Self.anywhere { port = 443 }
    for vip in layout.entry?.vips ?? [] {
      let address = SocketAddress(parsing: vip)
      guard let host = address?.host ?? IPAddress(parsing: vip)?.description else { throw .unwritable(vip) }
      virtualAddresses.append(host)
      port = address?.port ?? port
    }
    for frontend in layout.entry?.frontends.prefix(1) ?? [] { _ = try LabPlan.checked(frontend) }
    if let name = layout.entry?.dns { _ = try plainText(name) }
    // Who asks the load balancers, where no virtual address leads to them, has to know theirs.
    if virtualAddresses.isEmpty, groups.contains(where: isInner),
      let node = loadBalancers.first(where: { $0.address.host == Self.anywhere })
    {
      throw .noAddress(node: node.name)
    }
  }

  private static func nodes(of tier: Layout.Tier, in network: Int) throws(LabError) -> [Node] {
    var nodes: [Node] = []
    for (index, node) in tier.nodes.enumerated() {
      let name = try LabPlan.checked(node.name.text)
      if name == firewall { throw .unusableName(name) }
      let program = try program(of: node)
      if program == .haproxy, network > 1 { throw .loadBalancerBehind(node: name, tier: tier.name.text) }
      var address = node.address
      if address == nil, program == .haproxy {
        // Its stats socket may tell; else it serves at whatever address it has.
        var host = anywhere
        if case .tcp(let own, _)? = node.haproxy, let numeric = IPAddress(parsing: own) {
          host = numeric.description
        }
        address = SocketAddress(host: host, port: usualPort(of: program))
      }
      guard let address else { throw .noAddress(node: name) }
      nodes.append(
        Node(
          name: name, network: network, program: program, address: address, index: index, role: node.role,
          of: node.of?.text, hasExporter: node.endpoints[.host] != nil))
    }
    return nodes
  }

  /// The machine between the tiers; no node can have its name.
  static let firewall = "fw"
}
