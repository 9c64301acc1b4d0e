import Cluster

extension Site {
  /// The usual site with everything asked: the virtual address, the application servers, the databases, the
  /// machines, the firewalls.
  static func whole() -> Site {
    var layout = usual().layout
    layout.entry?.probe = 9999
    layout.filter = Layout.PacketFilter(table: "inet tiertop")
    for (tier, nodes) in layout.tiers.enumerated() {
      for (place, node) in nodes.nodes.enumerated() {
        layout.tiers[tier].nodes[place].via = .namespace(path: "/run/netns/\(node.name)")
        layout.tiers[tier].nodes[place].endpoints.merge(endpoints(of: node, in: nodes.name.text)) { $1 }
      }
    }
    layout.firewalls[1].allow = [.init(number: 80, transport: .tcp)]
    layout.firewalls.append(
      Layout.Firewall(
        from: TierName("app"), to: TierName("db"), allow: [.init(number: 80, transport: .tcp)]))
    var site = Site(layout: layout, servers: usual().servers)
    site.systems = usual().systems
    site.hold(lb1: .master, lb2: .backup)
    for place in 1...3 { site.systems["app\(place) gunicorn"] = gunicorn }
    site.systems["db1 mariadb"] = { .database(database($0, perSecond: 3100)) }
    site.systems["db2 mariadb"] = { second in
      var status = database(second, perSecond: 1800)
      status.isReadOnly = true
      status.replication = DatabaseStatus.Replication(
        source: "10.77.4.11:80", receiving: .running, applying: .running, lag: 240, error: "")
      return .database(status)
    }
    site.systems["db1 host"] = host
    for border in ["lb>web", "web>app"] { site.systems["\(border) firewall"] = firewall(border) }
    site.systems["app>db firewall"] = firewall("app>db")
    for border in ["lb>web", "web>app", "app>db"] { site.systems["\(border) path"] = { _ in .path(.open) } }
    for border in layout.tiers.flatMap({ from in layout.tiers.map { "\(from.name)>\($0.name) path" } })
    where site.systems[border] == nil { site.systems[border] = { _ in .path(.silent) } }
    return site
  }

  /// lb1 is gone, and lb2 has taken the virtual address; the replica has stopped; a path is closed, another
  /// one open that should not be.
  mutating func fail() {
    let moved = Site.start.nanoseconds + 12_000_000_000
    hold(lb1: .fault, lb2: .master, since: WallTime(nanoseconds: moved))
    systems["10.77.1.100 vip"] = { second in
      .address(
        AddressStatus(
          holder: "host2", tries: second * 10, failures: 3, answers: true,
          outageBegan: WallTime(nanoseconds: moved), outage: .milliseconds(240)))
    }
    systems["db2 mariadb"] = { second in
      var status = Site.database(second, perSecond: 1800)
      status.isReadOnly = true
      status.replication = DatabaseStatus.Replication(
        source: "10.77.4.11:80", receiving: .running, applying: .stopped, lag: nil,
        error: "Error 'Duplicate entry' on query")
      return .database(status)
    }
    systems["web>app path"] = { _ in .path(.silent) }
    systems["web>db path"] = { _ in .path(.open) }
  }

  /// Who holds the virtual address, as keepalived says.
  private mutating func hold(lb1: RouterStatus.State, lb2: RouterStatus.State, since: WallTime = start) {
    for (name, state) in [("lb1", lb1), ("lb2", lb2)] {
      systems["\(name) keepalived"] = { _ in
        .router(
          RouterStatus(instances: [
            RouterStatus.Instance(
              name: "VI_1", state: state, since: since, priority: 110, addresses: ["10.77.1.100"])
          ]))
      }
    }
    systems["10.77.1.100 vip"] = { second in
      .address(AddressStatus(holder: "host1", tries: second * 10, failures: 0, answers: true))
    }
  }

  private static func endpoints(of node: Layout.Node, in tier: String) -> [Source.System: Endpoint] {
    let name = node.name.text
    switch tier {
    case "lb": return [.keepalived: .directory(path: "/run/keepalived/\(name)")]
    case "app": return [.gunicorn: .udp(host: "10.77.9.1", port: 8125)]
    case "db":
      let place = DatabaseEndpoint.Place.tcp(host: node.address?.host ?? "", port: 3306)
      return [
        .mariadb: .database(DatabaseEndpoint(place: place)),
        .host: .metrics(HTTPEndpoint(url: "http://\(name):9100/metrics"), MetricNames()),
      ]
    default: return [:]
    }
  }

  @Sendable private static func gunicorn(_ second: Int64) -> Sample {
    .workers(
      WorkerStatus(
        requests: second * 1600, errors: second, microseconds: second * 1600 * 41_000, busy: 3, idle: 1,
        latencies: WorkerStatus.Latencies(
          count: 700, p50: 38_000, p95: 91_000, p99: 240_000, longest: 400_000)))
  }

  private static func database(_ second: Int64, perSecond: Int64) -> DatabaseStatus {
    var status = DatabaseStatus(version: "10.11.6-MariaDB")
    status.uptimeSeconds = second
    status.queries = second * perSecond
    status.connections = 212
    status.connectionLimit = 400
    status.running = 3
    status.slow = second / 10
    status.aborted = 0
    status.isReadOnly = false
    status.replicas = 1
    return status
  }

  @Sendable private static func host(_ second: Int64) -> Sample {
    var status = HostStatus(mount: "/var")
    status.processorMilliseconds = second * 4000
    status.busyMilliseconds = second * 1400
    status.processors = 4
    status.load = 137
    status.memory = 16_000_000_000
    status.memoryAvailable = 6_000_000_000
    status.disk = 500_000_000_000
    status.diskAvailable = 120_000_000_000
    status.received = second * 12_400_000
    status.sent = second * 3_100_000
    return .host(status)
  }

  private static func firewall(_ border: String) -> @Sendable (Int64) -> Sample {
    let name = String(border.map { $0 == ">" ? "_" : $0 })
    return { second in
      .firewall(
        FirewallCounters(counters: [
          .init(name: name, packets: second * 120, bytes: 0),
          .init(name: "\(name)_dropped", packets: second * 3, bytes: 0),
        ]))
    }
  }
}
