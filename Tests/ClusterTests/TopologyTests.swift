import Cluster
import Testing

@Suite struct TopologyTests {
  private func discovered(_ first: ProxyScript, _ second: ProxyScript, nginx: [String] = []) -> ClusterScript
  {
    var layout = Layout(
      cluster: "test",
      tiers: [
        Layout.Tier(
          name: TierName("lb"),
          nodes: [
            Layout.Node(name: NodeName("lb1"), haproxy: .unix(path: "/run/lb1.sock")),
            Layout.Node(name: NodeName("lb2"), haproxy: .unix(path: "/run/lb2.sock")),
          ])
      ])
    layout.unplaced = nginx.map {
      Source(node: NodeName($0), system: .nginx, endpoint: .http(HTTPEndpoint(url: "http://\($0)/status")))
    }
    var script = ClusterScript(layout)
    script.tick([0: first.sample(), 1: second.sample()])
    return script
  }

  private func names(_ script: ClusterScript) -> [String] {
    script.model.snapshot.topology.nodes.map(\.name.text)
  }

  @Test func theSameAddressOnTwoLoadBalancersIsOneNodeWhateverItIsCalled() {
    var first = ProxyScript()
    var second = ProxyScript()
    first.server("web", "web1", "10.0.2.11:80")
    second.server("www", "server-a", "10.0.2.11:80")
    let script = discovered(first, second)
    #expect(names(script) == ["lb1", "lb2", "web1"])
    #expect(script.model.snapshot.topology.nodes[2].servers.count == 2)
  }

  @Test func whereTheLevelHidesAddressesBackendAndServerNamesJoin() {
    var first = ProxyScript()
    first.server("web", "web1", "")
    first.server("api", "web1", "")
    #expect(names(discovered(first, first)) == ["lb1", "lb2", "web1"])
  }

  @Test func tiersAreNamedAfterBackends() {
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80")
    proxy.server("app", "app1", "10.0.3.11:80")
    let topology = discovered(proxy, proxy).model.snapshot.topology
    #expect(topology.tiers.map(\.name.text) == ["lb", "web", "app"])
    #expect(topology.edges.map(\.from) == [nil, 0, 0])
  }

  @Test func equalNamesOfDifferentServersAreToldApart() {
    var proxy = ProxyScript()
    proxy.server("web", "s1", "10.0.2.11:80")
    proxy.server("app", "s1", "10.0.3.11:80")
    #expect(names(discovered(proxy, proxy)) == ["lb1", "lb2", "s1", "app/s1"])
  }

  @Test func anNginxPageBelongsToTheNodeOnItsHost() {
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80")
    proxy.server("web", "web2", "10.0.2.12:80")
    let script = discovered(proxy, proxy, nginx: ["10.0.2.12:8080", "10.0.9.9:8080"])
    #expect(names(script) == ["lb1", "lb2", "web1", "web2", "10.0.9.9:8080"])
    #expect(script.model.snapshot.topology.nodes[3].sources == [SourceID(2)])
  }

  @Test func aServerOnTheOnlyNodeOfItsHostIsThatNode() {
    var script = ClusterScript.pair()
    var proxy = ProxyScript()
    proxy.server("tls", "web1-tls", "10.0.2.11:443")
    script.tick([0: proxy.sample()])
    #expect(names(script) == ["lb1", "lb2", "web1", "web2"])
    #expect(script.node("web1").verdict.state == .up)
  }

  @Test func aServerThatNoLayoutNamesIsShownInATierOfItsOwn() {
    var script = ClusterScript.pair()
    var proxy = ProxyScript()
    proxy.server("cache", "c1", "10.0.5.1:80")
    script.tick([0: proxy.sample()])
    #expect(names(script) == ["lb1", "lb2", "web1", "web2", "c1"])
    #expect(script.model.snapshot.topology.nodes[4].isInLayout == false)
    #expect(script.model.snapshot.topology.tiers.map(\.name.text) == ["lb", "web", "cache"])
  }

  @Test func firewallsSayWhoFeedsATier() {
    let layout = Layout(
      cluster: "test",
      tiers: ["lb", "web", "app"].map { Layout.Tier(name: TierName($0), nodes: []) },
      firewalls: [
        Layout.Firewall(from: TierName("lb"), to: TierName("web"), allow: []),
        Layout.Firewall(from: TierName("lb"), to: TierName("app"), allow: []),
      ])
    #expect(ClusterModel(layout: layout).snapshot.topology.edges.map(\.from) == [nil, 0, 0])
  }

  @Test func figuresMoveWithTheNodeWhenPlacesChange() {
    var script = ClusterScript.pair()
    func rows(_ requests: Int64, extra: Bool) -> Reading.Outcome {
      var proxy = ProxyScript()
      if extra { proxy.server("aaa", "new", "10.0.1.1:80") }
      proxy.server("web", "web2", "10.0.2.12:80", [.reqTot: requests])
      return proxy.sample()
    }
    script.tick([0: rows(0, extra: false)])
    script.tick([0: rows(5, extra: false)])
    script.tick([0: rows(12, extra: true)])
    guard let place = script.model.snapshot.topology.place(of: NodeName("web2")) else {
      Issue.record("web2 is gone")
      return
    }
    #expect(script.model.trail(of: place, .qps).slots.suffix(2) == [5, 7])
    #expect(script.model.trail(ofTier: 1, .qps).slots.suffix(2) == [5, 7])
  }

  @Test func aTickWithoutAReadingIsAGapInTheTrail() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 4])])
    script.tick([0: .failure(.refused)])
    let place = script.model.snapshot.topology.place(of: NodeName("web1")) ?? 0
    let end = Array(script.model.trail(of: place, .qps).slots.suffix(2))
    #expect(end[0] == 4 && end[1].isNaN)
  }
}
