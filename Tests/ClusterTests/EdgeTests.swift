import Testing

@testable import Cluster

/// How much flows between the tiers, and who says so.
@Suite struct EdgeTests {
  private typealias Said = (node: String, system: Source.System, sample: Sample)

  private func rates(_ script: ClusterScript) -> [EdgeRate?] { script.model.snapshot.edges }

  private func workers(_ requests: Int64) -> Sample { .workers(WorkerStatus(requests: requests)) }

  private func database(_ queries: Int64) -> Sample {
    var status = DatabaseStatus(version: "10.11")
    status.queries = queries
    return .database(status)
  }

  private func counters(_ name: String, _ passed: Int64) -> Sample {
    .firewall(FirewallCounters(counters: [.init(name: name, packets: passed, bytes: 0)]))
  }

  /// The site with a second application server, and without HAProxy's own rows.
  private static let twoServers: Layout = {
    var layout = WholeSite.layout
    var second = layout.tiers[1].nodes[0]
    second.name = NodeName("app2")
    second.address = SocketAddress(parsing: "10.77.3.12:8000")
    layout.tiers[1].nodes.append(second)
    return layout
  }()

  @Test func whatLoadBalancersPassOnIsCountedByThem() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(), 1: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 30]), 1: balancer(web2: [.reqTot: 12])])
    #expect(rates(script)[1] == .counted(42))
  }

  @Test func aLoadBalancerThatIsSilentHasNoPartInIt() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(), 1: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 30]), 1: balancer(web1: [.reqTot: 12])])
    for _ in 0..<4 { script.tick([0: balancer(web1: [.reqTot: 30]), 1: .failure(.refused)]) }
    #expect(rates(script)[1] == .counted(0))
    for _ in 0..<4 { script.tick([0: .failure(.refused), 1: .failure(.refused)]) }
    #expect(rates(script) == [nil, nil])
  }

  @Test func whatATierWasAskedIsInferredToComeFromTheOnlyOneThatFeedsIt() {
    var script = ClusterScript(WholeSite.layout)
    script.tick([
      ("app1", .uwsgi, workers(100)), ("db1", .mariadb, database(1000)), ("db2", .mariadb, database(500)),
    ])
    #expect(rates(script) == [nil, nil, nil])
    script.tick([
      ("app1", .uwsgi, workers(220)), ("db1", .mariadb, database(1104)), ("db2", .mariadb, database(544)),
    ])
    // Less what the agent itself asks: four statements of each database.
    #expect(rates(script) == [nil, .inferred(120), .inferred(140)])
  }

  @Test func aTierThatCountsOnlyInPartIsNotTakenForTheWhole() {
    var layout = EdgeTests.twoServers
    layout.tiers[1].nodes[1].endpoints = [:]
    var script = ClusterScript(layout)
    script.tick([("app1", .uwsgi, workers(0)), ("lb>app", .firewall, counters("lb_app", 0))])
    script.tick([("app1", .uwsgi, workers(120)), ("lb>app", .firewall, counters("lb_app", 7))])
    #expect(rates(script)[1] == .connections(7))
    #expect(script.model.snapshot.asked[1] == nil)
  }

  @Test func aServerThatHasFallenSilentIsLeftOutWhileTheOthersAnswer() {
    var script = ClusterScript(EdgeTests.twoServers)
    script.tick([("app1", .uwsgi, workers(0)), ("app2", .uwsgi, workers(0))])
    script.tick([("app1", .uwsgi, workers(50)), ("app2", .uwsgi, workers(60))])
    #expect(rates(script)[1] == .inferred(110))
    for tick in 2...7 { script.tick([("app1", .uwsgi, workers(Int64(tick) * 50))]) }
    #expect(rates(script)[1] == .inferred(50))
    for _ in 0..<5 { script.tick([Said]()) }
    #expect(rates(script)[1] == nil)
  }

  @Test func whereTwoFeedOneTheFirewallsCountConnectionsAndNothingIsSharedOut() {
    var layout = WholeSite.layout
    layout.firewalls.append(
      Layout.Firewall(
        from: TierName("lb"), to: TierName("db"), allow: [.init(number: 3306, transport: .tcp)]))
    var script = ClusterScript(layout)
    let topology = script.model.snapshot.topology
    #expect(topology.edges.map(\.from) == [nil, 0, 0, 1])
    func tick(_ queries: Int64, _ passed: Int64) {
      script.tick([
        ("db1", .mariadb, database(queries)), ("db2", .mariadb, database(queries)),
        ("app>db", .firewall, counters("app_db", passed)),
      ])
    }
    tick(0, 0)
    tick(54, 9)
    #expect(rates(script) == [nil, nil, nil, .connections(9)])
    #expect(script.model.snapshot.asked[2] == 100)
  }

  @Test func whatIsSentToATierByAnotherRowIsCountedWhoeverElseFeedsIt() {
    // HAProxy has servers in a tier that the layout's firewalls open to another one only.
    var script = ClusterScript(WholeSite.layout)
    func rows(_ requests: Int64) -> Reading.Outcome {
      var proxy = ProxyScript()
      proxy.server("db", "db1", "10.77.4.11:3306", [.reqTot: requests])
      return proxy.sample()
    }
    let source = script.source("lb1", .haproxy)
    script.tick([source: rows(0)])
    script.tick([source: rows(25)])
    #expect(script.model.snapshot.topology.edges.map(\.from) == [nil, 0, 0, 1])
    #expect(rates(script) == [nil, nil, .counted(25), nil])
  }

  @Test func twoFirewallsOfOneBorderAreOneEdge() {
    var layout = WholeSite.layout
    layout.firewalls.append(
      Layout.Firewall(
        from: TierName("lb"), to: TierName("app"), allow: [.init(number: 8443, transport: .tcp)]))
    let edges = ClusterModel(layout: layout).snapshot.topology.edges
    #expect(edges.map(\.from) == [nil, 0, 1])
    #expect(edges[1].firewall?.allow.map(\.number) == [8000, 8443])
  }
}
