import Cluster

extension SitePlan {
  /// What the HAProxy of a load balancer does.
  func haproxy(of node: Node) throws(LabError) -> HAProxyConfiguration {
    let balanced = balanced
    let families = virtualAddresses.contains { $0.contains(":") } ? ["", "::"] : [""]
    let binds = { (port: UInt16) in
      families.map {
        "\($0):\(port)" + ($0.isEmpty ? "" : " v6only")
          + (isEncrypted(port) ? " ssl crt \(HAProxyConfiguration.certificate)" : "")
      }
    }
    var frontends = [
      HAProxyConfiguration.Frontend(
        name: publicFrontend,
        comment: "What the public sees, at the virtual address too while this one holds it.",
        binds: binds(port), routed: routed.map(\.name), backend: balanced[0].name)
    ]
    for group in balanced where isInner(group) {
      frontends.append(
        HAProxyConfiguration.Frontend(
          name: group.name,
          comment: "The web servers find \(group.name) here, so that its traffic is counted too.",
          binds: binds(group.port), backend: group.name))
    }
    let backends = balanced.map { group in
      HAProxyConfiguration.Backend(
        name: group.name,
        servers: group.nodes.map {
          HAProxyConfiguration.Backend.Server(
            name: $0.name, address: $0.address,
            certificate: isEncrypted($0.address.port) ? given.entry?.dns ?? $0.name : nil)
        })
    }
    var health: HAProxyConfiguration.Health? = .inPublic
    if isForMachines { health = virtualAddresses.isEmpty ? nil : .at(Self.healthAddress) }
    return HAProxyConfiguration(
      head: head(of: node.name, "a load balancer", .haproxy), node: node.name, title: title,
      setting: isForMachines ? .machine : .lab, sockets: try sockets(of: node), page: try statsPage(of: node),
      frontends: frontends, backends: backends, health: health)
  }

  /// Where a machine's keepalived asks its HAProxy.
  static let healthAddress = SocketAddress(host: "127.0.0.1", port: 8405)

  private func sockets(of node: Node) throws(LabError) -> [HAProxyConfiguration.Socket] {
    let warning = "Whoever may open this socket may also drain servers here."
    var sockets: [HAProxyConfiguration.Socket] = []
    if isForMachines {
      let endpoint = given.nodes.first { $0.name.text == node.name }?.haproxy
      var path = "/run/haproxy/admin.sock"
      if case .unix(let own)? = endpoint { path = try plainText(own) }
      sockets.append(
        HAProxyConfiguration.Socket(
          comment: warning, text: "\(path) user root group haproxy mode 660 level admin expose-fd listeners"))
      if case .tcp(let host, let port)? = endpoint {
        // A name may lead to any of its addresses.
        let own = IPAddress(parsing: host) == nil ? "*" : host
        let family = own.contains(":") ? "ipv6" : "ipv4"
        sockets.append(
          HAProxyConfiguration.Socket(
            comment:
              "The same over TCP, without a password: let only the machine where tiertop runs reach it.",
            text: "\(family)@\(own):\(port) level admin"))
      }
    } else {
      sockets.append(
        HAProxyConfiguration.Socket(
          comment: warning, text: "\(statsSocket(of: node)) mode 600 level admin expose-fd listeners"))
    }
    if !isForMachines || !virtualAddresses.isEmpty {
      let family = virtualAddresses.contains { $0.contains(":") } ? "ipv6@::" : "ipv4@0.0.0.0"
      sockets.append(
        HAProxyConfiguration.Socket(
          comment: "Says at each address who answers there, and may change nothing.",
          text: "\(family):\(probePort) level user"))
    }
    return sockets
  }

  private func statsPage(of node: Node) throws(LabError) -> HAProxyConfiguration.Page? {
    guard isForMachines,
      case .http(let endpoint)? = given.nodes.first(where: { $0.name.text == node.name })?.haproxy
    else { return nil }
    let place = try StatusPlace(of: endpoint, host: Self.anywhere)
    guard let address = SocketAddress(parsing: place.listen) else { return nil }
    return HAProxyConfiguration.Page(
      port: address.port, path: place.path, user: place.user, isEncrypted: place.isEncrypted)
  }

  /// Where a load balancer says who it is, at each of its addresses.
  var probePort: UInt16 {
    guard isForMachines else { return Self.usualProbePort }
    if let port = given.entry?.probe { return port }
    let taken = given.nodes.compactMap { node -> UInt16? in
      if case .tcp(_, let port)? = node.haproxy { port } else { nil }
    }
    return taken.contains(Self.usualProbePort) ? Self.usualProbePort - 1 : Self.usualProbePort
  }

  static let usualProbePort: UInt16 = 9999
}
