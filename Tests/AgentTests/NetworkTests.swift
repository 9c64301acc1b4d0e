import CSystem
import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// What is asked from within networks, with the real programs.
@Suite(.serialized, .enabled(if: TestNetwork.isPossible, "\(TestNetwork.reason)"))
struct NetworkTests {
  private let scratch: Scratch
  private let here: TestNetwork
  private let there: TestNetwork

  init() throws {
    scratch = try Scratch()
    here = try TestNetwork()
    there = try TestNetwork()
    try here.connect("eth0", "10.77.1.1/24", to: there, "eth0", "10.77.1.2/24")
  }

  private func source(_ system: Source.System, _ endpoint: Endpoint, via: Passage? = nil) -> Source {
    Source(
      node: NodeName("x"), system: system, endpoint: endpoint, via: via ?? .namespace(path: here.path))
  }

  /// A listener in the other network.
  private func listener(port: UInt16) throws -> Owned {
    var address = numericAddress("10.77.1.2", port: port)
    return Owned(try there.namespace.within { tt_listen(&address, 4096) })
  }

  // MARK: Paths

  @Test func aConnectionIsOpenRefusedSilentOrUnreachable() throws {
    let listener = try listener(port: 80)
    try there.run("nft", ["add", "table", "inet", "fw"])
    try there.run("nft", ["add", "chain", "inet", "fw", "in", "{ type filter hook input priority 0; }"])
    try there.run("nft", ["add", "rule", "inet", "fw", "in", "tcp", "dport", "81", "drop"])
    try there.run(
      "nft",
      [
        "add", "rule", "inet", "fw", "in", "tcp", "dport", "82", "reject", "with", "icmpx",
        "admin-prohibited",
      ])
    func path(_ host: String, _ port: UInt16) -> Source {
      source(.path, .path(to: SocketAddress(host: host, port: port), isAllowed: true))
    }
    let sources = [
      path("10.77.1.2", 80), path("10.77.1.2", 79), path("10.77.1.2", 81), path("10.77.1.2", 82),
      path("10.99.0.1", 80),
    ]
    // Two seconds for each to answer.
    let readings = try firstReadings(of: sources, interval: .seconds(4))
    #expect(readings.map(\.path) == [.open, .refused, .silent, .unreachable, .unreachable])
    withExtendedLifetime(listener) {}
  }

  @Test func whatIsNoNetworkIsAFailureAndNoAnswer() throws {
    let missing = source(
      .path, .path(to: SocketAddress(host: "10.77.1.2", port: 80), isAllowed: true),
      via: .namespace(path: scratch.file("nothing")))
    #expect(
      try firstReadings(of: [missing]).map(\.failure)
        == [.system(errno: ENOENT, doing: "open network namespace")])
  }

  // MARK: Counters

  @Test func theCountersOfAFirewallAreReadWhereItIs() throws {
    try there.run("nft", ["add", "table", "inet", "tiertop"])
    try there.run("nft", ["add", "counter", "inet", "tiertop", "lb_web"])
    try there.run("nft", ["add", "chain", "inet", "tiertop", "in", "{ type filter hook input priority 0; }"])
    try there.run(
      "nft",
      ["add", "rule", "inet", "tiertop", "in", "tcp", "dport", "80", "counter", "name", "lb_web", "accept"])
    let path = source(.path, .path(to: SocketAddress(host: "10.77.1.2", port: 80), isAllowed: true))
    _ = try firstReadings(of: [path])
    let inside = Passage.namespace(path: there.path)
    let sources = (0..<3).map { _ in source(.firewall, .counters(table: "inet tiertop"), via: inside) }
    let readings = try firstReadings(of: sources)
    for reading in readings {
      #expect(reading.firewall?.counters.map(\.name) == ["lb_web"])
      #expect(reading.firewall?["lb_web"]?.packets == 1)
    }
    // There is no such table where the others are.
    let elsewhere = try firstReadings(of: [source(.firewall, .counters(table: "inet tiertop"))])
    guard case .command(let words)? = elsewhere[0].failure else {
      Issue.record("\(elsewhere)")
      return
    }
    #expect(words.contains("No such file or directory"))
  }

  @Test func aTableThatWouldMeanSomethingToAShellIsNotAskedFor() throws {
    for table in ["inet x;id", "inet", "inet -f", "inet a b", "inet $HOME"] {
      #expect(
        try firstReadings(of: [source(.firewall, .counters(table: table))]).map(\.failure) == [.unsuited],
        "\(table)")
    }
  }

  // MARK: Names

  private func nameServer(_ arguments: [String]) throws -> ChildProcess {
    let server = try there.start(
      "dnsmasq",
      [
        "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--user=root",
        "--pid-file=", "--local-ttl=42", "--listen-address=10.77.1.2", "--bind-interfaces",
      ] + arguments,
      log: scratch.file("dns.log"))
    var isServing = false
    for _ in 0..<1000 where server.isRunning && !isServing {
      isServing = try here.namespace.within { isListening(numericAddress("10.77.1.2", port: 53)) }
      if !isServing { usleep(5000) }
    }
    guard isServing else {
      throw TestFailure("dnsmasq does not serve: \((try? scratch.text("dns.log")) ?? "")")
    }
    return server
  }

  private func asked(_ name: String, interval: Duration = .seconds(20)) throws -> Reading {
    let server = SocketAddress(host: "10.77.1.2", port: 53)
    return try firstReadings(of: [source(.dns, .name(name, server: server))], interval: interval)[0]
  }

  @Test func aNameIsLookedUpOfBothKindsAndThroughItsOtherName() throws {
    let server = try nameServer([
      "--host-record=edge.foobar.com,10.77.1.100,2001:db8::100", "--cname=www.foobar.com,edge.foobar.com",
    ])
    let answer = try #require(try asked("www.foobar.com").name)
    #expect(
      answer
        == NameAnswer(
          code: 0, addresses: ["10.77.1.100", "2001:db8::100"], timeToLive: 42, server: "10.77.1.2:53"))
    withExtendedLifetime(server) {}
  }

  @Test func aNameThatIsNotThereIsAnAnswer() throws {
    let server = try nameServer(["--local=/foobar.com/", "--host-record=edge.foobar.com,10.77.1.100"])
    let answer = try #require(try asked("nothing.foobar.com").name)
    #expect(answer.code == 3 && answer.addresses.isEmpty && answer.timeToLive == nil)
    withExtendedLifetime(server) {}
  }

  @Test func anAnswerThatDoesNotFitIsAskedForOverTCP() throws {
    let many = (1...60).map { "--host-record=many.foobar.com,10.78.0.\($0)" }
    let server = try nameServer(many)
    let answer = try #require(try asked("many.foobar.com").name)
    #expect(Set(answer.addresses) == Set((1...60).map { "10.78.0.\($0)" }))
    withExtendedLifetime(server) {}
  }

  @Test func aServerThatIsNotThereIsRefusedAndOneThatIsSilentTimedOut() throws {
    #expect(try asked("www.foobar.com").failure == .refused)
    try there.run("nft", ["add", "table", "inet", "fw"])
    try there.run(
      "nft", ["add", "chain", "inet", "fw", "in", "{ type filter hook input priority 0; policy drop; }"])
    #expect(
      try asked("www.foobar.com", interval: .seconds(1)).failure
        == .timedOut(after: .milliseconds(500), received: 0))
  }

  // MARK: The virtual address

  @Test func aSilenceIsMeasuredFromTheLastAnswerToTheNext() throws {
    var address = numericAddress("10.77.1.2", port: 9999)
    let loop = try EventLoop()
    var options = AgentOptions()
    options.warmUp = false
    let agent = Agent(
      plan: PollPlan(
        interval: .seconds(2), sources: [source(.vip, .tcp(host: "10.77.1.2", port: 9999))]),
      loop: loop, options: options)
    var latest: AddressStatus?
    agent.onReading = { latest = $0.address ?? latest }
    var listener: Owned? = Owned(try there.namespace.within { tt_listen(&address, 4096) })
    agent.start()
    try loop.run(until: { (latest?.tries ?? 0) > 5 })
    #expect(latest?.answers == true && latest?.failures == 0 && latest?.outageBegan == nil)
    listener = nil
    // A try that was answered before that may be heard of a little later.
    try loop.run(until: { latest?.answers == false })
    let before = SystemClock().now()
    #expect(latest?.outageBegan != nil && latest?.outage == nil)
    try loop.run(until: { SystemClock().now().since(before) > .milliseconds(200) })
    listener = Owned(try there.namespace.within { tt_listen(&address, 4096) })
    let after = SystemClock().now()
    try loop.run(until: { latest?.answers == true })
    let outage = try #require(latest?.outage)
    // It lasted at least from when nobody had answered to when somebody listened.
    #expect(outage >= after.since(before))
    #expect((latest?.failures ?? 0) > 0)
    agent.stop()
    withExtendedLifetime(listener) {}
  }

  @Test func whoAnswersThereIsAskedForItsName() throws {
    try scratch.write(
      """
      global
        node lb7
        stats socket ipv4@0.0.0.0:9999 level user
      defaults
        mode http
        timeout client 1s
        timeout connect 1s
        timeout server 1s
      frontend www
        bind :80
      """, to: "haproxy.cfg")
    let server = try there.start(
      "haproxy", ["-db", "-f", scratch.file("haproxy.cfg")], log: scratch.file("haproxy.log"))
    for _ in 0..<1000 where server.isRunning {
      if try here.namespace.within({ isListening(numericAddress("10.77.1.2", port: 9999)) }) { break }
      usleep(5000)
    }
    let readings = try firstReadings(of: [
      source(.vip, .tcp(host: "10.77.1.2", port: 9999)),
      // It answers, and has no name.
      source(.vip, .tcp(host: "10.77.1.2", port: 80)),
    ])
    #expect(readings.map { $0.address?.answers } == [true, true])
    #expect(readings.map { $0.address?.holder } == ["lb7", ""])
    withExtendedLifetime(server) {}
  }
}
