import Cluster

/// A whole site, in network namespaces or on machines of their own: every node with its address and its program, worked out from a layout before
/// anything is started. A pure value: the same layout, directory and secrets give the same files.
struct SitePlan: Sendable, Hashable {
  /// The layout that was given.
  var given: Layout
  /// The directory that holds everything of this lab, absolute, without a slash at its end.
  var directory: String
  var secrets: Secrets
  /// Where the clients are, then a network for each tier, in their order.
  var networks: [Network]
  var nodes: [Node]
  /// The addresses that keepalived moves; empty where DNS answers with the load balancers' own.
  var virtualAddresses: [String]
  /// The port at which the site is served.
  var port: UInt16
  /// Nodes of a tier that run the same program, in the order of tiers.
  var groups: [Group]
  /// For what it is made: a lab, or machines.
  var setting = Setting.lab
  /// Whether there are requests by themselves; without, no answer is a 500 that was not asked for.
  var hasLoad = true

  /// A bridge of the router, and the network on it: `10.77.1.0/24`.
  struct Network: Sendable, Hashable {
    var name: String
    /// The name of the bridge, as the router's rules have it.
    var bridge: String
    /// The third of the address's four numbers.
    var number: Int

    /// The address with this number, 1…254; the router has the first.
    func host(_ last: Int) -> String { "10.77.\(number).\(last)" }
  }

  struct Node: Sendable, Hashable {
    var name: String
    /// The place of its network.
    var network: Int
    var program: Layout.Program
    var address: SocketAddress
    /// Its place in its tier, from 0.
    var index: Int
    var role: Layout.Role?
    /// The primary that it follows.
    var of: String?
    /// Whether the layout asks its machine how it is.
    var hasExporter: Bool
  }

  /// What a load balancer or a web server spreads requests over.
  struct Group: Sendable, Hashable {
    /// The name of the backend; a path of the site that begins with it leads there.
    var name: String
    var network: Int
    var program: Layout.Program
    var nodes: [Node]

    var port: UInt16 { nodes[0].address.port }
  }

  struct Secrets: Sendable, Hashable {
    var monitor = ""
    var replication = ""
    var application = ""

    /// Made anew for each lab.
    static func random() -> Secrets {
      func word() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }
      return Secrets(monitor: word(), replication: word(), application: word())
    }
  }
}

extension SitePlan {
  /// Namespaces beside those of the nodes; nodes cannot have these names.
  static let router = "router"
  static let client = "client"
  static let nameServer = "dns"
  static let ownNames: Set<String> = [
    router, client, nameServer, LabPlan.site, LabPlan.loadName, "log", "network", "databases",
  ]

  var clients: Network { networks[0] }
  var loadBalancers: [Node] { nodes.filter { $0.program == .haproxy } }
  var hasDatabases: Bool { nodes.contains { Self.databasePrograms.contains($0.program) } }
  /// What clients are sent to.
  var entries: [SocketAddress] {
    let hosts = virtualAddresses.isEmpty ? loadBalancers.map(\.address.host) : virtualAddresses
    return hosts.map { SocketAddress(host: $0, port: port) }
  }

  func home(of node: Node) -> String { "\(directory)/\(node.name)" }

  /// Whether the layout lets a connection through, from one network to a port of another.
  func isOpen(from: Int, to: Int, port: UInt16) -> Bool {
    if given.firewalls.isEmpty || from == to { return true }
    return firewall(from: from, to: to).contains { $0.number == port && $0.transport == .tcp }
  }

  /// What may pass from one network to another. The clients may reach the load balancers, and nothing else.
  func firewall(from: Int, to: Int) -> [Layout.Firewall.Port] {
    if from == 0 {
      let isEntry = loadBalancers.contains { $0.network == to }
      // On machines who asks the load balancers for their names is no client.
      let ports = isForMachines ? [port] : [port, probePort]
      return isEntry ? ports.map { Layout.Firewall.Port(number: $0, transport: .tcp) } : []
    }
    return given.firewalls.filter { $0.from.text == networks[from].name && $0.to.text == networks[to].name }
      .flatMap(\.allow)
  }

  /// The groups that the load balancers know: those that they may reach.
  var balanced: [Group] {
    guard let own = loadBalancers.first else { return [] }
    return groups.filter { $0.program != .phpFPM && isOpen(from: own.network, to: $0.network, port: $0.port) }
  }

  /// How a web server reaches a group: at its nodes, or at the load balancers; empty where it cannot.
  func servers(of group: Group, from network: Int) -> [SocketAddress] {
    if group.network <= network { return [] }
    let isDirect = !given.firewalls.isEmpty && isOpen(from: network, to: group.network, port: group.port)
    if isDirect || group.program == .phpFPM { return group.nodes.map(\.address) }
    guard let balancer = loadBalancers.first, balanced.contains(group),
      isOpen(from: network, to: balancer.network, port: group.port)
    else { return [] }
    return entries.map { SocketAddress(host: $0.host, port: group.port) }
  }

  /// Whether a tier finds a group through the load balancers, which have a frontend of their own for it.
  func isInner(_ group: Group) -> Bool {
    nodes.contains { node in
      let servers = servers(of: group, from: node.network)
      return Self.webPrograms.contains(node.program) && servers.contains { $0.host == entries[0].host }
    }
  }

  /// The groups that the clients' frontend leads to by their path, as no web server does.
  var routed: [Group] {
    balanced.dropFirst().filter { group in
      !nodes.contains {
        Self.webPrograms.contains($0.program) && !servers(of: group, from: $0.network).isEmpty
      }
    }
  }

  /// The name of the clients' frontend.
  var publicFrontend: String { given.entry?.frontends.first ?? "www" }

  static let webPrograms: Set<Layout.Program> = [.nginx, .apache]
  static let databasePrograms: Set<Layout.Program> = [.mariadb, .postgresql]

  func databases(of program: Layout.Program) -> [Node] { nodes.filter { $0.program == program } }

  /// The primary that an application server may reach.
  func database(for node: Node) -> Node? {
    nodes.first {
      Self.databasePrograms.contains($0.program) && $0.role != .replica
        && isOpen(from: node.network, to: $0.network, port: $0.address.port)
    }
  }

  /// The cluster's name as it may stand in comments, quotes and pages of any of the programs.
  var title: String { LabPlan.title(of: given) }
}
