import Testing

@testable import Cluster

@Suite struct IntentTests {
  let web1 = ServerID("web/web1")

  /// Drains web/web1 on both load balancers, and has it confirmed.
  private func drained(_ cluster: inout ChangeScript, note: String = "") throws -> [Event] {
    cluster.second()
    let live = try #require(cluster.live)
    let change = try Change(.set(.drain), on: [.server(web1)], in: live)
    var events: [Event] = []
    for (step, place) in zip(change.steps, 0...) {
      let later = Moment(
        wall: WallTime(nanoseconds: cluster.script.moment.wall.nanoseconds + 5_000_000),
        uptime: cluster.script.moment.uptime + .milliseconds(5))
      let result = BalancerResult(
        balancer: step.balancer, outcomes: [place: .done], at: later, took: .milliseconds(3))
      events += cluster.script.model.settle(change, result, by: ChangeScript.ops, note: note)
    }
    cluster.set(.forcedDrain, on: web1)
    return events
  }

  @Test func aChangeIsToldAndRemembered() throws {
    var cluster = ChangeScript()
    let events = try drained(&cluster, note: "kernel\nupdate")
    #expect(events.map { $0.node?.text } == ["lb1", "lb2"])
    guard case .changed(let news)? = events.first?.change else {
      Issue.record("no news")
      return
    }
    #expect(news.actor == ChangeScript.ops)
    #expect(news.note == "kernel␊update")
    #expect(news.outcome == .done)
    let row = ServerRow(balancer: NodeName("lb1"), server: web1)
    #expect(cluster.script.model.intents.state(of: row)?.wish == .drain)
    // What is then read is no news: it has been told.
    cluster.second()
    #expect(!cluster.script.events.contains { if case .admin = $0.change { true } else { false } })
    #expect(cluster.script.model.snapshot.lost.isEmpty)
  }

  @Test func aReadingThatWasAskedForBeforeTheChangeLosesNothing() throws {
    var cluster = ChangeScript()
    cluster.second()
    let asked = cluster.script.moment
    let change = try Change(.set(.drain), on: [.server(web1)], in: try #require(cluster.live))
    // Confirmed later than the next reading was asked for.
    let late = Moment(
      wall: WallTime(nanoseconds: asked.wall.nanoseconds + 2_000_000_000), uptime: asked.uptime + .seconds(2))
    _ = cluster.script.model.settle(
      change, BalancerResult(balancer: SourceID(0), outcomes: [0: .done], at: late, took: .zero),
      by: ChangeScript.ops, note: "")
    cluster.second()
    #expect(cluster.script.model.snapshot.lost.isEmpty)
  }

  @Test func aReloadLosesADrain() throws {
    var cluster = ChangeScript()
    _ = try drained(&cluster)
    cluster.second()
    cluster.edit[1] = { $0.pid = 200 }
    cluster.second()
    let lost = cluster.script.model.snapshot.lost
    #expect(lost.map(\.intent.row.description) == ["lb2 web/web1"])
    #expect(lost.first?.cause == .reset(.newProcess(pid: 200)))
    #expect(cluster.script.changes(of: "web1").contains { if case .lost = $0 { true } else { false } })
    let verdict = cluster.script.node("web1").verdict
    #expect(verdict.state == .draining)
    guard case .lost(.drain, let balancers, _, _)? = verdict.reason else {
      Issue.record("\(verdict)")
      return
    }
    #expect(balancers.map(\.text) == ["lb2"])

    // Told once.
    cluster.second()
    #expect(cluster.script.changes(of: "web1").isEmpty)
    // One key sets it again, and it is still the first one's wish.
    let live = try #require(cluster.live)
    let again = try Change(reapplying: lost.map(\.intent), in: live)
    #expect(again.steps.map(\.row.description) == ["lb2 web/web1"])
    let other = Actor(user: "other", host: "h", terminal: "")
    _ = cluster.script.model.settle(
      again,
      BalancerResult(
        balancer: SourceID(1), outcomes: [0: .done], at: cluster.script.moment, took: .zero),
      by: other, note: "")
    #expect(cluster.script.model.snapshot.lost.isEmpty)
    #expect(
      cluster.script.model.intents.state(of: ServerRow(balancer: NodeName("lb2"), server: web1))?.actor
        == ChangeScript.ops)
  }

  @Test func whoLostItIsNamedInTheOrderOfTheLayoutWhoeverWasFirst() throws {
    var cluster = ChangeScript()
    _ = try drained(&cluster)
    cluster.second()
    for place in [1, 0] {
      cluster.edit[place] = { $0.pid = 200 }
      cluster.second()
    }
    #expect(cluster.script.model.snapshot.lost.map(\.intent.row.balancer.text) == ["lb2", "lb1"])
    guard case .lost(.drain, let balancers, _, _)? = cluster.script.node("web1").verdict.reason else {
      Issue.record("\(cluster.script.node("web1").verdict)")
      return
    }
    #expect(balancers.map(\.text) == ["lb1", "lb2"])
  }

  @Test func whatSomebodyElseSetsIsSaidToBeSomebodyElses() throws {
    var cluster = ChangeScript()
    _ = try drained(&cluster)
    cluster.second()
    cluster.set([], on: web1)
    cluster.second()
    #expect(
      cluster.script.changes(of: "lb1") == [.admin(web1, from: .drain, to: .ready, by: nil)])
    let lost = cluster.script.model.snapshot.lost
    #expect(lost.count == 2)
    #expect(lost.allSatisfy { $0.cause == .other })
    // It takes traffic against a person's will.
    #expect(cluster.script.node("web1").verdict.state == .degraded)
    // Set again, by whomever, nothing is lost any more.
    cluster.set(.forcedDrain, on: web1)
    cluster.second()
    #expect(cluster.script.model.snapshot.lost.isEmpty)
    #expect(cluster.script.changes(of: "lb1") == [.admin(web1, from: .ready, to: .drain, by: nil)])
  }

  @Test func whatAnotherProgramRemembersHasItsAuthor() throws {
    var cluster = ChangeScript()
    cluster.second()
    let rows = ["lb1", "lb2"].map { ServerRow(balancer: NodeName($0), server: web1) }
    let since = WallTime(nanoseconds: cluster.script.moment.wall.nanoseconds + 1_000_000)
    cluster.script.model.adopt(
      Intents(rows.map { Intent(row: $0, wish: .drain, actor: ChangeScript.ops, note: "", since: since) }))
    cluster.set(.forcedDrain, on: web1)
    cluster.second()
    #expect(
      cluster.script.changes(of: "lb2") == [.admin(web1, from: .ready, to: .drain, by: ChangeScript.ops)])
  }

  @Test func aPreviewSaysWhoDrainedItBefore() throws {
    var cluster = ChangeScript()
    _ = try drained(&cluster)
    cluster.second()
    let live = try #require(cluster.live)
    let preview = ChangePreview(of: try Change(.set(.ready), on: [.server(web1)], in: live), in: live)
    #expect(preview.rows.map(\.author?.actor) == [ChangeScript.ops, ChangeScript.ops])
  }

  @Test func readyTakesAWishBack() throws {
    var cluster = ChangeScript()
    _ = try drained(&cluster)
    cluster.second()
    cluster.edit = [:]
    cluster.second()
    #expect(cluster.script.model.snapshot.lost.count == 2)
    let ready = try Change(.set(.ready), on: [.server(web1)], in: try #require(cluster.live))
    for place in 0..<2 {
      _ = cluster.script.model.settle(
        ready,
        BalancerResult(
          balancer: SourceID(place), outcomes: [place: .done], at: cluster.script.moment, took: .zero),
        by: ChangeScript.ops, note: "")
    }
    #expect(cluster.script.model.snapshot.lost.isEmpty)
    cluster.second()
    #expect(cluster.script.node("web1").verdict.state == .up)
  }

  @Test func aLostWeightIsWorthAWordAndNoAlarm() throws {
    var cluster = ChangeScript()
    cluster.second()
    let row = ServerRow(balancer: NodeName("lb1"), server: web1)
    cluster.script.model.adopt(
      Intents([
        Intent(
          row: row, wish: .weight(50), actor: ChangeScript.ops, note: "", since: cluster.script.moment.wall)
      ]))
    cluster.second()
    #expect(cluster.script.model.snapshot.lost.map(\.found.weight) == [1])
    #expect(cluster.script.node("web1").verdict.state == .up)
    #expect(cluster.script.node("web1").verdict.reason != nil)
  }

  @Test func holdSetsAgainAtOnceAndThenEverMoreRarely() {
    let row = ServerRow(balancer: NodeName("lb1"), server: web1)
    let lost = LostIntent(
      intent: Intent(
        row: row, wish: .drain, actor: ChangeScript.ops, note: "", since: WallTime(nanoseconds: 0)),
      found: Standing(admin: .ready, weight: 1), cause: .other, at: WallTime(nanoseconds: 0))
    var policy = HoldPolicy()
    var times: [Int] = []
    for second in 0..<400 {
      let now = Moment(
        wall: WallTime(nanoseconds: 0), uptime: Uptime(nanoseconds: Int64(second) * 1_000_000_000))
      if !policy.due([lost], at: now).isEmpty { times.append(second) }
    }
    #expect(times == [0, 10, 30, 70, 150, 310])
  }

  @Test func sessionsThatGoAwayHaveARateAndAnEnd() {
    var progress = DrainProgress()
    func moment(_ seconds: Int) -> Moment {
      Moment(
        wall: WallTime(nanoseconds: 0), uptime: Uptime(nanoseconds: Int64(seconds) * 1_000_000_000))
    }
    #expect(progress.remaining == nil)
    progress.note(100, at: moment(0))
    #expect(progress.remaining == nil)
    for second in 1...20 { progress.note(Int64(100 - second * 2), at: moment(second)) }
    #expect(progress.first == 100)
    #expect(progress.left == 60)
    #expect(progress.perSecond == 2)
    #expect(progress.remaining == .seconds(30))
    for second in 21...40 { progress.note(60, at: moment(second)) }
    #expect(progress.remaining == nil)
    progress.note(0, at: moment(41))
    #expect(progress.remaining == .zero)
  }

  /// What the past knows is what was recorded: the same cluster, folded again from its frames and events.
  @Test func whatWasLostIsKnownAgainFromTheEvents() throws {
    var cluster = ChangeScript()
    var frames: [(events: [Event], snapshot: Snapshot)] = []
    func note(_ cluster: ChangeScript, _ more: [Event] = []) {
      frames.append((more + cluster.script.events, cluster.script.model.snapshot))
    }
    let told = try drained(&cluster, note: "kernel")
    cluster.second()
    note(cluster, told)
    cluster.edit[1] = { $0.pid = 200 }
    cluster.second()
    note(cluster)
    cluster.second()
    note(cluster)
    let live = cluster.script.model
    #expect(live.snapshot.lost.count == 1)

    // From the beginning, and from where all of it had happened already.
    for events in [frames.map(\.events), [frames.flatMap(\.events), [], []]] {
      var again = ChangeScript()
      again.second()
      again.set(.forcedDrain, on: web1)
      for (place, known) in events.enumerated() {
        if place == 1 { again.edit[1] = { $0.pid = 200 } }
        for event in known { again.script.model.recall(event) }
        again.second()
        if place == 0, events[1].isEmpty { continue }
        let snapshot = again.script.model.snapshot
        #expect(snapshot.lost == frames[place].snapshot.lost, "\(place)")
        #expect(snapshot.nodes.map(\.verdict) == frames[place].snapshot.nodes.map(\.verdict), "\(place)")
      }
      #expect(again.script.model.intents == live.intents)
    }
  }

  @Test func aWishThatIsTakenBackIsNotLostInThePast() throws {
    var cluster = ChangeScript()
    var events = try drained(&cluster)
    cluster.second()
    cluster.edit = [:]
    cluster.second()
    events += cluster.script.events
    let ready = try Change(.set(.ready), on: [.server(web1)], in: try #require(cluster.live))
    for place in 0..<2 {
      events += cluster.script.model.settle(
        ready,
        BalancerResult(
          balancer: SourceID(place), outcomes: [place: .done], at: cluster.script.moment, took: .zero),
        by: ChangeScript.ops, note: "")
    }
    var again = ChangeScript()
    for event in events { again.script.model.recall(event) }
    again.second()
    again.second()
    #expect(again.script.model.snapshot.lost.isEmpty)
    #expect(again.script.node("web1").verdict.state == .up)
  }
}
