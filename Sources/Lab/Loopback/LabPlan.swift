import Cluster

/// What the lab is going to run: every program with its real address, worked out from a layout before anything
/// is started. A pure value: the same layout, network and directory give the same plan, and the same files.
struct LabPlan: Sendable, Hashable {
  /// The layout as it will be served: with the addresses and sockets of this machine.
  var layout: Layout
  /// The directory that holds everything of this lab, absolute, without a slash at its end.
  var directory: String
  /// Where the traffic enters: all load balancers listen here.
  var entry: SocketAddress
  var loadBalancers: [LoadBalancer]
  /// What the load balancers serve, in the order in which a request passes.
  var services: [Service]

  struct LoadBalancer: Sendable, Hashable {
    var name: String
    /// Where only this one of the load balancers answers.
    var address: SocketAddress
    /// The stats socket.
    var socket: String
  }

  /// One tier behind the load balancers: a backend of theirs, and the frontend that leads to it.
  struct Service: Sendable, Hashable {
    var tier: String
    /// Where the tier before this one, or for the first one the public, finds it on the load balancers.
    var front: SocketAddress
    var servers: [Server]
    /// The name of the load balancers' frontend: the layout's for what is public (`www`), else the tier's own.
    var frontend: String
  }

  struct Server: Sendable, Hashable {
    var name: String
    var program: Layout.Program
    var address: SocketAddress
    /// Where it says how it is, if it has a page for that.
    var status: SocketAddress?
    /// Its place in its tier, from 0.
    var index: Int
  }
}

extension LabPlan {
  /// Gives every node of `layout` an address within `network`.
  ///
  /// - Throws: what keeps this layout from being stood up on one machine.
  init(layout: Layout, network: LabNetwork, directory: String) throws(LabError) {
    var real = layout
    var loadBalancers: [LoadBalancer] = []
    var services: [Service] = []
    // Hosts 1… are the addresses on the load balancers that tiers share; nodes count from 11, a ten for each tier.
    let entry = SocketAddress(host: network.host(1), port: network.http)
    let publicFrontend = try Self.checked(layout.entry?.frontends.first ?? "www")
    var nextHost = 11

    for (tierIndex, tier) in layout.tiers.enumerated() where !tier.nodes.isEmpty {
      let tierName = try Self.checked(tier.name.text)
      var servers: [Server] = []
      guard nextHost + tier.nodes.count <= LabNetwork.hosts else {
        throw .tooManyNodes(limit: LabNetwork.hosts)
      }
      for (nodeIndex, node) in tier.nodes.enumerated() {
        let name = try Self.checked(node.name.text)
        guard node.via == nil else { throw .elsewhere(node: name) }
        let host = network.host(nextHost + nodeIndex)
        var placed = Layout.Node(
          name: node.name, role: node.role, of: node.of, runs: try Self.program(of: node))
        switch placed.runs {
        case .haproxy:
          guard services.isEmpty else { throw .loadBalancerBehind(node: name, tier: services[0].tier) }
          let address = SocketAddress(host: host, port: network.http)
          let socket = "\(directory)/\(name).sock"
          loadBalancers.append(LoadBalancer(name: name, address: address, socket: socket))
          placed.address = address
          placed.haproxy = .unix(path: socket)
        case .nginx:
          let address = SocketAddress(host: host, port: network.http)
          let status = SocketAddress(host: host, port: network.status)
          servers.append(
            Server(name: name, program: .nginx, address: address, status: status, index: nodeIndex))
          placed.address = address
          placed.nginx = .http(HTTPEndpoint(url: "http://\(status)/nginx_status"))
        case .gunicorn:
          let address = SocketAddress(host: host, port: network.application)
          servers.append(Server(name: name, program: .gunicorn, address: address, index: nodeIndex))
          placed.address = address
        default:
          throw .cannotRun(node: name, program: placed.runs)
        }
        real.tiers[tierIndex].nodes[nodeIndex] = placed
      }
      if !servers.isEmpty {
        let front = SocketAddress(host: network.host(1 + services.count), port: network.http)
        services.append(
          Service(
            tier: tierName, front: front, servers: servers,
            frontend: services.isEmpty ? publicFrontend : tierName))
      }
      nextHost = (nextHost + tier.nodes.count + 8) / 10 * 10 + 1
    }

    guard !loadBalancers.isEmpty else { throw .nothingToRun(.haproxy) }
    guard !services.isEmpty, services.count < 10 else { throw .nothingToRun(.nginx) }
    real.entry = Layout.Entry(dns: layout.entry?.dns, vips: [entry.description], frontends: [publicFrontend])
    // A loopback address has no firewall to show; the namespaces of a larger lab would have.
    real.firewalls = []
    self.init(
      layout: real, directory: directory, entry: entry, loadBalancers: loadBalancers, services: services)
  }

  /// What a node runs: what the layout says, else what its endpoints tell.
  private static func program(of node: Layout.Node) throws(LabError) -> Layout.Program {
    if let program = node.runs { return program }
    if node.haproxy != nil { return .haproxy }
    if node.nginx != nil { return .nginx }
    throw .cannotRun(node: node.name.text, program: nil)
  }

  /// A name that may stand in a path and in any program's configuration without quotes.
  static func checked(_ name: String) throws(LabError) -> String {
    let plain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard plain, !name.isEmpty, name.utf8.count <= 32, !name.hasPrefix("-"), !ownNames.contains(name) else {
      throw .unusableName(name)
    }
    return name
  }

  /// The service after the one at `index`: where its servers send what they do not answer themselves.
  func service(after index: Int) -> Service? {
    services.indices.contains(index + 1) ? services[index + 1] : nil
  }
}
