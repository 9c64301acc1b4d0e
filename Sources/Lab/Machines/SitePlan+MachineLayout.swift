import Cluster
import LayoutFile

extension SitePlan {
  /// The layout for tiertop itself: the given one, with what the written configurations offer.
  func machineLayout() -> Layout {
    var layout = given
    var entry = given.entry ?? Layout.Entry()
    // The page of keepalived's check, and that of the stats, are no traffic of the site.
    if entry.frontends.isEmpty { entry.frontends = [publicFrontend] }
    if !virtualAddresses.isEmpty { entry.probe = probePort }
    layout.entry = entry
    for (tierPlace, tier) in layout.tiers.enumerated() {
      for (place, node) in tier.nodes.enumerated() {
        guard let planned = nodes.first(where: { $0.name == node.name.text }) else { continue }
        layout.tiers[tierPlace].nodes[place] = machine(node, planned)
      }
    }
    return layout
  }

  /// The same as a file.
  func machineLayoutText() -> String {
    let text = LayoutFile.text(
      of: machineLayout(), origin: "For the files beside it (`tiertop lab config`).")
    guard given.filter == nil, !given.firewalls.isEmpty, !hasOwnFirewalls else { return text }
    return text + """

      # What passes the firewalls, and what does not, is shown once tiertop may read its counters there, as root:
      # nftables: { table: \(FirewallRules.table), via: "ssh://root@ADDRESS" }

      """
  }

  private func machine(_ given: Layout.Node, _ node: Node) -> Layout.Node {
    var machine = given
    machine.runs = node.program
    let host = node.address.host
    switch node.program {
    case .haproxy:
      if machine.haproxy == nil {
        machine.haproxy = .unix(path: "/run/haproxy/admin.sock")
        if machine.via == nil, host != Self.anywhere { machine.via = .ssh(SSHHost(host: host)) }
      }
    case .nginx:
      if machine.nginx == nil {
        machine.nginx = .http(HTTPEndpoint(url: "http://\(status(host))/nginx_status"))
      }
    case .apache:
      if machine.endpoints[.apache] == nil {
        machine.endpoints[.apache] = .http(HTTPEndpoint(url: "http://\(status(host))/server-status?auto"))
      }
    case .mariadb, .postgresql:
      let system: Source.System = node.program == .mariadb ? .mariadb : .postgresql
      if machine.endpoints[system] == nil {
        machine.endpoints[system] = .database(
          DatabaseEndpoint(
            place: .tcp(host: host, port: node.address.port),
            credentials: Credentials(user: "tiertop", password: .environment(variable: "TIERTOP_DB_PASSWORD"))
          ))
      }
    case .gunicorn, .uwsgi, .node, .phpFPM, .mysql, .dns: break
    }
    return machine
  }

  private func status(_ host: String) -> SocketAddress { SocketAddress(host: host, port: Self.statusPort) }
}
