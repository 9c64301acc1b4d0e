import Testing

@testable import Cluster

/// What is made of the systems beside HAProxy and Nginx.
struct SystemTests {
  // MARK: Application servers

  @Test func anApplicationServerIsKnownByWhatItSays() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("app1", .uwsgi, .workers(WorkerStatus(requests: 100, microseconds: 1_000_000)))])
    script.tick([
      (
        "app1", .uwsgi,
        .workers(WorkerStatus(requests: 150, errors: nil, microseconds: 1_500_000, busy: 2, idle: 2))
      )
    ])
    let node = script.node("app1")
    #expect(node.verdict == Verdict(.up))
    #expect(node.traffic.requests == 50)
    #expect(node.traffic.qps == 50)
    #expect(node.workers?.latency == 10)
    #expect(node.sessions == 2)
  }

  @Test func aRestartedApplicationServerIsAGap() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("app1", .uwsgi, .workers(WorkerStatus(requests: 100, started: 1)))])
    script.tick([("app1", .uwsgi, .workers(WorkerStatus(requests: 7, started: 2)))])
    #expect(script.node("app1").isReset)
    #expect(script.node("app1").traffic.qps == nil)
    #expect(script.changes(of: "app1").contains(.reset(.uwsgi, reason: .restarted)))
  }

  @Test func requestsThatWaitForAWorkerAreTrouble() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("app1", .uwsgi, .workers(WorkerStatus(busy: 4, idle: 0, queue: 17)))])
    #expect(script.node("app1").verdict == Verdict(.degraded, .workersBusy(4, waiting: 17)))
  }

  @Test func percentilesOfAHistogramAreThoseOfTheRequestsBetweenTwoReadings() throws {
    func buckets(_ counts: [Int64]) -> [WorkerStatus.Bucket] {
      zip([1000, 10_000, 100_000, .max], counts).map { WorkerStatus.Bucket(bound: $0, count: $1) }
    }
    let percentiles = try #require(
      WorkerReport.Percentiles(from: buckets([900, 900, 900, 900]), to: buckets([900, 950, 1000, 1000])))
    #expect(percentiles.p50 == 10)
    #expect(percentiles.p95 == 91)
    #expect(!percentiles.isExact)
    #expect(WorkerReport.Percentiles(from: buckets([1, 1, 1, 1]), to: buckets([1, 1, 1, 1])) == nil)
    #expect(WorkerReport.Percentiles(from: buckets([5, 5, 5, 5]), to: buckets([1, 2, 3, 4])) == nil)
    // All beyond the last bound: no more than that bound is known.
    let beyond = WorkerReport.Percentiles(from: buckets([0, 0, 0, 0]), to: buckets([0, 0, 0, 9]))
    #expect(beyond?.p99 == 100)
  }

  @Test func whoIsDownBecauseAllWorkersAreBusySaysThat() {
    var layout = WholeSite.layout
    layout.tiers[1].nodes[0].address = SocketAddress(parsing: "10.0.2.11:80")
    var script = ClusterScript(layout)
    var proxy = ProxyScript()
    proxy.server("app", "app1", "10.0.2.11:80", status: "DOWN", check: "L7TOUT")
    script.tick([
      script.source("lb1", .haproxy): proxy.sample(),
      script.source("app1", .uwsgi): .sample(.workers(WorkerStatus(busy: 4, idle: 0, queue: 17))),
    ])
    #expect(script.node("app1").verdict == Verdict(.down, .workersBusy(4, waiting: 17)))
  }

  // MARK: Who is told, and does not ask

  /// A site with one application server of Gunicorn's, which sends what it does.
  private static func told() -> ClusterScript {
    ClusterScript(
      Layout(
        cluster: "told",
        tiers: [
          Layout.Tier(
            name: TierName("app"),
            nodes: [
              Layout.Node(
                name: NodeName("app1"), address: SocketAddress(parsing: "10.77.3.11:8000"),
                endpoints: [.gunicorn: .udp(host: "127.0.0.1", port: 8125)])
            ])
        ]))
  }

  @Test func theFirstWordOfWhoSendsByItselfIsWaitedForCalmly() {
    var script = Self.told()
    script.tick([0: .failure(.nothingSent)])
    script.tick([0: .failure(.nothingSent)])
    #expect(script.node("app1").verdict == Verdict(.unknown, .neverRead(.nothingSent)))
    #expect(!script.node("app1").verdict.isTrouble)
    #expect(script.changes(of: "app1").isEmpty)
    script.tick([0: .sample(.workers(WorkerStatus(requests: 1)))])
    #expect(script.node("app1").verdict == Verdict(.up))
    #expect(script.changes(of: "app1").isEmpty)
  }

  @Test func aPlaceThatCannotBeListenedAtIsTroubleAllTheSame() {
    var script = Self.told()
    script.tick([0: .failure(.system(errno: 98, doing: "listen"))])
    #expect(script.node("app1").verdict.isTrouble)
    #expect(
      script.changes(of: "app1") == [.sourceLost(.gunicorn, .system(errno: 98, doing: "listen"))])
    script.tick([0: .failure(.nothingSent)])
    #expect(script.changes(of: "app1") == [.sourceBack(.gunicorn)])
  }

  // MARK: Web servers

  @Test func connectionsThatAWebServerHasNoPlaceForAreTrouble() {
    func status(_ accepts: Int64, _ handled: Int64) -> Sample {
      .web(
        StubStatus(
          active: 1, accepts: accepts, handled: handled, requests: 1, reading: 0, writing: 1, waiting: 0))
    }
    let node = Layout.Node(name: NodeName("web1"), nginx: .http(HTTPEndpoint(url: "http://10.77.2.11:8080/")))
    var script = ClusterScript(
      Layout(cluster: "web", tiers: [Layout.Tier(name: TierName("web"), nodes: [node])]))
    script.tick([("web1", .nginx, status(100, 100))])
    script.tick([("web1", .nginx, status(120, 113))])
    #expect(script.node("web1").verdict == Verdict(.degraded, .connectionsDropped(7)))
    script.tick([("web1", .nginx, status(121, 114))])
    #expect(script.node("web1").verdict == Verdict(.up))
  }

  // MARK: Databases

  @Test func aDatabaseWithoutAnyConnectionLeftIsSaidPlainly() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([
      (
        "db1", .mariadb,
        Self.database {
          $0.connections = 151
          $0.connectionLimit = 151
        }
      )
    ])
    #expect(
      script.node("db1").verdict == Verdict(.degraded, .inUse(151, of: 151, .connections, limit: 0.9)))
  }

  private static func database(
    _ change: (inout DatabaseStatus) -> Void = { _ in }
  ) -> Sample {
    var status = DatabaseStatus(version: "10.11")
    status.uptimeSeconds = 100
    status.queries = 1000
    status.isReadOnly = false
    change(&status)
    return .database(status)
  }

  private static func replica(
    _ receiving: DatabaseStatus.Progress = .running, _ applying: DatabaseStatus.Progress = .running,
    lag: Int64? = 0, source: String = "10.77.4.11:3306", error: String = ""
  ) -> Sample {
    database {
      $0.isReadOnly = true
      $0.replication = DatabaseStatus.Replication(
        source: source, receiving: receiving, applying: applying, lag: lag, error: error)
    }
  }

  @Test func aDatabasesQueriesAreCountedWithoutTheAgentsOwn() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("db1", .mariadb, Self.database())])
    script.tick([("db1", .mariadb, Self.database { $0.queries = 1104 })])
    #expect(script.node("db1").traffic.requests == 100)
    #expect(script.node("db1").traffic.qps == 100)
    #expect(script.node("db1").verdict == Verdict(.up))
  }

  static let broken: [(Sample, HealthReason?)] = [
    (replica(), nil),
    (
      replica(.running, .stopped, lag: nil, error: "error 1062"),
      .replicationBroken(.running, applying: .stopped, words: "error 1062")
    ),
    (
      replica(.connecting, .running, lag: nil),
      .replicationBroken(.connecting, applying: .running, words: "")
    ),
    (replica(lag: 41_000), .replicationLag(41, limit: 10)),
    (replica(lag: nil), nil),
    (
      replica(source: "10.77.4.99:3306"), .followsWrong(NodeName("db1"), follows: "10.77.4.99:3306")
    ),
    (database(), .secondPrimary(NodeName("db1"))),
    (database { $0.isReadOnly = true }, .followsWrong(NodeName("db1"), follows: "")),
  ]

  @Test(arguments: broken.indices)
  func whatIsWrongWithAReplicaIsSaidPlainly(place: Int) {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("db2", .mariadb, Self.broken[place].0)])
    let reason = Self.broken[place].1
    #expect(script.node("db2").verdict == Verdict(reason == nil ? .up : .degraded, reason))
  }

  @Test func aDatabaseAtWhoseDoorNobodyStandsIsDownAndWhatItSaidIsNoFigureAnyMore() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("db1", .mariadb, Self.database { $0.queries = 100 })])
    script.tick([("db1", .mariadb, Self.database { $0.queries = 200 })])
    #expect(script.node("db1").traffic.qps != nil)
    script.fail("db1", .mariadb, .timedOut(after: .milliseconds(500), received: 0))
    #expect(
      script.node("db1").verdict
        == Verdict(.up, .silent(.seconds(1), .timedOut(after: .milliseconds(500), received: 0))))
    script.fail("db1", .mariadb, .refused)
    #expect(script.node("db1").verdict == Verdict(.down, .silent(.seconds(2), .refused)))
    #expect(script.node("db1").traffic.qps == nil && script.node("db1").sessions == nil)
  }

  @Test func aDatabaseThatWasDeadBeforeAnybodyLookedIsDown() {
    var script = ClusterScript(WholeSite.layout)
    script.fail("db1", .mariadb, .refused)
    #expect(script.node("db1").verdict == Verdict(.down, .neverRead(.refused)))
  }

  @Test func aPrimaryThatRefusesWritesIsNone() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("db1", .mariadb, Self.database { $0.isReadOnly = true })])
    #expect(script.node("db1").verdict == Verdict(.degraded, .readOnlyPrimary))
  }

  // MARK: The virtual address

  private static func router(_ state: RouterStatus.State, since seconds: Int64 = 0) -> Sample {
    .router(
      RouterStatus(instances: [
        RouterStatus.Instance(
          name: "VI_1", state: state, since: WallTime(nanoseconds: seconds * 1_000_000_000),
          addresses: ["10.77.1.100"])
      ]))
  }

  private static func probed(
    _ holder: String, failures: Int64 = 0, answers: Bool = true, outage: Duration? = nil
  ) -> Sample {
    .address(
      AddressStatus(
        holder: holder, tries: 100, failures: failures, answers: answers,
        outageBegan: WallTime(nanoseconds: 1_700_000_000_500_000_000), outage: outage))
  }

  @Test func aVirtualAddressIsHeldByWhoeverSaysSo() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("lb1", .keepalived, Self.router(.master)), ("lb2", .keepalived, Self.router(.backup))])
    #expect(script.node("10.77.1.100").virtualAddress?.holders == [NodeName("lb1")])
    #expect(script.node("10.77.1.100").verdict == Verdict(.up))
  }

  @Test func whatWasTriedBeforeTheAddressMovedSaysNothingOfTheGap() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([
      ("lb1", .keepalived, Self.router(.master)), ("lb2", .keepalived, Self.router(.backup)),
      ("10.77.1.100", .vip, Self.probed("lb1")),
    ])
    // It moved after that; what the tries came to meanwhile is late.
    let since = script.moment.wall.nanoseconds / 1_000_000_000 + 1
    script.tick([
      ("lb1", .keepalived, Self.router(.backup)), ("lb2", .keepalived, Self.router(.master, since: since)),
    ])
    func moves() -> [Event.Change] {
      script.changes(of: "10.77.1.100").filter { if case .moved = $0 { true } else { false } }
    }
    #expect(moves().isEmpty)
    script.tick([("10.77.1.100", .vip, Self.probed("lb2", failures: 3, outage: .milliseconds(240)))])
    #expect(
      script.events.map(\.change).contains(
        .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: .milliseconds(240))))
  }

  @Test func aFailoverIsAnEventWithItsGap() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([
      ("lb1", .keepalived, Self.router(.master)), ("lb2", .keepalived, Self.router(.backup)),
      ("10.77.1.100", .vip, Self.probed("lb1")),
    ])
    script.tick([
      ("lb1", .keepalived, Self.router(.fault)), ("lb2", .keepalived, Self.router(.master, since: 9)),
      ("10.77.1.100", .vip, Self.probed("lb1", failures: 2, answers: false)),
    ])
    // Nobody knows yet for how long.
    #expect(script.changes(of: "10.77.1.100").allSatisfy { if case .moved = $0 { false } else { true } })
    #expect(script.node("10.77.1.100").verdict.state == .down)
    #expect(script.node("lb1").router?.instances.first?.state == .fault)
    let moved = script.moment.wall
    script.tick([
      ("lb1", .keepalived, Self.router(.fault)), ("lb2", .keepalived, Self.router(.master, since: 9)),
      ("10.77.1.100", .vip, Self.probed("lb2", failures: 3, outage: .milliseconds(240))),
    ])
    let event = Event(
      at: moved, node: NodeName("10.77.1.100"),
      change: .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: .milliseconds(240)))
    #expect(script.events.contains(event))
    #expect(script.node("10.77.1.100").virtualAddress?.moves == 1)
    #expect(script.node("10.77.1.100").virtualAddress?.since == WallTime(nanoseconds: 9_000_000_000))
    #expect(script.node("10.77.1.100").verdict == Verdict(.up))
    // It is told once.
    script.tick([("10.77.1.100", .vip, Self.probed("lb2", failures: 3, outage: .milliseconds(240)))])
    #expect(script.changes(of: "10.77.1.100") == [])
  }

  @Test func anAddressThatTwoHoldIsSplitBrain() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("lb1", .keepalived, Self.router(.master)), ("lb2", .keepalived, Self.router(.master))])
    let both = [NodeName("lb1"), NodeName("lb2")]
    #expect(script.node("10.77.1.100").verdict == Verdict(.degraded, .addressHeldTwice(both)))
  }

  @Test func whereNobodySaysWhoHoldsAnAddressItIsWhoeverAnswersThere() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("10.77.1.100", .vip, Self.probed("lb2"))])
    #expect(script.node("10.77.1.100").virtualAddress?.holders == [NodeName("lb2")])
    #expect(script.node("10.77.1.100").verdict == Verdict(.up))
    // It answers, and does not say who it is.
    script.tick([("10.77.1.100", .vip, Self.probed(""))])
    #expect(script.node("10.77.1.100").virtualAddress?.holders == [])
    #expect(script.node("10.77.1.100").verdict == Verdict(.up))
  }

  @Test func aNoticeWithoutAddressesMeansTheOnlyOneThereIs() {
    func notice() -> Sample {
      .router(RouterStatus(instances: [RouterStatus.Instance(name: "VI_1", state: .master)]))
    }
    var script = ClusterScript(WholeSite.layout)
    script.tick([("lb1", .keepalived, notice()), ("lb2", .keepalived, Self.router(.backup))])
    #expect(script.node("10.77.1.100").virtualAddress?.holders == [NodeName("lb1")])
    var layout = WholeSite.layout
    layout.entry?.vips.append("10.77.1.101")
    script = ClusterScript(layout)
    script.tick([("lb1", .keepalived, notice()), ("lb2", .keepalived, Self.router(.backup))])
    #expect(script.node("10.77.1.100").virtualAddress?.holders == [])
    #expect(script.node("10.77.1.101").virtualAddress?.holders == [])
  }

  @Test func anAddressThatNobodyHoldsIsDown() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("lb1", .keepalived, Self.router(.backup)), ("lb2", .keepalived, Self.router(.fault))])
    #expect(script.node("10.77.1.100").verdict == Verdict(.down, .addressNotHeld))
  }

  @Test func nothingIsSaidOfAnAddressBeforeAnybodyWasAsked() {
    let script = ClusterScript(WholeSite.layout)
    #expect(script.node("10.77.1.100").verdict.state == .unknown)
  }

  // MARK: The name

  @Test func aNameThatLeadsElsewhereIsTrouble() {
    var script = ClusterScript(WholeSite.layout)
    func answer(_ code: UInt8, _ addresses: [String]) -> Sample {
      .name(NameAnswer(code: code, addresses: addresses, timeToLive: 60, server: "10.0.0.53:53"))
    }
    script.tick([("www.example.com", .dns, answer(0, ["10.77.1.100"]))])
    #expect(script.node("www.example.com").verdict == Verdict(.up))
    script.tick([("www.example.com", .dns, answer(0, ["192.0.2.1"]))])
    #expect(script.node("www.example.com").verdict == Verdict(.degraded, .nameElsewhere(["192.0.2.1"])))
    script.tick([("www.example.com", .dns, answer(3, []))])
    #expect(script.node("www.example.com").verdict == Verdict(.down, .nameNotFound(code: 3)))
    // What is served does not hang on it.
    #expect(script.model.snapshot.health != .down)
  }

  // MARK: Firewalls

  @Test func whatShouldPassAndWhatShouldNotIsWorkedOutFromTheLayout() {
    let sources = WholeSite.layout.firewallSources.filter { $0.system == .path }
    let paths = sources.map { "\($0.node) \($0.endpoint)" }
    #expect(
      paths == [
        "lb>app 10.77.3.11:8000", "app>db 10.77.4.11:3306", "app>db 10.77.4.12:3306",
        "lb>db 10.77.4.11:3306, closed", "lb>db 10.77.4.12:3306, closed",
      ])
    var layout = WholeSite.layout
    layout.entry?.via = .namespace(path: "/run/netns/client")
    let outside = layout.firewallSources.filter { $0.node.text.hasPrefix("clients>") }
    #expect(
      outside.map { "\($0.node) \($0.endpoint)" } == [
        "clients>app 10.77.3.11:8000, closed", "clients>db 10.77.4.11:3306, closed",
        "clients>db 10.77.4.12:3306, closed",
      ])
    #expect(sources.allSatisfy { $0.every == Layout.slowly })
  }

  @Test func aFirewallIsKnownByItsCountersAndByWhatPasses() {
    var script = ClusterScript(WholeSite.layout)
    func counters(_ passed: Int64, _ dropped: Int64) -> Sample {
      .firewall(
        FirewallCounters(counters: [
          .init(name: "lb_app", packets: passed, bytes: 0),
          .init(name: "lb_app_dropped", packets: dropped, bytes: 0),
        ]))
    }
    script.tick([("lb>app", .firewall, counters(10, 0)), ("lb>app", .path, .path(.open))])
    script.tick([("lb>app", .firewall, counters(60, 3))])
    #expect(script.node("lb>app").firewall?.accepted == 50)
    #expect(script.node("lb>app").firewall?.dropped == 3)
    #expect(script.node("lb>app").verdict == Verdict(.up))
    script.tick([("lb>app", .path, .path(.silent))])
    let address = SocketAddress(host: "10.77.3.11", port: 8000)
    #expect(
      script.node("lb>app").verdict
        == Verdict(
          .degraded, .pathClosed(address, .silent, PathEnds(from: NodeName("lb1"), to: NodeName("app1")))))
  }

  @Test func whatShouldNotPassAndDoesIsTrouble() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([("lb>db", .path, .path(.silent))])
    #expect(script.node("lb>db").verdict == Verdict(.up))
    // Somebody answered, if only that nobody listens.
    script.tick([("lb>db", .path, .path(.refused))])
    let address = SocketAddress(host: "10.77.4.11", port: 3306)
    #expect(
      script.node("lb>db").verdict
        == Verdict(.degraded, .pathOpen(address, PathEnds(from: NodeName("lb1"), to: NodeName("db1")))))
  }

  @Test func edgesKnowTheirFirewall() {
    let topology = ClusterScript(WholeSite.layout).model.snapshot.topology
    let nodes = topology.edges.map { edge in edge.firewallNode.map { topology.nodes[$0].name.text } }
    #expect(nodes == [nil, "lb>app", "app>db"])
  }
}
