import Cluster
import Foundation
import LayoutFile
import Testing

@testable import Lab

/// The configurations for real machines.
@Suite struct MachineFilesTests {
  private static let other = """
    cluster: other
    entry: { dns: www.other.test, vip: ["10.9.1.100", "2001:db8:9::100"] }
    tiers:
      - tier: lb
        nodes:
          - { node: lb1, address: "10.9.1.11:443", runs: haproxy }
          - { node: lb2, address: "10.9.1.12:443", haproxy: "tcp://10.9.1.12:9999" }
      - tier: web
        nodes:
          - { node: web1, address: "10.9.2.11:80", runs: apache }
          - { node: web2, address: "10.9.2.12:80", apache: { url: "http://10.9.2.12:8081/status", user: ops, password_env: P } }
          - { node: web3, address: "10.9.2.13:443", runs: apache }
      - tier: app
        nodes:
          - { node: app1, address: "10.9.3.11:9000", runs: php-fpm }
          - { node: app2, address: "10.9.3.12:8000", runs: uwsgi }
    """

  private func files(of layout: Layout) throws -> [String: String] {
    let files = try SitePlan(machines: layout).machineFiles().map(\.file)
    return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.text) })
  }

  private func layout(_ text: String) throws -> Layout { try LayoutFile.layout(from: Array(text.utf8)) }

  private func temporary() -> String {
    FileManager.default.temporaryDirectory.appending(path: "tt-\(UInt32.random(in: 0...9_999_999))").path
  }

  @Test(arguments: shippedLayouts + ["other"])
  func everyProgramTakesWhatIsWrittenForIt(_ name: String) throws {
    let layout = name == "other" ? try layout(Self.other) : try shippedLayout(name)
    let directory = temporary()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    _ = try SiteConfigurations.write(layout, to: directory, replacing: false)
    let addresses = layout.nodes.compactMap(\.address?.host).map { $0 + ($0.contains(":") ? "/128" : "/32") }
    let check = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Checks/check-configurations")
    let process = Process()
    let said = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = [getuid() == 0 ? "-mn" : "-Urmn", "sh", check.path, directory] + addresses
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"]
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(words)")
    // Nothing was left out without a word.
    #expect(words.hasSuffix(" checked\n") && !words.hasPrefix("0 "), "\(words)")
  }

  @Test(arguments: shippedLayouts)
  func theLayoutBesideThemIsGoodAndHasTheSameNodes(_ name: String) throws {
    let given = try shippedLayout(name)
    let text = try #require(files(of: given)["layout.yaml"])
    let written = try layout(text)
    #expect(written.nodes.map(\.name) == given.nodes.map(\.name))
    #expect(written.nodes.map(\.address) == given.nodes.map(\.address))
    #expect(written.firewalls == given.firewalls)
    #expect(written.entry?.vips == given.entry?.vips)
  }

  @Test func theFilesOfAnActivePassiveSiteAreAsRecorded() throws {
    let files = try files(of: try shippedLayout("demo"))
    for name in [
      "lb1/haproxy.cfg", "lb2/keepalived.conf", "lb1/tiertop-notify", "web1/nginx.conf", "db1/mariadb.cnf",
      "db1/users.sql", "db2/replica.sql", "fw/nftables.conf", "layout.yaml", "README.md",
    ] {
      try expectGolden(try #require(files[name]), "machine." + name.replacing("/", with: "."))
    }
  }

  @Test func whatTiertopAsksIsWhatTheFilesOffer() throws {
    let given = try shippedLayout("active-active")
    let files = try files(of: given)
    // The stats socket of the layout and that of the probe do not have the same port.
    let balancer = try #require(files["lb1/haproxy.cfg"])
    #expect(balancer.contains("stats socket ipv4@10.77.1.11:9999 level admin"))
    #expect(balancer.contains("stats socket ipv4@0.0.0.0:9998 level user"))
    #expect(try layout(try #require(files["layout.yaml"])).entry?.probe == 9998)
    #expect(try #require(files["web3/nginx.conf"]).contains("listen [2001:db8:77:2::13]:8080;"))
    #expect(try #require(files["lb2/tiertop-notify"]).contains(">>/run/keepalived/lb2/notify"))

    let socket = try #require(try self.files(of: shippedLayout("active-passive"))["web2/nginx.conf"])
    #expect(socket.contains("listen unix:/run/nginx/status.sock;"))
    let page = try #require(try self.files(of: shippedLayout("three-servers"))["lb1/haproxy.cfg"])
    #expect(page.contains("bind :8404 ssl crt"))
    #expect(page.contains("stats auth \"ops:${HAPROXY_STATS_PASSWORD}\""))
  }

  @Test func whatALayoutDoesNotAskIsAskedWhereTheFilesOfferIt() throws {
    let files = try files(of: try layout(Self.other))
    let written = try layout(try #require(files["layout.yaml"]))
    #expect(written.nodes[0].haproxy == .unix(path: "/run/haproxy/admin.sock"))
    #expect(written.nodes[0].via == .ssh(SSHHost(host: "10.9.1.11")))
    #expect(written.nodes[2].endpoints[.apache]?.description == "http://10.9.2.11:8080/server-status?auto")
    #expect(try #require(files["web1/apache2.conf"]).contains("Listen 10.9.2.11:8080"))
    #expect(try #require(files["web2/apache2.conf"]).contains("<Location /status>"))
  }

  @Test(arguments: shippedLayouts)
  func noSecretIsMadeUp(_ name: String) throws {
    for (file, text) in try files(of: try shippedLayout(name)) {
      // As words of a password without its value, or as a variable.
      for line in text.split(separator: "\n")
      where line.contains("IDENTIFIED BY") || line.contains("PASSWORD =") {
        #expect(line.contains("<PASSWORD-OF-"), "\(file): \(line)")
      }
      #expect(!text.contains("password="), "\(file)")
    }
  }

  @Test func tiersInOneNetworkHaveAFirewallOnEachMachine() throws {
    let files = try files(of: try shippedLayout("three-servers"))
    #expect(files["fw/nftables.conf"] == nil)
    let database = try #require(files["db1/nftables.conf"])
    #expect(database.contains("policy drop"))
    #expect(database.contains("\n        ip saddr 203.0.113.12 tcp dport 3306 counter name app_db accept\n"))
    // Where an address is not known, nobody is let in until somebody says it.
    let web = try #require(files["web1/nftables.conf"])
    #expect(web.contains("# ip saddr ADDRESS tcp dport 443 counter name lb_web accept"))
    #expect(!web.contains("\n        tcp dport 443"))
  }

  @Test func aRoutersFirewallLetsThroughWhatTheLayoutAllowsAndNothingElse() throws {
    let rules = try #require(try files(of: try shippedLayout("demo"))["fw/nftables.conf"])
    #expect(rules.contains("policy drop"))
    let accepted = rules.split(separator: "\n").filter { $0.contains(" accept") && !$0.contains("#") }
      .map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(
      accepted == [
        "tcp dport 80 counter name clients_lb accept", "tcp dport 80 counter name lb_web accept",
        "tcp dport 8000 counter name lb_app accept", "tcp dport 8000 counter name web_lb accept",
        "tcp dport 3306 counter name app_db accept", "ct state established,related accept",
      ])
  }

  @Test func aDirectoryWithSomethingInItIsWrittenToOnlyWhenToldTo() throws {
    let directory = temporary() + "/deep"
    defer { try? FileManager.default.removeItem(atPath: (directory as NSString).deletingLastPathComponent) }
    let layout = try shippedLayout("demo")
    let files = try SiteConfigurations.write(layout, to: directory, replacing: false)
    #expect(files.contains("lb1/haproxy.cfg") && files.last == "README.md")
    let path = directory + "/lb1/haproxy.cfg"
    try "edited".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: LabError.notEmpty(path: directory)) {
      try SiteConfigurations.write(layout, to: directory, replacing: false)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "edited")
    _ = try SiteConfigurations.write(layout, to: directory, replacing: true)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("frontend www"))
    let mode = try FileManager.default.attributesOfItem(atPath: directory + "/lb1/tiertop-notify")
    #expect((mode[.posixPermissions] as? Int).map { $0 & 0o700 } == 0o700)
  }

  @Test func whereNothingCanBeWrittenIsSaid() throws {
    let layout = try shippedLayout("demo")
    #expect(throws: LabError.self) {
      try SiteConfigurations.write(layout, to: "/proc/none", replacing: false)
    }
    let file = temporary()
    try "x".write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    #expect(throws: LabError.notEmpty(path: file)) {
      try SiteConfigurations.write(layout, to: file, replacing: false)
    }
  }

  @Test func whatTheLayoutDoesNotSayIsNamed() throws {
    var layout = try shippedLayout("demo")
    layout.tiers[2].nodes[0].address = nil
    #expect(throws: LabError.noAddress(node: "app1")) { try SitePlan(machines: layout) }
    layout = try shippedLayout("demo")
    layout.tiers[2].nodes[0].runs = nil
    #expect(throws: LabError.cannotRun(node: "app1", program: nil)) { try SitePlan(machines: layout) }
    layout = try shippedLayout("demo")
    layout.tiers[2].nodes[0].name = NodeName("fw")
    #expect(throws: LabError.unusableName("fw")) { try SitePlan(machines: layout) }
  }

  @Test(arguments: ["/run/a b.sock", "/run/x\"y", "/run/x;y", "/run/$HOME", "/run/#"])
  func whatWouldMeanSomethingInAConfigurationIsRefused(_ path: String) throws {
    var layout = try shippedLayout("demo")
    layout.tiers[0].nodes[0].haproxy = .unix(path: path)
    #expect(throws: LabError.unwritable(path)) { try SitePlan(machines: layout).machineFiles() }
    layout = try shippedLayout("demo")
    layout.tiers[0].nodes[1].endpoints[.keepalived] = .directory(path: path)
    #expect(throws: LabError.unwritable(path)) { try SitePlan(machines: layout).machineFiles() }
    layout = try shippedLayout("demo")
    layout.entry?.dns = path
    #expect(throws: LabError.unwritable(path)) { try SitePlan(machines: layout) }
  }

  @Test func aClusterNameCannotReachIntoAConfiguration() throws {
    var layout = try shippedLayout("demo")
    layout.cluster = "a\"\n    stats socket /tmp/x level admin # { } ; $host `x` \u{1B}[2J"
    for (file, text) in try files(of: layout) where file != "layout.yaml" {
      #expect(!text.contains("stats socket /tmp"), "\(file)")
      #expect(!text.contains("\u{1B}"))
    }
  }
}
