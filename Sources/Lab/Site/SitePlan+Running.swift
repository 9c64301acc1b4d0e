import Cluster
import LayoutFile

extension SitePlan {
  /// The layout of the running site: with the addresses, sockets and namespaces of this lab.
  ///
  /// - Parameter pid: the process of the lab, as it is numbered outside.
  func running(as pid: String) -> Layout {
    func passage(_ name: String) -> Passage { .namespace(path: "/proc/\(pid)/root/run/netns/\(name)") }
    var layout = given
    layout.entry = Layout.Entry(
      dns: given.entry?.dns, vips: virtualAddresses,
      frontends: groups.contains(where: isInner) ? [publicFrontend] : given.entry?.frontends ?? [],
      resolver: given.entry?.dns == nil ? nil : SocketAddress(host: clients.host(53), port: 53),
      probe: virtualAddresses.isEmpty ? nil : probePort, via: passage(Self.client))
    layout.filter =
      given.firewalls.isEmpty ? nil : Layout.PacketFilter(table: "inet tiertop", via: passage(Self.router))
    layout.tiers = given.tiers.filter { !$0.nodes.isEmpty }.map { tier in
      var tier = tier
      tier.nodes = tier.nodes.map { node in
        guard let planned = nodes.first(where: { $0.name == node.name.text }) else { return node }
        var running = Layout.Node(
          name: node.name, address: planned.address, role: node.role, of: node.of,
          via: passage(planned.name), runs: planned.program)
        running.endpoints = endpoints(of: planned)
        return running
      }
      return tier
    }
    return layout
  }

  /// The file of it.
  func layoutText(as pid: String) -> String {
    LayoutFile.text(of: running(as: pid), origin: "\(title) as it runs on this machine (`tiertop lab up`).")
  }

  private func endpoints(of node: Node) -> [Source.System: Endpoint] {
    var endpoints: [Source.System: Endpoint] = [:]
    let host = node.address.host
    switch node.program {
    case .haproxy:
      endpoints[.haproxy] = .unix(path: statsSocket(of: node))
      if !virtualAddresses.isEmpty { endpoints[.keepalived] = .directory(path: keepalivedHome(of: node)) }
    case .nginx: endpoints[.nginx] = .http(HTTPEndpoint(url: "http://\(host):8080/nginx_status"))
    case .apache: endpoints[.apache] = .http(HTTPEndpoint(url: "http://\(host):8080/server-status?auto"))
    case .gunicorn: endpoints[.gunicorn] = .udp(host: "127.0.0.1", port: 8125)
    case .uwsgi: endpoints[.uwsgi] = .tcp(host: host, port: 1717)
    case .phpFPM:
      endpoints[.phpFPM] = .fastCGI(
        FastCGIEndpoint(place: .tcp(host: host, port: node.address.port), page: "/status"))
    case .node:
      endpoints[.metrics] = .metrics(
        HTTPEndpoint(url: "http://\(node.address)/metrics"),
        MetricNames(
          requests: "http_requests_total", errors: "http_errors_total",
          latency: "http_request_duration_seconds",
          busy: "http_requests_in_flight"))
    case .mariadb, .postgresql:
      endpoints[node.program == .mariadb ? .mariadb : .postgresql] = .database(
        DatabaseEndpoint(
          place: .tcp(host: host, port: node.address.port),
          credentials: Credentials(user: "tiertop", password: .file(path: passwordFile))))
    case .mysql, .dns: break
    }
    if node.hasExporter {
      endpoints[.host] = .metrics(HTTPEndpoint(url: "http://\(host):9100/metrics"), MetricNames())
    }
    return endpoints
  }

  func statsSocket(of node: Node) -> String { "\(directory)/\(node.name).sock" }
  func keepalivedHome(of node: Node) -> String { "\(home(of: node))/keepalived" }
  /// Also holds keepalived's and HAProxy's health as the watcher wrote it.
  func healthFile(of node: Node) -> String { "\(keepalivedHome(of: node))/haproxy" }
  var passwordFile: String { "\(directory)/tiertop.password" }
}
