import Cluster

/// What the programs of a lab on plain loopback do.
extension LabPlan {
  /// All load balancers listen on the same addresses (SO_REUSEPORT): the kernel spreads new connections over them.
  /// Each has an address of its own beside that, where only it answers.
  func haproxy(of loadBalancer: LoadBalancer) -> HAProxyConfiguration {
    let frontends = services.enumerated().map { place, service in
      HAProxyConfiguration.Frontend(
        name: service.frontend,
        comment: place == 0
          ? "What the public sees; all load balancers listen there, and the kernel spreads connections over them."
          : "The tier before \(service.tier) finds it here, so that its traffic is counted too.",
        binds: ["\(service.front)"] + (place == 0 ? ["\(loadBalancer.address)"] : []), backend: service.tier)
    }
    let backends = services.map { service in
      HAProxyConfiguration.Backend(
        name: service.tier,
        servers: service.servers.map {
          HAProxyConfiguration.Backend.Server(name: $0.name, address: $0.address, certificate: nil)
        })
    }
    return HAProxyConfiguration(
      head: head(of: loadBalancer.name, "a load balancer"), node: loadBalancer.name, title: title,
      setting: .lab,
      sockets: [
        HAProxyConfiguration.Socket(
          comment: "Whoever may open this socket may also drain servers here.",
          text: "\(loadBalancer.socket) mode 600 level admin expose-fd listeners")
      ],
      page: nil, frontends: frontends, backends: backends, health: nil)
  }

  /// - Parameter next: the tier that answers what is not static.
  func nginx(of server: Server, next: Service?) -> NginxConfiguration {
    NginxConfiguration(
      head: head(of: server.name, "a web server"),
      setting: .lab(
        home: "\(directory)/\(server.name)", root: "\(directory)/\(Self.site)", user: nil, faults: false),
      listen: server.address,
      upstreams: [next].compactMap { $0 }.map {
        NginxConfiguration.Upstream(
          name: $0.tier,
          comment:
            "The \($0.tier) tier, through the load balancers. Few requests a connection: so all of them get some.",
          servers: [$0.front], script: nil)
      },
      status: server.status.map { StatusPlace(at: $0, path: "/nginx_status") })
  }

  private func head(of name: String, _ what: String) -> String {
    "# \(name), \(what) of \(title), written by `tiertop lab`.\n"
  }
}
