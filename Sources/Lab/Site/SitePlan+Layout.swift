import Cluster

extension SitePlan {
  /// Gives every node of `layout` a program and an address. Those of 10.77.0.0/16 stay; all others are of machines
  /// elsewhere, and get one in the network of their tier.
  ///
  /// - Throws: what keeps this layout from being stood up on one machine.
  init(layout: Layout, directory: String, secrets: Secrets, hasLoad: Bool = true) throws(LabError) {
    given = layout
    self.directory = directory
    self.secrets = secrets
    self.hasLoad = hasLoad
    let tiers = layout.tiers.filter { !$0.nodes.isEmpty }
    networks = try Self.networks(of: tiers, vips: layout.entry?.vips ?? [])
    nodes = []
    groups = []
    virtualAddresses = []
    port = 80
    for (place, tier) in tiers.enumerated() { try add(tier, in: place + 1) }
    guard let balancer = loadBalancers.first else { throw .nothingToRun(.haproxy) }
    guard !balanced.isEmpty else { throw .nothingToRun(.nginx) }
    let vips = layout.entry?.vips ?? []
    for (place, vip) in vips.enumerated() {
      let address = SocketAddress(parsing: vip)
      let parts = Self.numbers(of: address?.host ?? vip)
      let isOurs = parts.map { $0.network == networks[balancer.network].number } ?? false
      virtualAddresses.append(
        networks[balancer.network].host(isOurs ? parts?.host ?? 100 : 100 + place))
    }
    port = balancer.address.port
  }

  private mutating func add(_ tier: Layout.Tier, in network: Int) throws(LabError) {
    var taken = Set(tier.nodes.compactMap { Self.numbers(of: Self.host(of: $0)) }.map(\.host))
    var added: [Node] = []
    for (index, node) in tier.nodes.enumerated() {
      let name = try Self.checked(node.name.text)
      let program = try Self.program(of: node)
      var last = 11 + index
      if let own = Self.numbers(of: Self.host(of: node)), own.network == networks[network].number {
        last = own.host
      } else {
        while !taken.insert(last).inserted { last += 1 }
      }
      guard last < 255 else { throw .tooManyNodes(limit: 244) }
      if program == .haproxy, network > 1 {
        throw .loadBalancerBehind(node: name, tier: networks[network - 1].name)
      }
      added.append(
        Node(
          name: name, network: network, program: program,
          address: SocketAddress(
            host: networks[network].host(last), port: node.address?.port ?? Self.usualPort(of: program)),
          index: index, role: node.role, of: node.of?.text, hasExporter: node.endpoints[.host] != nil))
    }
    add(added, in: network)
  }

  /// Adds the nodes of a tier, and what they are spread requests over as.
  mutating func add(_ added: [Node], in network: Int) {
    nodes += added
    for node in added where node.program != .haproxy && !Self.databasePrograms.contains(node.program) {
      // Nginx and Apache serve the same site.
      let isWeb = Self.webPrograms.contains(node.program)
      let own = groups.firstIndex {
        $0.network == network && $0.port == node.address.port
          && ($0.program == node.program || isWeb && Self.webPrograms.contains($0.program))
      }
      if let own {
        groups[own].nodes.append(node)
      } else {
        groups.append(
          Group(name: groupName(for: node), network: network, program: node.program, nodes: [node]))
      }
    }
  }

  /// The first of a tier is called as the tier is; another program in it as its nodes are: api1 and api2 are the api.
  private func groupName(for node: Node) -> String {
    let tier = networks[node.network].name
    let stem = String(node.name.prefix { !$0.isNumber })
    let names = [tier, stem, "\(tier)-\(node.program.rawValue)", node.name]
    return names.first { name in !name.isEmpty && !groups.contains { $0.name == name } } ?? node.name
  }

  /// A network for the clients and one for each tier: where its nodes' addresses say it is, else the next free.
  private static func networks(of tiers: [Layout.Tier], vips: [String]) throws(LabError) -> [Network] {
    var numbers = tiers.map { tier in
      tier.nodes.lazy.compactMap { self.numbers(of: host(of: $0))?.network }.first
    }
    var taken = Set(numbers.compactMap { $0 })
    for place in numbers.indices where numbers[place] == nil {
      var number = place + 1
      while !taken.insert(number).inserted { number += 1 }
      numbers[place] = number
    }
    var networks = [
      Network(
        name: Layout.clientsName, bridge: Layout.clientsName,
        number: (0...255).first { !taken.contains($0) } ?? 0)
    ]
    for (place, tier) in tiers.enumerated() {
      let name = try checked(tier.name.text)
      networks.append(Network(name: name, bridge: device(of: name, place), number: numbers[place] ?? 0))
    }
    return networks
  }

  /// The name of the device of a tier's network: that has at most 15 bytes.
  static func device(of tier: String, _ place: Int) -> String {
    tier.utf8.count <= 15 && !["lo", Layout.clientsName].contains(tier) ? tier : "tier\(place + 1)"
  }

  /// Where a node is by the layout: its address, or that of its stats socket.
  private static func host(of node: Layout.Node) -> String {
    if let address = node.address { return address.host }
    if case .tcp(let host, _) = node.haproxy { return host }
    return ""
  }

  /// The last two numbers of an address in 10.77.0.0/16 that a node can have.
  private static func numbers(of host: String) -> (network: Int, host: Int)? {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 4, parts[0] == 10, parts[1] == 77, let network = parts[2], let last = parts[3],
      (0...255).contains(network), (2...254).contains(last)
    else { return nil }
    return (network, last)
  }

  static func usualPort(of program: Layout.Program) -> UInt16 {
    switch program {
    case .node: 3000
    case .phpFPM: 9000
    case .mariadb, .mysql: 3306
    case .postgresql: 5432
    case .gunicorn, .uwsgi: 8000
    default: 80
    }
  }

  /// What a node runs: what the layout says, else what its endpoints tell.
  static func program(of node: Layout.Node) throws(LabError) -> Layout.Program {
    let told: [(Source.System, Layout.Program)] = [
      (.haproxy, .haproxy), (.nginx, .nginx), (.apache, .apache), (.gunicorn, .gunicorn), (.uwsgi, .uwsgi),
      (.phpFPM, .phpFPM), (.mariadb, .mariadb), (.mysql, .mysql), (.postgresql, .postgresql),
      (.metrics, .node),
    ]
    let program = node.runs ?? told.first { node.endpoints[$0.0] != nil }?.1
    switch program {
    case .haproxy?, .nginx?, .apache?, .gunicorn?, .uwsgi?, .node?, .phpFPM?, .mariadb?,
      .postgresql?:
      break
    default: throw .cannotRun(node: node.name.text, program: program)
    }
    guard let program else { throw .cannotRun(node: node.name.text, program: nil) }
    return program
  }

  private static func checked(_ name: String) throws(LabError) -> String {
    if ownNames.contains(name) { throw .unusableName(name) }
    return try LabPlan.checked(name)
  }
}

extension Layout {
  /// What the layout's paths call the place from which the site is used.
  static let clientsName = "clients"
}
