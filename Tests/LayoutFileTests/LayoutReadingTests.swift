import Cluster
import LayoutFile
import Testing

struct LayoutReadingTests {
  @Test(arguments: ShippedLayouts.names)
  func everyShippedLayoutIsFine(name: String) {
    let report = LayoutCheck.report(path: ShippedLayouts.path(name))
    #expect(report.isGood, "\(report.lines)")
    #expect(report.lines.count == 1)
    #expect(report.exitStatus == 0)
  }

  @Test func theFormatIsReadWhole() throws {
    let layout = try LayoutFile.layout(from: Array(Self.whole.utf8))
    #expect(layout.cluster == "www.foobar.com")
    #expect(layout.interval == .seconds(1))
    #expect(layout.entry == Layout.Entry(dns: "www.foobar.com", vips: ["10.77.1.100"], frontends: ["www"]))
    #expect(layout.tiers.map(\.name.text) == ["lb", "web", "app", "db"])
    #expect(layout.tiers.map(\.mode) == [.activePassive, .activeActive, .activeActive, .activeActive])
    let nodes = layout.nodes
    #expect(
      nodes[0]
        == Layout.Node(
          name: NodeName("lb1"), haproxy: .unix(path: "/run/haproxy/lb1.sock"),
          endpoints: [.keepalived: .directory(path: "/run/keepalived/lb1")]))
    #expect(nodes[1].haproxy == .tcp(host: "10.77.1.12", port: 9999))
    #expect(
      nodes[2].haproxy
        == .http(
          HTTPEndpoint(
            url: "https://10.0.0.1:8404/stats;csv",
            credentials: .init(user: "ops", password: .environment(variable: "HAPROXY_PASSWORD")))))
    #expect(nodes[3].nginx == .http(HTTPEndpoint(url: "http://10.77.2.11:8080/nginx_status")))
    #expect(nodes[4].via == .ssh(SSHHost(user: "ops", host: "web2", port: nil)))
    #expect(
      nodes[4].nginx
        == .http(
          HTTPEndpoint(url: "http://localhost/nginx_status", socketPath: "/run/nginx/web2.sock")))
    #expect(nodes[5].runs == .gunicorn)
    #expect(nodes[5].address == SocketAddress(host: "10.77.3.11", port: 8000))
    #expect(nodes[6].role == .primary)
    #expect(nodes[7].role == .replica)
    #expect(nodes[7].of == NodeName("db1"))
    #expect(layout.firewalls.map(\.from.text) == ["lb"])
    #expect(layout.firewalls[0].allow.map(\.description) == ["80/tcp", "53/udp"])
    #expect(layout.drain == Layout.DrainPolicy(keepUp: 2, hold: true))
    #expect(layout.audit == [.syslog, .file(path: "/var/log/tiertop/audit.log")])
    #expect(
      layout.health.defaults
        == HealthLimits(
          errorRate: 0.05, latency: .milliseconds(1500), queue: 7, sessionShare: 0.8, minimumAttempts: 3))
    #expect(layout.objective == 0.9995)
    #expect(layout.health.tiers[TierName("web")]?.latency == .milliseconds(200))
    #expect(layout.health.nodes[NodeName("web1")]?.errorRate == 0.02)
    #expect(
      layout.screen == ScreenPreferences(view: .table, columns: [.state, .qps], theme: .colourBlind))
    #expect(
      layout.history
        == HistoryPolicy(keep: .days(3), minutes: .days(30), hours: .days(365), size: 500_000_000))
  }

  @Test func whatIsNotWrittenHasItsDefault() throws {
    let layout = try LayoutFile.layout(from: Array("cluster: a\ntiers: [{tier: t, nodes: [{node: n}]}]".utf8))
    #expect(
      layout
        == Layout(
          cluster: "a",
          tiers: [Layout.Tier(name: TierName("t"), nodes: [Layout.Node(name: NodeName("n"))])]))
  }

  @Test func aSinglePlaceOfTheAuditNeedsNoList() throws {
    for (text, target) in [("syslog", Layout.AuditTarget.syslog), ("/a.log", .file(path: "/a.log"))] {
      let layout = "cluster: a\ntiers: [{tier: t, nodes: [{node: n}]}]\naudit: \(text)"
      #expect(try LayoutFile.layout(from: Array(layout.utf8)).audit == [target])
    }
  }

  @Test(arguments: ["\u{FEFF}", ""], ["\n", "\r\n", "\r"])
  func byteOrderMarksAndForeignLineEndsAreRead(mark: String, end: String) throws {
    let text = mark + Self.whole.replacing("\n", with: end)
    #expect(try LayoutFile.layout(from: Array(text.utf8)).nodes.count == 8)
  }

  @Test func utf16WithItsMarkIsRead() throws {
    let bytes: [UInt8] = [0xFF, 0xFE] + Self.whole.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try LayoutFile.layout(from: bytes).nodes.count == 8)
  }

  @Test(arguments: [
    ("/stats", "http://10.0.0.1:8404/stats;csv"), ("/stats;csv", "http://10.0.0.1:8404/stats;csv"),
    ("/stats;csv;norefresh", "http://10.0.0.1:8404/stats;csv"), ("", "http://10.0.0.1:8404/;csv"),
    ("/;csv", "http://10.0.0.1:8404/;csv"),
  ])
  func theStatsPageIsAlwaysAskedForItsCSV(page: String, url: String) throws {
    #expect(try Endpoint(haproxy: "http://10.0.0.1:8404\(page)") == .http(HTTPEndpoint(url: url)))
  }

  static let whole = """
    cluster: www.foobar.com   # a comment
    interval: 1s
    entry: { dns: www.foobar.com, vip: 10.77.1.100, frontends: [www] }
    tiers:
      - tier: lb
        mode: active-passive            # or active-active
        nodes:
          - { node: lb1, haproxy: /run/haproxy/lb1.sock, keepalived: /run/keepalived/lb1 }
          - { node: lb2, haproxy: "tcp://10.77.1.12:9999" }
          - node: lb3
            haproxy: { url: "https://10.0.0.1:8404/stats", user: ops, password_env: HAPROXY_PASSWORD }
      - tier: web
        nodes:
          - { node: web1, address: "10.77.2.11:80", nginx: "http://10.77.2.11:8080/nginx_status" }
          - { node: web2, via: "ssh://ops@web2", address: "10.77.2.12:80",
              nginx: "http+unix:///run/nginx/web2.sock:/nginx_status" }
      - tier: app
        nodes:
          - { node: app1, address: 10.77.3.11:8000, runs: gunicorn }
      - tier: db
        nodes:
          - { node: db1, address: "10.77.4.11:3306", role: primary }
          - { node: db2, address: "10.77.4.12:3306", role: replica, of: db1 }
    firewalls:
      - { between: [lb, web], allow: [80/tcp, 53/udp] }
    drain: { keep_up: 2, hold: true }
    audit: [syslog, /var/log/tiertop/audit.log]
    health: { error_rate: 5%, latency: 1.5s, queue: 7, sessions: "80%", min_requests: 3,
              objective: 99.95%, tiers: { web: { latency: 200ms } }, nodes: { web1: { error_rate: 0.02 } } }
    screen: { view: table, columns: [state, qps], theme: colour-blind }
    history: { keep: 3d, minutes: 720h, hours: 1y, size: 500MB }

    """
}
