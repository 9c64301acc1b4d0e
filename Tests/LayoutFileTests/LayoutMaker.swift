import Cluster
import TestSupport

/// Makes layouts that are good, and as odd as a good layout may be.
struct LayoutMaker {
  var random: SeededRandom
  private var number = 0

  init(random: SeededRandom) { self.random = random }

  mutating func layout() -> Layout {
    number = 0
    var layout = Layout(cluster: "Shop: \"\(word())\" \\ 100 % #1")
    layout.interval = pick([
      .milliseconds(100), .milliseconds(1500), .seconds(1), .seconds(3600), .seconds(90),
    ])
    if flip() {
      layout.entry = Layout.Entry(
        dns: maybe("www.example.com"), vips: pick([[], ["10.0.0.1"], ["2001:db8::1", "[::1]:80"]]),
        frontends: pick([[], ["www"], ["a:b", "true"]]),
        resolver: maybe(SocketAddress(host: "10.0.0.53", port: 5353)), probe: maybe(9999),
        via: maybe(.namespace(path: "/run/netns/client")))
    }
    for _ in 0..<count(1...4) { layout.tiers.append(tier()) }
    if layout.tiers.count > 1, flip() {
      let allow = pick([
        [], [Layout.Firewall.Port(number: 80, transport: .tcp), .init(number: 53, transport: .udp)],
      ])
      layout.firewalls = [
        Layout.Firewall(from: layout.tiers[0].name, to: layout.tiers[1].name, allow: allow),
        Layout.Firewall(from: layout.tiers[1].name, to: layout.tiers[0].name, allow: []),
      ]
    }
    layout.filter = maybe(Layout.PacketFilter(table: "inet tiertop", via: maybe(.ssh(SSHHost(host: "fw")))))
    layout.drain.keepUp = count(0...20)
    layout.drain.hold = flip()
    layout.audit = pick([
      [], [.syslog], [.file(path: "/var/log/a b: #.log")], [.file(path: "/é"), .syslog, .file(path: "/{x}")],
    ])
    layout.health.defaults.apply(changes())
    for tier in layout.tiers where flip() { layout.health.tiers[tier.name] = changes() }
    for node in layout.nodes where flip() { layout.health.nodes[node.name] = changes() }
    layout.objective = Double(count(500_000...999_999)) / 1_000_000
    layout.screen.view = pick(ScreenPreferences.View.allCases)
    layout.screen.theme = pick(ScreenPreferences.ThemeName.allCases)
    layout.screen.columns = maybe(ScreenPreferences.Column.allCases.shuffled(using: &random))
    layout.history = pick([
      HistoryPolicy(), HistoryPolicy(isRecorded: false),
      HistoryPolicy(keep: .seconds(5400), minutes: .days(30), hours: .days(365), size: 500_000_000),
      HistoryPolicy(keep: .days(400), minutes: .seconds(7200), hours: .days(3650), size: 1_000_000_000_000),
    ])
    return layout
  }

  private mutating func tier() -> Layout.Tier {
    var tier = Layout.Tier(name: TierName(word()), mode: pick(Layout.Mode.allCases))
    let primary = NodeName(word())
    tier.nodes = [Layout.Node(name: primary, role: .primary)]
    for _ in 0..<count(0...4) {
      var node = Layout.Node(name: NodeName(word()))
      if flip() {
        node.role = .replica
        node.of = primary
      }
      node.address = maybe(
        SocketAddress(host: pick(["10.0.0.1", "2001:db8::7"]), port: UInt16(clamping: 1000 + number)))
      node.via = maybe(
        pick([
          .ssh(SSHHost(host: "h")), .ssh(SSHHost(user: "ops", host: "::1", port: 22)),
          .ssh(SSHHost(host: "a.b", port: 1)), .namespace(path: "/run/netns/a b"),
        ]))
      node.haproxy = maybe(
        pick([
          .unix(path: "/run/a b: #\(number).sock"), .tcp(host: "::1", port: UInt16(number)),
          .tcp(host: "lb\(number)", port: 65535),
          .http(HTTPEndpoint(url: "http://[::1]:8404/stats\(number);csv", credentials: credentials())),
          .http(HTTPEndpoint(url: "http://localhost/;csv", socketPath: "/run/x\(number).sock")),
        ]))
      node.nginx = maybe(
        pick([
          .http(HTTPEndpoint(url: "https://h/status?a=\(number)&b='2'", credentials: credentials())),
          .http(HTTPEndpoint(url: "http://localhost/status", socketPath: "/run/é\(number).sock")),
        ]))
      for (system, endpoint) in others() where flip() { node.endpoints[system] = endpoint }
      node.runs = maybe(pick(Layout.Program.allCases))
      tier.nodes.append(node)
    }
    return tier
  }

  /// An endpoint of each system that a node may have beside HAProxy and Nginx.
  private mutating func others() -> [(Source.System, Endpoint)] {
    let page = HTTPEndpoint(url: "http://h\(number)/m?auto", credentials: credentials())
    return [
      (.keepalived, .directory(path: pick(["/run/keepalived\(number)", "/run/\"q\" \\x\(number)"]))),
      (.apache, .http(page)),
      (.gunicorn, .udp(host: pick(["::1", "10.0.0.9"]), port: 8125)),
      (
        .uwsgi,
        pick([
          .unix(path: "/run/u\(number).sock"), .tcp(host: "::1", port: UInt16(clamping: number)),
          .http(HTTPEndpoint(url: "http://u\(number)/")),
        ])
      ),
      (
        .phpFPM,
        .fastCGI(
          FastCGIEndpoint(
            place: pick([.unix(path: "/run/f\(number).sock"), .tcp(host: "::1", port: 9000)]),
            page: "/status\(number)"))
      ),
      (
        .metrics,
        .metrics(
          page,
          MetricNames(
            requests: maybe("a_total{code=\"2\"}"), errors: maybe("b:c"), latency: maybe("d"),
            busy: maybe("e")))
      ),
      (
        .mariadb,
        .database(
          DatabaseEndpoint(
            place: pick([.unix(path: "/run/d\(number).sock"), .tcp(host: "d\(number)", port: 3306)]),
            credentials: credentials()))
      ),
      (.host, .metrics(HTTPEndpoint(url: "http://h\(number):9100/metrics"), MetricNames())),
    ]
  }

  private mutating func credentials() -> Credentials? {
    maybe(
      Credentials(
        user: pick(["ops", "o'\"p"]),
        password: pick([.environment(variable: "A_1"), .file(path: "/etc/a b"), .environment(variable: "no")])
      ))
  }

  private mutating func changes() -> HealthLimits.Changes {
    var changes = HealthLimits.Changes()
    changes.errorRate = maybe(Double(count(0...1_000_000)) / 1_000_000)
    changes.latency = maybe(.milliseconds(count(1...100_000)))
    changes.queue = maybe(Int64(count(0...1000)))
    changes.sessionShare = maybe(Double(count(0...100)) / 100)
    changes.minimumAttempts = maybe(Int64(count(0...1000)))
    changes.lag = maybe(.milliseconds(count(1...100_000)))
    return changes
  }

  /// A name that no other has, and that YAML could take for something else.
  private mutating func word() -> String {
    number += 1
    return pick(["web", "no", "~", "0x", "été", "日本", "a:", "#", "*a", "'", "{", "-", "1e", "名"])
      + "\(number)"
  }

  private mutating func flip() -> Bool { Bool.random(using: &random) }
  private mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: items.indices, using: &random)] }
  private mutating func maybe<T>(_ value: T?) -> T? { flip() ? value : nil }
}
