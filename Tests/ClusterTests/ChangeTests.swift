import Testing

@testable import Cluster

@Suite struct ChangeTests {
  let web1 = Target.node(NodeName("web1"), backend: nil)

  @Test func aNodeIsChangedInAllItsBackendsOnAllLoadBalancers() throws {
    var cluster = ChangeScript()
    cluster.second()
    let live = try #require(cluster.live)
    let change = try Change(.set(.drain), on: [web1], in: live)
    #expect(
      change.steps.map(\.row.description).sorted()
        == ["lb1 api/a1", "lb1 web/web1", "lb2 api/a1", "lb2 web/web1"])
    #expect(change.steps.allSatisfy { $0.action == .set(.drain) && $0.before.admin == .ready })
    let chosen = try Change(.set(.drain), on: [.node(NodeName("web1"), backend: "api")], in: live)
    #expect(chosen.steps.map(\.row.description) == ["lb1 api/a1", "lb2 api/a1"])
    let server = try Change(.set(.maint), on: [.server(ServerID("web/web2"))], in: live)
    #expect(server.steps.map(\.row.description) == ["lb1 web/web2", "lb2 web/web2"])
  }

  @Test func overlappingTargetsAreToldOnce() throws {
    var cluster = ChangeScript()
    cluster.second()
    let change = try Change(
      .set(.drain), on: [web1, .server(ServerID("web/web1")), web1], in: try #require(cluster.live))
    #expect(change.steps.count == 4)
  }

  @Test func whatMeansNothingIsAFault() throws {
    var cluster = ChangeScript()
    cluster.second()
    let live = try #require(cluster.live)
    #expect(throws: ChangeFault.unknown("wbe1", meant: "web1")) { try live.target(named: "wbe1") }
    #expect(try live.target(named: "web/web3") == .server(ServerID("web/web3")))
    #expect(throws: ChangeFault.isBalancer(NodeName("lb1"))) {
      try Change(.set(.drain), on: [.node(NodeName("lb1"), backend: nil)], in: live)
    }
    #expect(throws: ChangeFault.notInBackend(NodeName("web1"), backend: "x", backends: ["web", "api"])) {
      try Change(.set(.drain), on: [.node(NodeName("web1"), backend: "x")], in: live)
    }
    #expect(throws: ChangeFault.weightOutOfRange(257)) { try Change(.weight(257), on: [web1], in: live) }
  }

  @Test(arguments: [
    "a;disable server b/c", "a\nb", "a\u{0}b", "\u{202E}a", String(repeating: "a", count: 10_240),
  ])
  func aNameThatNoCommandCanHaveCompilesToNothing(name: String) throws {
    var cluster = ChangeScript()
    // As the reader hands it on: sanitised, which no name may be either.
    let read = printable(name)
    cluster.edit[0] = { $0.server("web", read, "10.0.2.14:80") }
    cluster.second()
    let live = try #require(cluster.live)
    let evil = ServerID(backend: "web", server: read)
    #expect(throws: ChangeFault.unspeakable(evil)) {
      try Change(.set(.drain), on: [web1, .server(evil)], in: live)
    }
  }

  @Test func thePastIsNoGroundForAChange() throws {
    var cluster = ChangeScript()
    #expect(cluster.live == nil)
    cluster.second()
    #expect(cluster.live != nil)
    let later = Moment(
      wall: cluster.script.moment.wall,
      uptime: cluster.script.moment.uptime + .milliseconds(3_001))
    #expect(cluster.script.model.live(at: later) == nil)
    // Frames go on, but no load balancer answers in them.
    for _ in 0..<4 { cluster.script.tick([0: .failure(.refused), 1: .failure(.refused)]) }
    #expect(cluster.live == nil)
  }

  @Test func aLoadBalancerThatOnlyReadsIsWithheldAndAloneRefused() throws {
    var cluster = ChangeScript()
    cluster.second()
    cluster.script.model.snapshot.sources[1].level = .operator
    let live = try #require(cluster.live)
    #expect(live.snapshot.access == .readWrite(count: 1, of: 2))
    let change = try Change(.set(.drain), on: [.server(ServerID("web/web1"))], in: live)
    #expect(change.steps.map(\.row.description) == ["lb1 web/web1"])
    #expect(change.withheld.map(\.row.description) == ["lb2 web/web1"])
    cluster.script.model.snapshot.sources[0].level = .user
    let locked = try #require(cluster.live)
    #expect(locked.snapshot.access == .readOnly(.obstacle(.level(.user))))
    #expect(throws: ChangeFault.readOnly(.level(.user))) { try Change(.set(.drain), on: [web1], in: locked) }
  }

  @Test func aTrackingServerFollowsWhereThatIsEnough() throws {
    var cluster = ChangeScript()
    let tracks: (inout ProxyScript) -> Void = { proxy in
      for index in proxy.rows.indices where proxy.rows[index].identity.name == "a1" {
        proxy.rows[index].notes[.tracked] = "web/web1"
      }
    }
    cluster.edit = [0: tracks, 1: tracks]
    cluster.second()
    let change = try Change(.set(.drain), on: [web1], in: try #require(cluster.live))
    #expect(change.told.map { $0.prefix(12) } == ["lb1 web/web1", "lb2 web/web1"])
    #expect(change.steps.contains { $0.kind == .follow(ServerID("web/web1")) })

    // It has been drained itself: ready on its leader alone would leave it drained.
    cluster.set(.forcedDrain, on: ServerID("api/a1"), of: [0])
    cluster.second()
    let ready = try Change(.set(.ready), on: [web1], in: try #require(cluster.live))
    #expect(ready.steps.first { $0.row.description == "lb1 api/a1" }?.kind == .send)
    #expect(ready.steps.first { $0.row.description == "lb2 api/a1" }?.kind == .follow(ServerID("web/web1")))
  }

  @Test func undoPutsBackWhatWasOnEachLoadBalancer() throws {
    var cluster = ChangeScript()
    cluster.set(.forcedDrain, on: ServerID("web/web1"), of: [1])
    cluster.second()
    let target = Target.server(ServerID("web/web1"))
    let change = try Change(.set(.maint), on: [target], in: try #require(cluster.live))
    let undo = try Change(undoing: change, [0: .done, 1: .done], in: try #require(cluster.live))
    #expect(undo.purpose == .undo)
    #expect(undo.steps.map(\.action) == [.set(.ready), .set(.drain)])
    // What was refused needs no undo; what is unknown may need it.
    let partial = try Change(
      undoing: change, [0: .refused(words: "no"), 1: .unknown(.truncated(received: 3))],
      in: try #require(cluster.live))
    #expect(partial.steps.map(\.row.balancer.text) == ["lb2"])
    #expect(throws: ChangeFault.nothing) {
      try Change(
        undoing: change, [0: .unsent(.refused), 1: .unsent(.refused)], in: try #require(cluster.live))
    }
    let weight = try Change(.weight(50), on: [target], in: try #require(cluster.live))
    let back = try Change(undoing: weight, [0: .done, 1: .done], in: try #require(cluster.live))
    #expect(back.steps.map(\.action) == [.weight(1), .weight(1)])
  }

  @Test func aRetryIsWhatHasNotBeenDone() throws {
    var cluster = ChangeScript()
    cluster.second()
    let change = try Change(
      .set(.drain), on: [.server(ServerID("web/web1"))], in: try #require(cluster.live))
    let retry = try Change(
      retrying: change, [0: .done, 1: .unsent(.refused)], in: try #require(cluster.live))
    #expect(retry.steps.map(\.row.description) == ["lb2 web/web1"])
    #expect(retry.purpose == .retry)
  }
}
