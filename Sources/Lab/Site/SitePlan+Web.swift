import Cluster

extension SitePlan {
  /// What the Nginx of a web server does.
  func nginx(of node: Node) throws(LabError) -> NginxConfiguration {
    var upstreams: [NginxConfiguration.Upstream] = []
    for group in reached(from: node) {
      upstreams.append(
        NginxConfiguration.Upstream(
          name: group.name, servers: servers(of: group, from: node.network), script: script(of: group)))
    }
    let setting: NginxConfiguration.Setting =
      isForMachines
      ? .machine
      : .lab(home: home(of: node), root: "\(directory)/\(LabPlan.site)", user: "root", faults: true)
    return NginxConfiguration(
      head: head(of: node.name, "a web server", .nginx), setting: setting, listen: node.address,
      isEncrypted: isEncrypted(node.address.port), upstreams: upstreams,
      status: try status(of: node, .nginx, page: "/nginx_status"), balancers: balancerAddresses)
  }

  /// What the Apache of a web server does.
  func apache(of node: Node) throws(LabError) -> ApacheConfiguration {
    let members = reached(from: node).map {
      ApacheConfiguration.Member(
        name: $0.name, servers: servers(of: $0, from: node.network), script: script(of: $0))
    }
    return ApacheConfiguration(
      head: head(of: node.name, "a web server", .apache), name: node.name,
      setting: isForMachines
        ? .machine : .lab(home: home(of: node), root: "\(directory)/\(LabPlan.site)"),
      listen: node.address, isEncrypted: isEncrypted(node.address.port), members: members,
      status: try status(of: node, .apache, page: "/server-status"), balancers: balancerAddresses)
  }

  /// The groups that a web server hands requests to.
  private func reached(from node: Node) -> [Group] {
    groups.filter { !servers(of: $0, from: node.network).isEmpty }
  }

  private func script(of group: Group) -> String? {
    guard group.program == .phpFPM else { return nil }
    return isForMachines ? "/var/www/html/index.php" : "\(home(of: group.nodes[0]))/index.php"
  }

  /// Where a web server shows how it is: as the layout has it, else at a port of its own.
  private func status(of node: Node, _ system: Source.System, page: String) throws(LabError) -> StatusPlace {
    guard isForMachines,
      case .http(let endpoint)? = given.nodes.first(where: { $0.name.text == node.name })?
        .endpoints[system]
    else { return StatusPlace(at: SocketAddress(host: node.address.host, port: Self.statusPort), path: page) }
    return try StatusPlace(of: endpoint, host: node.address.host)
  }

  static let statusPort: UInt16 = 8080
}
