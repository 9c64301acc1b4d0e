import Cluster
import LayoutFile
import Testing

@testable import Lab

@Suite struct SitePlanTests {
  private func plan(of text: String) throws -> SitePlan {
    try SitePlan(
      layout: LayoutFile.layout(from: Array(text.utf8)), directory: "/run/user/1000/tiertop-lab-golden",
      secrets: SitePlan.Secrets(monitor: "25", replication: "25", application: "25"))
  }

  private static let shop = """
    cluster: shop
    entry: { dns: www.shop.test, vip: 10.77.1.100 }
    tiers:
      - tier: lb
        mode: active-passive
        nodes:
          - { node: lb1, haproxy: "tcp://10.77.1.21:9999", keepalived: /run/keepalived }
          - { node: lb2, via: "ssh://ops@lb2.shop.test", haproxy: /run/haproxy.sock, keepalived: /run/keepalived }
      - tier: web
        nodes:
          - { node: web1, address: "10.77.2.11:80", nginx: "http://127.0.0.1:8080/nginx_status" }
          - { node: web2, address: "[2001:db8::2]:80", runs: nginx }
      - tier: app
        nodes:
          - { node: app1, address: "203.0.113.9:8000", runs: gunicorn }
          - { node: api1, runs: node }
      - tier: data-base
        nodes:
          - { node: db1, role: primary, runs: mariadb }
          - { node: db2, role: replica, of: db1, runs: mariadb }
    firewalls:
      - { between: [lb, web], allow: [80/tcp] }
      - { between: [web, app], allow: [8000/tcp, 3000/tcp] }
      - { between: [app, data-base], allow: [3306/tcp] }
    """

  @Test func addressesOfTheLabStayAndAllOthersAreMappedIntoIt() throws {
    let plan = try plan(of: Self.shop)
    #expect(
      plan.nodes.map(\.address.description) == [
        "10.77.1.21:80", "10.77.1.12:80", "10.77.2.11:80", "10.77.2.12:80", "10.77.3.11:8000",
        "10.77.3.12:3000", "10.77.4.11:3306", "10.77.4.12:3306",
      ])
    #expect(plan.entries.map(\.description) == ["10.77.1.100:80"])
    #expect(plan.clients.host(10) == "10.77.0.10")
  }

  @Test func theRunningLayoutAsksEverythingFromWithinItsNamespace() throws {
    let running = try plan(of: Self.shop).running(as: "4711")
    let nodes = running.nodes
    #expect(
      nodes.map { $0.via?.description } == nodes.map { "netns:/proc/4711/root/run/netns/\($0.name.text)" })
    #expect(running.entry?.resolver?.description == "10.77.0.53:53")
    #expect(running.entry?.probe == 9999)
    #expect(running.filter?.table == "inet tiertop")
    #expect(nodes[0].endpoints[.keepalived] != nil)
    #expect(nodes[4].endpoints[.gunicorn]?.description == "udp://127.0.0.1:8125")
    guard case .database(let database)? = nodes[7].endpoints[.mariadb] else {
      throw LabError.unusableName("no database")
    }
    #expect(
      database.credentials?.password == .file(path: "/run/user/1000/tiertop-lab-golden/tiertop.password"))
  }

  @Test func theRunningLayoutReadsBackAsItIs() throws {
    let plan = try plan(of: Self.shop)
    #expect(try LayoutFile.layout(from: Array(plan.layoutText(as: "4711").utf8)) == plan.running(as: "4711"))
  }

  @Test func theFilesAreAsRecorded() throws {
    let files = try plan(of: Self.shop).files()
    for name in [
      "network/network.sh", "network/firewall.nft", "lb1/haproxy.cfg", "lb2/keepalived/keepalived.conf",
      "web1/nginx.conf", "app1/application.py", "db2/mariadb.cnf", "db2/init.sql", "dns/dnsmasq.conf",
    ] {
      let file = try #require(files.first { $0.name == name })
      try expectGolden(file.text, "site." + name.replacing("/", with: "."))
    }
  }

  @Test func whatIsNotAllowedBetweenTwoTiersIsDroppedAndCounted() throws {
    let rules = FirewallRules.text(of: try plan(of: Self.shop))
    #expect(rules.contains("policy drop"))
    #expect(rules.contains("tcp dport 3306 counter name app_data_base accept"))
    #expect(rules.contains("counter name web_data_base_dropped drop"))
    #expect(!rules.contains("counter name web_data_base accept"))
  }

  @Test func aLayoutWithoutFirewallsLetsEverythingThrough() throws {
    let text = Self.shop.split(separator: "\n").prefix { !$0.hasPrefix("firewalls") }.joined(separator: "\n")
    let plan = try plan(of: text)
    #expect(FirewallRules.text(of: plan).contains("policy accept"))
    // Then the load balancers reach the application too, and count it.
    #expect(plan.balanced.map(\.name) == ["web", "app", "api"])
  }

  @Test func eachOfTwoAddressesIsAtHomeOnAnotherLoadBalancer() throws {
    let text = Self.shop.replacing("vip: 10.77.1.100", with: "vip: [10.77.1.100, 10.77.1.101]")
    let plan = try plan(of: text)
    let priorities = plan.loadBalancers.map { node in
      KeepalivedConfiguration.text(of: node, in: plan).split(separator: "\n")
        .filter { $0.contains(" priority ") }.map { $0.split(separator: " ")[1] }
    }
    #expect(priorities == [["110", "100"], ["100", "110"]])
  }

  @Test func aNodeCannotHaveTheNameOfWhatTheLabItselfHas() {
    #expect(throws: LabError.unusableName("router")) {
      try plan(of: Self.shop.replacing("app1", with: "router"))
    }
  }

  @Test func inThePlaceOfMySQLThereIsMariaDBAndTheLabSaysSo() throws {
    let plan = try plan(
      of: Self.shop.replacing("role: primary, runs: mariadb", with: "role: primary, runs: mysql"))
    #expect(plan.nodes.first { $0.name == "db1" }?.program == .mariadb)
    #expect(plan.notes == ["in the place of MySQL, db1 has MariaDB, which speaks its protocol"])
    let running = plan.running(as: "4711").nodes.first { $0.name.text == "db1" }
    #expect(running?.runs == .mariadb && running?.endpoints[.mariadb] != nil)
    #expect(try self.plan(of: Self.shop).notes.isEmpty)
  }

  @Test func whatCanBePlayedAtANodeIsKnownBefore() throws {
    let plan = try plan(of: Self.shop)
    func kinds(_ name: String) -> [String] {
      plan.nodes.first { $0.name == name }.map { plan.faults(at: $0).map(\.rawValue) } ?? []
    }
    #expect(kinds("lb1") == ["kill", "hang", "loss", "cut", "full", "split-brain"])
    #expect(kinds("web1") == ["kill", "hang", "slow", "errors", "loss", "cut", "full"])
    #expect(kinds("db1") == ["kill", "hang", "loss", "cut", "full"])
    #expect(kinds("db2") == ["kill", "hang", "loss", "cut", "full", "lag", "stop-replication"])
  }

  @Test func anApplicationAsksThePostgreSQLThatItMayReach() throws {
    let text = Self.shop.replacing("mariadb", with: "postgresql").replacing("3306", with: "5432")
    let plan = try plan(of: text)
    let file = try #require(plan.files().first { $0.name == "app1/application.py" })
    try expectGolden(file.text, "site.postgresql.application.py")
    #expect(
      ConnectionHolder.text(of: try #require(plan.nodes.first { $0.name == "db1" }), in: plan)
        .contains("DATABASE = (\"10.77.4.11\", 5432)"))
  }

  @Test(arguments: [
    ("kill", nil, "kill"), ("slow", "300ms", "slow 300ms"), ("slow", nil, "slow 300ms"),
    ("errors", "5%", "errors 5%"), ("loss", "20%", "loss 20%"), ("lag", "5s", "lag 5s"),
    ("full", nil, "full"),
  ])
  func aFaultIsReadAsItIsSaid(kind: String, value: String?, words: String) throws {
    #expect(try LabFault(kind: kind, value: value).words == words)
  }

  @Test(arguments: [
    ("kill", "now"), ("slow", "very"), ("errors", "120%"), ("errors", "5"), ("fire", nil), ("lag", "500ms"),
  ])
  func whatIsNoFaultIsRefused(kind: String, value: String?) {
    #expect(throws: LabError.self) { try LabFault(kind: kind, value: value) }
  }

  @Test func onPlainLoopbackWhatCannotStandThereIsLeftOutAndNamed() throws {
    let (plain, left) = LoopbackLayout.of(try LayoutFile.layout(from: Array(Self.shop.utf8)))
    #expect(plain.nodes.map(\.name.text) == ["lb1", "lb2", "web1", "web2", "app1"])
    #expect(
      left == [
        "firewalls", "address that moves", "name server", "api1 (node)", "db1 (mariadb)", "db2 (mariadb)",
      ])
  }
}
