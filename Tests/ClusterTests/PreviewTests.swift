import Testing

@testable import Cluster

@Suite struct PreviewTests {
  private func preview(
    _ action: ServerAction, _ targets: [String], in cluster: ChangeScript
  ) throws -> ChangePreview {
    let live = try #require(cluster.live)
    var resolved: [Target] = []
    for target in targets { resolved.append(try live.target(named: target)) }
    return ChangePreview(of: try Change(action, on: resolved, in: live), in: live)
  }

  @Test func whatADrainedServerCarriedIsSharedByThoseThatStay() throws {
    var cluster = ChangeScript()
    cluster.second()
    cluster.second(["web1": 100, "web2": 300, "web3": 300])
    cluster.second(["web1": 100, "web2": 100, "web3": 200])
    let preview = try preview(.set(.drain), ["web1"], in: cluster)
    // Two load balancers count the same.
    let loads = Dictionary(uniqueKeysWithValues: preview.loads.map { ($0.node.text, $0) })
    #expect(loads["web1"]?.after == 0)
    #expect(loads["web2"]?.now == 200)
    #expect(loads["web2"]?.after == 300)
    #expect(loads["web2"]?.highest == 600)
    #expect(loads["web2"]?.isBeyond == false)
    let web3 = try #require(preview.loads.first { $0.now == 400 })
    #expect(web3.after == 500)
    #expect(
      preview.backends.filter { $0.name == "web" }.map { [$0.before, $0.after] } == [[3, 2], [3, 2]])
    #expect(preview.floorBreach == nil)
    #expect(preview.rows.map(\.sessions).first == 3)
  }

  @Test func aNodeThatWouldCarryMoreThanEverComesFirst() throws {
    var cluster = ChangeScript()
    cluster.second()
    cluster.second(["web1": 100, "web2": 100, "web3": 500])
    cluster.second(["web1": 100, "web2": 100, "web3": 100])
    let preview = try preview(.set(.maint), ["web/web1"], in: cluster)
    #expect(preview.loads.first?.node.text == "web2")
    #expect(preview.loads.first?.isBeyond == true)
  }

  @Test func aServerThatComesBackTakesItsShareOfTheWhole() throws {
    var cluster = ChangeScript()
    cluster.set(.forcedDrain, on: ServerID("web/web1"))
    cluster.second()
    cluster.second(["web2": 300, "web3": 300])
    cluster.second(["web2": 300, "web3": 300])
    let preview = try preview(.set(.ready), ["web/web1"], in: cluster)
    #expect(preview.loads.first { $0.node.text == "web1" }?.after == 400)
    #expect(preview.loads.first { $0.node.text == "web2" }?.after == 400)
  }

  @Test func theLastServerTakesItsBackendDown() throws {
    var cluster = ChangeScript()
    cluster.set(.forcedMaint, on: ServerID("api/a2"))
    cluster.second()
    let preview = try preview(.set(.drain), ["web1"], in: cluster)
    let down = preview.backends.filter(\.goesDown)
    #expect(down.map(\.name) == ["api", "api"])
    #expect(preview.floorBreach?.backend == "api")
    #expect(preview.floorBreach?.left == 0)
    // Somebody took a2 out, and tiertop does not know who.
    #expect(preview.away.map(\.row.description) == ["lb1 api/a2", "lb2 api/a2"])
    #expect(preview.away.allSatisfy { $0.intent == nil && $0.standing.admin == .maint })
  }

  @Test func theFloorIsTheLayouts() throws {
    var cluster = ChangeScript()
    var layout = cluster.script.model.snapshot.topology.layout
    layout.drain.keepUp = 3
    cluster.script = ClusterScript(layout)
    cluster.second()
    let drain = try preview(.set(.drain), ["web/web1"], in: cluster)
    #expect(drain.breaches.map(\.backend) == ["web"])
    #expect(drain.floorBreach?.left == 2)
    // Fewer than the floor already, and none fewer by this.
    #expect(try preview(.set(.ready), ["api/a1"], in: cluster).floorBreach == nil)
    #expect(try preview(.weight(0), ["web/web1"], in: cluster).floorBreach?.backend == "web")
    #expect(try preview(.weight(5), ["web/web1"], in: cluster).floorBreach == nil)
  }

  @Test func aBackupServesWhereNobodyElseDoes() throws {
    var cluster = ChangeScript()
    let backup: (inout ProxyScript) -> Void = { proxy in
      for index in proxy.rows.indices where proxy.rows[index].identity.name == "a2" {
        proxy.rows[index].figures[.bck] = 1
      }
      for index in proxy.rows.indices where proxy.rows[index].identity.name == "a1" {
        proxy.rows[index].figures[.reqTot] = 500
      }
    }
    cluster.second()
    cluster.edit = [0: backup, 1: backup]
    cluster.second()
    let preview = try preview(.set(.drain), ["api/a1"], in: cluster)
    #expect(preview.backends.allSatisfy { !$0.goesDown })
    #expect(preview.loads.first { $0.node.text == "web2" }?.after == 1000)
  }

  @Test func clientsThatStickAreNamed() throws {
    var cluster = ChangeScript()
    let sticky: (inout ProxyScript) -> Void = { proxy in
      for index in proxy.rows.indices where proxy.rows[index].identity.name == "web1" {
        proxy.rows[index].identity.cookie = "w1"
      }
    }
    cluster.edit = [0: sticky, 1: sticky]
    cluster.second()
    #expect(try preview(.set(.drain), ["web1"], in: cluster).sticky == [ServerID("web/web1")])
    // Maintenance sends them elsewhere.
    #expect(try preview(.set(.maint), ["web1"], in: cluster).sticky.isEmpty)
  }

  @Test func whoTracksAServerIsDraggedAlong() throws {
    var cluster = ChangeScript()
    let tracks: (inout ProxyScript) -> Void = { proxy in
      for index in proxy.rows.indices where proxy.rows[index].identity.name == "a1" {
        proxy.rows[index].notes[.tracked] = "web/web1"
      }
    }
    cluster.edit = [0: tracks, 1: tracks]
    cluster.second()
    let drain = try preview(.set(.drain), ["web/web1"], in: cluster)
    #expect(
      drain.rows.filter { $0.role == .dragged(by: ServerID("web/web1")) }.map(\.row.description)
        == ["lb1 api/a1", "lb2 api/a1"])
    #expect(drain.backends.contains { $0.name == "api" && $0.after == 1 })

    cluster.set(.forcedDrain, on: ServerID("web/web1"))
    cluster.set(.inheritedDrain, on: ServerID("api/a1"))
    cluster.second()
    let ready = try preview(.set(.ready), ["api/a1"], in: cluster)
    #expect(ready.rows.allSatisfy { $0.role == .held(by: ServerID("web/web1")) })
  }

  @Test func aLoadBalancerThatDoesNotAnswerIsNamed() throws {
    var cluster = ChangeScript()
    cluster.second()
    cluster.script.tick([0: balancer(), 1: .failure(.refused)])
    let preview = try preview(.set(.drain), ["web/web1"], in: cluster)
    #expect(preview.silent.map(\.balancer.text) == ["lb2"])
    #expect(preview.silent.first?.failure == .refused)
  }
}
