import Cluster

/// A site that is made up: what two load balancers and the web servers' status pages would say, tick by
/// tick, so that screens are tested through the same fold as the real thing.
struct Site {
  struct Server {
    var backend: String
    var name: String
    var address: String
    /// Requests a tick through each load balancer.
    var rate: Int64 = 100
    /// Of a thousand requests, how many fail.
    var failing: Int64 = 0
    var milliseconds: Int64 = 12
    var sessions: Int64 = 3
    var queue: Int64 = 0
    var weight: Int64 = 100
    /// By load balancer; the last one holds for the rest.
    var status = ["UP"]
    var check = ("L7OK", "OK")
    fileprivate var requests: Int64 = 10_000
    fileprivate var errors: Int64 = 10
    fileprivate var carry: Int64 = 0
  }

  var layout: Layout
  var servers: [Server]
  /// What a source says instead of a reading.
  var failures: [Int: ReadFailure] = [:]
  /// Sources that say nothing at all.
  var silent: Set<Int> = []
  var pid: Int64 = 4242
  /// What the sources of other systems say in a second, by node and system: `db1 mariadb`.
  var systems: [String: @Sendable (Int64) -> Sample] = [:]
  /// What the load balancers' sockets allow.
  var level = AccessLevel.admin
  private(set) var now: Moment
  private var rosters: [Roster]
  private var plan: PollPlan
  private var web: [Int: Int64] = [:]

  /// 2026-11-21, 14:30:00 UTC.
  static let start = WallTime(nanoseconds: 1_795_271_400_000_000_000)

  init(layout: Layout, servers: [Server]) {
    self.layout = layout
    self.servers = servers
    now = Moment(wall: Self.start, uptime: Uptime(nanoseconds: 5_000_000_000_000))
    plan = PollPlan(for: layout)
    rosters = []
    rosters = plan.sources.map { _ in Roster(rows: rows) }
  }

  var backends: [String] {
    var seen: [String] = []
    for server in servers where !seen.contains(server.backend) { seen.append(server.backend) }
    return seen
  }

  private var rows: [Roster.Row] {
    [Roster.Row(proxy: "www", name: "FRONTEND", kind: .frontend, mode: "http")]
      + backends.flatMap { backend in
        servers.filter { $0.backend == backend }.map {
          Roster.Row(proxy: backend, name: $0.name, kind: .server, address: $0.address, mode: "http")
        } + [Roster.Row(proxy: backend, name: "BACKEND", kind: .backend, mode: "http")]
      }
  }

  subscript(name: String) -> Server {
    get { servers[servers.firstIndex { $0.name == name } ?? 0] }
    set { servers[servers.firstIndex { $0.name == name } ?? 0] = newValue }
  }

  /// What is read in the next second. `wave` makes the traffic a little livelier.
  mutating func tick() -> Frame {
    now.wall.nanoseconds += 1_000_000_000
    now.uptime.nanoseconds += 1_000_000_000
    let second = now.uptime.nanoseconds / 1_000_000_000
    for index in servers.indices where servers[index].status.contains(where: { !$0.hasPrefix("DOWN") }) {
      let wave = 80 + (second * 7 + Int64(index) * 13) % 40
      let more = servers[index].rate * wave / 100
      servers[index].requests += more
      servers[index].carry += more * servers[index].failing
      servers[index].errors += servers[index].carry / 1000
      servers[index].carry %= 1000
    }
    var readings: [Reading] = []
    var balancer = 0
    for (index, source) in plan.sources.enumerated() {
      let place = balancer
      if source.system == .haproxy { balancer += 1 }
      if silent.contains(index) { continue }
      let outcome: Reading.Outcome
      if let failure = failures[index] {
        outcome = .failure(failure)
      } else if source.system == .haproxy {
        outcome = .sample(.proxy(proxy(place, roster: rosters[index])))
      } else if let sample = systems["\(source.node) \(source.system.rawValue)"] {
        outcome = .sample(sample(second))
      } else if source.system != .nginx {
        continue
      } else {
        web[index, default: 1000] += 21
        let requests = web[index] ?? 0
        outcome = .sample(
          .web(
            StubStatus(
              active: 31, accepts: requests, handled: requests, requests: requests, reading: 0, writing: 3,
              waiting: 28)))
      }
      readings.append(
        Reading(source: SourceID(index), at: now, took: .milliseconds(3), outcome: outcome))
    }
    return Frame(at: now, readings: readings)
  }

  private func proxy(_ balancer: Int, roster: Roster) -> ProxySample {
    var figures = [Int64](repeating: StatTable.absent, count: roster.count * StatFigure.count)
    var notes = [String](repeating: "", count: roster.count * StatNote.count)
    func set(_ row: Int, _ figure: StatFigure, _ value: Int64) {
      figures[row * StatFigure.count + figure.rawValue] = value
    }
    var (requests, errors): (Int64, Int64) = (0, 0)
    var row = 1
    for backend in backends {
      var (sum, failed, usable): (Int64, Int64, Int64) = (0, 0, 0)
      for server in servers where server.backend == backend {
        let status = server.status[min(balancer, server.status.count - 1)]
        notes[row * StatNote.count + StatNote.status.rawValue] = status
        notes[row * StatNote.count + StatNote.checkStatus.rawValue] = server.check.0
        notes[row * StatNote.count + StatNote.lastCheck.rawValue] = server.check.1
        set(row, .reqTot, server.requests)
        set(row, .hrsp2xx, server.requests - server.errors)
        set(row, .hrsp5xx, server.errors)
        set(row, .econ, 0)
        set(row, .eresp, 0)
        set(row, .rtime, server.milliseconds)
        set(row, .ttime, server.milliseconds)
        set(row, .qtime, 0)
        set(row, .ctime, 1)
        set(row, .rtimeMax, server.milliseconds * 20)
        set(row, .ttimeMax, server.milliseconds * 20)
        set(row, .scur, server.sessions)
        set(row, .slim, 200)
        set(row, .qcur, server.queue)
        set(row, .weight, server.weight)
        set(row, .uweight, server.weight)
        set(row, .pid, pid)
        sum += server.requests
        failed += server.errors
        usable += status.hasPrefix("UP") ? 1 : 0
        row += 1
      }
      notes[row * StatNote.count + StatNote.status.rawValue] = usable > 0 ? "UP" : "DOWN"
      total(row, sum, failed)
      set(row, .act, usable)
      set(row, .bck, 0)
      requests += sum
      errors += failed
      row += 1
    }
    notes[StatNote.status.rawValue] = "OPEN"
    total(0, requests, errors)
    func total(_ row: Int, _ requests: Int64, _ errors: Int64) {
      set(row, .reqTot, requests)
      set(row, .hrsp2xx, requests - errors)
      set(row, .hrsp5xx, errors)
      // Frontends have no times.
      if row > 0 { set(row, .rtime, 15) }
      if row > 0 { set(row, .rtimeMax, 9800) }
      set(row, .scur, 41)
      set(row, .slim, 2000)
      set(row, .qcur, 0)
      set(row, .pid, pid)
    }
    var info = ProxyInfo(version: "2.6.12", node: "host\(balancer + 1)")
    info.pid = pid
    info.uptimeSeconds = 11_000 + now.uptime.nanoseconds / 1_000_000_000
    info.threads = 4
    info.maxConnections = 2000
    info.currentConnections = 41
    info.idlePercent = 97
    return ProxySample(
      stat: StatTable(roster: roster, figures: figures, notes: notes), info: info, servers: nil,
      level: level)
  }
}

extension Site {
  private static func node(
    _ name: String, _ address: String? = nil, haproxy: String? = nil, nginx: String? = nil,
    role: Layout.Role? = nil, of: String? = nil
  ) -> Layout.Node {
    Layout.Node(
      name: NodeName(name),
      address: address.map { SocketAddress(host: $0, port: 80) }, role: role, of: of.map(NodeName.init),
      haproxy: haproxy.map { .unix(path: $0) }, nginx: nginx.map { .http(HTTPEndpoint(url: $0)) })
  }

  /// Two load balancers, four web servers, three application servers and a database, all well.
  static func usual() -> Site {
    var layout = Layout(cluster: "www.foobar.com")
    layout.entry = Layout.Entry(dns: "www.foobar.com", vips: ["10.77.1.100"])
    layout.tiers = [
      Layout.Tier(
        name: TierName("lb"),
        nodes: [node("lb1", haproxy: "/run/haproxy/lb1.sock"), node("lb2", haproxy: "/run/haproxy/lb2.sock")]),
      Layout.Tier(
        name: TierName("web"),
        nodes: (1...4).map {
          node("web\($0)", "10.77.2.1\($0)", nginx: $0 < 3 ? "http://10.77.2.1\($0):8080/nginx_status" : nil)
        }),
      Layout.Tier(name: TierName("app"), nodes: (1...3).map { node("app\($0)", "10.77.3.1\($0)") }),
      Layout.Tier(
        name: TierName("db"),
        nodes: [
          node("db1", "10.77.4.11", role: .primary), node("db2", "10.77.4.12", role: .replica, of: "db1"),
        ]),
    ]
    layout.firewalls = [
      Layout.Firewall(
        from: TierName("lb"), to: TierName("web"), allow: [.init(number: 80, transport: .tcp)]),
      Layout.Firewall(
        from: TierName("web"), to: TierName("app"),
        allow: [.init(number: 8000, transport: .tcp), .init(number: 8001, transport: .tcp)]),
    ]
    let web = (1...4).map {
      Server(backend: "web", name: "web\($0)", address: "10.77.2.1\($0):80", rate: 1200 + Int64($0) * 90)
    }
    let app = (1...3).map {
      Server(
        backend: "app", name: "app\($0)", address: "10.77.3.1\($0):80", rate: 700, milliseconds: 41)
    }
    var site = Site(layout: layout, servers: web + app)
    site.systems["www.foobar.com dns"] = { _ in
      .name(NameAnswer(code: 0, addresses: ["10.77.1.100"], timeToLive: 60, server: "10.77.0.53:53"))
    }
    return site
  }

  /// One node in each state that traffic can bring about.
  static func troubled() -> Site {
    var site = usual()
    site["web2"].failing = 81
    site["web3"].status = ["DOWN"]
    site["web3"].check = ("L4CON", "Connection refused")
    site["web4"].status = ["DRAIN", "UP"]
    site["web4"].rate = 6
    site["app1"].milliseconds = 2400
    site["app1"].queue = 14
    site["app2"].status = ["MAINT"]
    site["app2"].rate = 0
    site["app3"].failing = 1
    return site
  }

  /// Two load balancers and a large web tier.
  static func large(_ count: Int) -> Site {
    var layout = Layout(cluster: "large")
    layout.tiers = [
      Layout.Tier(
        name: TierName("lb"),
        nodes: [node("lb1", haproxy: "/run/haproxy/lb1.sock"), node("lb2", haproxy: "/run/haproxy/lb2.sock")])
    ]
    var site = Site(
      layout: layout,
      servers: (1...count).map {
        let number = String($0)
        let name = "web" + String(repeating: "0", count: max(0, 3 - number.count)) + number
        return Server(
          backend: $0 % 4 == 0 ? "static" : "web", name: name,
          address: "10.8.\($0 / 250).\($0 % 250 + 1):80", rate: 40 + Int64($0 % 17))
      })
    if count >= 150 {
      site["web031"].status = ["DOWN"]
      site["web031"].check = ("L4TOUT", "")
      site["web117"].failing = 120
      site["web140"].status = ["MAINT"]
    }
    return site
  }

  /// Names that no table was made for.
  static func strange() -> Site {
    var layout = Layout(cluster: "サイト")
    layout.tiers = [
      Layout.Tier(name: TierName("負荷分散"), nodes: [node("lb-é", haproxy: "/run/haproxy/lb1.sock")]),
      Layout.Tier(
        name: TierName("web"),
        nodes: [
          node("ウェブサーバー一号機", "10.0.0.1"), node("a\u{301}\u{301}e\u{300}", "10.0.0.2"),
          node("a-very-long-name-of-a-host.in.some.zone.of.some.region.example.org", "10.0.0.3"),
          node("", "10.0.0.4"), node("evil\u{1B}[31m\u{202E}name", "10.0.0.5"),
        ]),
    ]
    return Site(
      layout: layout,
      servers: (1...5).map { Server(backend: "web", name: "s\($0)", address: "10.0.0.\($0):80") })
  }
}
