import Cluster
import Testing

@testable import Dashboard

/// What the keys do that change something: everything but the sending.
@Suite struct DrainTests {
  static let ops = Actor(user: "ops", host: "bastion", terminal: "pts/3")

  /// The usual site on its map, with a node selected.
  private func dashboard(
    _ site: inout Site, on name: String, isReadOnly: Bool = false, size: Size = Size(width: 80, height: 24)
  ) -> State {
    var state = State(
      model: ClusterModel(layout: site.layout), preferences: ScreenPreferences(), look: Look(),
      actor: Self.ops, isReadOnly: isReadOnly)
    _ = update(&state, .resize(size))
    site.run(&state, ticks: 3)
    state.select(NodeName(name))
    return state
  }

  private func order(_ effects: [Effect]) throws -> ChangeOrder {
    let orders = orders(effects)
    guard orders.count == 1 else { throw Missing(what: "one order in \(effects)") }
    return orders[0]
  }

  /// Frames ask for the bar of time as well.
  private func orders(_ effects: [Effect]) -> [ChangeOrder] {
    effects.compactMap { if case .apply(let order) = $0 { order } else { nil } }
  }

  struct Missing: Error {
    var what: String
  }

  /// Every load balancer has done it, at once.
  private func confirm(
    _ order: ChangeOrder, in state: inout State, except failing: [SourceID: StepOutcome] = [:]
  ) {
    for balancer in order.change.balancers {
      let places = order.change.steps.indices.filter { order.change.steps[$0].balancer == balancer }
      let outcome = failing[balancer] ?? .done
      let result = BalancerResult(
        balancer: balancer, outcomes: Dictionary(uniqueKeysWithValues: places.map { ($0, outcome) }),
        at: state.now ?? state.snapshot.at, took: .milliseconds(4))
      _ = update(&state, .result(order.id, result))
    }
  }

  /// web1 drained on all load balancers, and seen so for some ticks; how far that is stands in the panel.
  private func drained(_ site: inout Site, seenFor ticks: Int) throws -> State {
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    confirm(try order(state.hit(.character("y"))), in: &state)
    site["web1"].status = ["DRAIN"]
    site.run(&state, ticks: ticks)
    return state
  }

  @Test func dShowsAPreviewAndYSendsIt() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    #expect(state.hit(.character("d")) == [])
    #expect(state.scope == .preview)
    expectScreen(state.grid, "drain-preview-80x24")
    let order = try order(state.hit(.character("y")))
    #expect(order.change.steps.map(\.row.description) == ["lb1 web/web1", "lb2 web/web1"])
    #expect(order.change.steps.allSatisfy { $0.action == .set(.drain) })
    #expect(state.scope == .progress)
    confirm(order, in: &state)
    site["web1"].status = ["DRAIN"]
    site["web1"].sessions = 41
    site.run(&state, ticks: 1)
    site["web1"].sessions = 30
    site.run(&state, ticks: 1)
    expectScreen(state.grid, "drain-progress-80x24")
    #expect(state.hit(.escape) == [])
    #expect(state.scope == .map)
  }

  /// The line at the bottom.
  private func hints(_ state: State) -> String {
    let grid = state.grid
    let scalars = (0..<grid.size.width).compactMap { Unicode.Scalar(grid[$0, grid.size.height - 1].scalar) }
    return String(String.UnicodeScalarView(scalars))
  }

  @Test func thePanelOfAChangeOffersOnlyWhatDoesSomethingToIt() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    var order = try order(state.hit(.character("y")))
    // Not answered yet.
    #expect(hints(state).contains("t try again  u put back  m then maint  x shut down  Esc close"))
    confirm(order, in: &state)
    #expect(hints(state).contains(" u put back  m then maint  x shut down  Esc close"))
    #expect(!hints(state).contains("try again"))
    state.hit(.escape, .character("m"))
    order = try self.order(state.hit(.character("y")))
    confirm(order, in: &state)
    // Sessions are waited for, and it is in maintenance already.
    #expect(hints(state).contains(" u put back  x shut down  Esc close"))
    state.hit(.escape, .character("r"))
    order = try self.order(state.hit(.character("y")))
    confirm(order, in: &state)
    #expect(hints(state).contains(" u put back  Esc close"))
    // Whoever knows them by heart is told why.
    state.hit(.character("x"))
    #expect(state.message == "there are no sessions to wait for")
  }

  @Test(arguments: [Key.escape, .character("n"), .character("q"), .control("c")])
  func leavingAPreviewSendsNothing(key: Key) {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    let before = state.grid
    state.hit(.character("d"))
    #expect(state.hit(key) == [])
    #expect(state.grid == before)
    #expect(state.changes.made.isEmpty)
  }

  @Test(arguments: [
    (Key.character("r"), AdminState.ready), (.character("m"), .maint), (.function(9), .ready),
    (.function(10), .maint),
  ])
  func everyKeyHasItsAction(key: Key, admin: AdminState) throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(key)
    let order = try order(state.hit(.enter))
    #expect(order.change.steps.allSatisfy { $0.action == .set(admin) })
  }

  @Test func aWeightIsTyped() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("w"))
    state.type("257")
    state.hit(.enter)
    #expect(state.message == "\"257\" is no weight: 0 to 256")
    state.hit(.character("w"))
    state.type("50")
    state.hit(.enter)
    #expect(state.scope == .preview)
    let order = try order(state.hit(.character("y")))
    #expect(order.change.steps.map(\.action) == [.weight(50), .weight(50)])
  }

  @Test func whatIsMarkedIsChangedTogether() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character(" "), .character(" "))
    #expect(state.changes.marks == [NodeName("web1"), NodeName("web2")])
    #expect(state.selection == NodeName("web3"))
    state.hit(.character("d"))
    expectScreen(state.grid, "drain-marked-80x24")
    let order = try order(state.hit(.character("y")))
    #expect(order.change.steps.count == 4)
    #expect(state.changes.marks.isEmpty)
  }

  @Test func escapeForgetsTheMarks() {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character(" "), .escape)
    #expect(state.changes.marks.isEmpty)
  }

  @Test func theFloorWantsTheBackendsName() throws {
    var site = Site.usual()
    site.layout.drain.keepUp = 4
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    #expect(state.scope == .floor)
    expectScreen(state.grid, "drain-floor-80x24")
    #expect(state.hit(.enter) == [])
    #expect(state.message?.contains("type the backend's name, web") == true)
    // Letters are letters here, not keys.
    state.type("yqn")
    #expect(state.hit(.enter) == [])
    state.hit(.control("u"))
    state.type("web")
    _ = try order(state.hit(.enter))
  }

  @Test func theLastServerOfABackendIsShouted() {
    var site = Site.usual()
    for name in ["web2", "web3", "web4"] { site[name].status = ["MAINT"] }
    var state = dashboard(&site, on: "web1", size: Size(width: 140, height: 40))
    state.hit(.character("d"))
    #expect(state.grid.text.contains("backend web would go DOWN on lb1, lb2"))
    #expect(state.grid.text.contains("web/web2 on lb1, lb2 is maint, not by tiertop"))
    expectScreen(state.grid, "drain-last-140x40")
  }

  @Test func aPartIsNeverTheWhole() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    let first = try order(state.hit(.character("y")))
    confirm(first, in: &state, except: [SourceID(1): .refused(words: "Permission denied")])
    let text = state.grid.text
    #expect(text.contains("DRAIN 1/2"))
    #expect(text.contains("lb2    refused: Permission denied"))
    expectScreen(state.grid, "drain-part-80x24")

    state.hit(.character("t"))
    let again = try order(state.hit(.character("y")))
    #expect(again.change.steps.map(\.row.description) == ["lb2 web/web1"])
    #expect(again.change.purpose == .retry)

    // Or it is put back where it was done.
    state.hit(.escape, .character("c"))
    var back = state
    back.changes.shown = first.id
    back.hit(.character("u"))
    let undo = try order(back.hit(.character("y")))
    #expect(undo.change.steps.map(\.row.description) == ["lb1 web/web1"])
    #expect(undo.change.steps.map(\.action) == [.set(.ready)])
  }

  @Test func uGoesBackChangeByChange() throws {
    var site = Site.usual()
    var state = try drained(&site, seenFor: 1)
    state.hit(.escape, .character("j"), .character("m"))
    confirm(try order(state.hit(.character("y"))), in: &state)
    site["web2"].status = ["MAINT"]
    site.run(&state, ticks: 1)
    state.hit(.escape, .character("u"))
    let last = try order(state.hit(.character("y")))
    #expect(last.change.steps.map(\.row.server.server) == ["web2", "web2"])
    confirm(last, in: &state)
    state.hit(.escape, .character("u"))
    let first = try order(state.hit(.character("y")))
    #expect(first.change.steps.map(\.row.server.server) == ["web1", "web1"])
    confirm(first, in: &state)
    state.hit(.escape, .character("u"))
    #expect(state.message == "nothing was changed from here")
  }

  @Test func whatIsNotLiveCannotBeChanged() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    #expect(state.scope == .preview)
    // Nothing more is read while somebody looks at the preview.
    var late = site.now
    late.uptime.nanoseconds += 10_000_000_000
    late.wall.nanoseconds += 10_000_000_000
    _ = update(&state, .clock(late))
    #expect(state.grid.text.contains("nothing can be sent"))
    #expect(state.hit(.character("y")) == [])
    #expect(state.message == "the screen does not show what is now: nothing was sent")
    state.hit(.escape, .character("d"))
    #expect(state.scope == .map)
    #expect(state.message == "the screen does not show what is now: nothing can be changed")
  }

  @Test func readOnlySaysSoAndWhy() {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1", isReadOnly: true)
    #expect(state.grid.text.contains(" READ-ONLY "))
    for key in ["d", "r", "m", "w", "u"] {
      state.hit(.character(Unicode.Scalar(key) ?? "d"))
      #expect(state.scope == .map)
      if key != "u" { #expect(state.message == "read-only: tiertop was started with --read-only") }
    }
    var other = Site.usual()
    #expect(dashboard(&other, on: "web1").grid.text.contains(" READ-WRITE "))
  }

  @Test func theWayOfALoadBalancerSaysWhatIsMissing() {
    var site = Site.usual()
    site.level = .operator
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    #expect(
      state.message
        == "read-only: its socket has level operator: changing needs \"stats socket … level admin\"")
    #expect(state.grid.text.contains(" READ-ONLY "))
  }

  @Test func maintFollowsOnceNobodyIsLeft() throws {
    var site = Site.usual()
    var state = try drained(&site, seenFor: 1)
    state.hit(.character("m"))
    #expect(state.grid.text.contains("then maint, once no session is left"))
    site["web1"].sessions = 0
    let effects = update(&state, .frame(site.tick()))
    let maint = try order(effects)
    #expect(maint.change.steps.allSatisfy { $0.action == .set(.maint) })
    #expect(orders(update(&state, .frame(site.tick()))).isEmpty)
  }

  @Test func sessionsAreShutDownOnlyWhenAskedForAndWhenTheTimeIsOver() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    confirm(try order(state.hit(.character("y"))), in: &state)
    site["web1"].status = ["DRAIN"]
    for _ in 0..<10 { #expect(orders(update(&state, .frame(site.tick()))).isEmpty) }
    state.hit(.character("x"))
    state.type("3s")
    #expect(state.hit(.enter) == [])
    #expect(state.grid.text.contains("what is left is shut down in 3s"))
    var found: [ChangeOrder] = []
    var ticks = 0
    while found.isEmpty, ticks < 6 {
      found = orders(update(&state, .frame(site.tick())))
      ticks += 1
    }
    #expect(ticks == 3)
    let order = try #require(found.first)
    #expect(order.change.steps.map(\.action) == [.shutdownSessions, .shutdownSessions])
  }

  @Test func whoLooksAtThePastCanTakeBackWhatFollowsButAskForNothing() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    let then = PastPicture(
      place: PastPlace(sequence: 1, at: site.now.wall), model: state.model, at: site.now, events: [], gap: nil
    )
    state.hit(.character("d"))
    confirm(try order(state.hit(.character("y"))), in: &state)
    site["web1"].status = ["DRAIN"]
    site["web1"].sessions = 0
    site.run(&state, ticks: 1)
    _ = update(&state, .past(then))
    let refusal = "the screen does not show what is now: nothing can be changed"
    for key in ["m", "x"] {
      #expect(orders(state.hit(.character(Unicode.Scalar(key) ?? "m"))).isEmpty)
      #expect(state.message == refusal)
      #expect(state.prompt == nil)
    }
    // A time that is asked for live, and said when the past has come.
    state.hit(.character("L"), .character("x"))
    state.type("0s")
    _ = update(&state, .past(then))
    state.type("0s")
    #expect(orders(state.hit(.enter)).isEmpty)
    #expect(orders(update(&state, .frame(site.tick()))).isEmpty)
    // What was asked for before is still taken back.
    site["web1"].sessions = 3
    state.hit(.character("L"))
    site.run(&state, ticks: 1)
    state.hit(.character("m"))
    _ = update(&state, .past(then))
    state.hit(.character("m"))
    site["web1"].sessions = 0
    #expect(orders(update(&state, .frame(site.tick()))).isEmpty)
  }

  @Test func whatFollowsADrainFollowsNothingElse() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    confirm(try order(state.hit(.character("y"))), in: &state)
    // Taken back with the key that asked for it: nothing is shut down, however long it goes on.
    site["web1"].status = ["DRAIN"]
    state.hit(.character("x"))
    state.type("2s")
    state.hit(.enter, .character("x"))
    for _ in 0..<5 { #expect(orders(update(&state, .frame(site.tick()))).isEmpty) }
    state.hit(.character("x"))
    state.type("soon")
    state.hit(.enter)
    #expect(state.message == "\"soon\" is no time: 0s, 30s, 5m")
    state.hit(.escape, .escape, .character("r"))
    confirm(try order(state.hit(.character("y"))), in: &state)
    state.hit(.character("m"))
    #expect(state.message == "only a drain can go on to maint")
    state.hit(.character("x"))
    #expect(state.message == "there are no sessions to wait for")
  }

  @Test func tabChoosesOneOfItsBackendsThenTheNextThenAll() throws {
    var site = Site.usual()
    var more = [site["web1"], site["web2"]]
    for place in more.indices { more[place].backend = "api" }
    site = Site(layout: site.layout, servers: site.servers + more)
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    var chosen: [[String]] = []
    for _ in 0..<3 {
      guard case .ready(let change, _)? = state.changes.proposal?.content else {
        throw Missing(what: "a change")
      }
      chosen.append(change.steps.map(\.row.description))
      state.hit(.tab)
    }
    #expect(
      chosen == [
        ["lb1 web/web1", "lb1 api/web1", "lb2 web/web1", "lb2 api/web1"], ["lb1 web/web1", "lb2 web/web1"],
        ["lb1 api/web1", "lb2 api/web1"],
      ])
    state.hit(.tab)
    #expect(state.grid.text.contains("web1 in web"))
    let order = try order(state.hit(.character("y")))
    #expect(order.change.steps.map(\.row.description) == ["lb1 web/web1", "lb2 web/web1"])
  }

  @Test func whatWasSetIsToldWithItsNodeAndBy() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1", size: Size(width: 140, height: 60))
    state.hit(.character("d"), .character("e"))
    state.type("kernel update")
    state.hit(.enter)
    confirm(try order(state.hit(.character("y"))), in: &state)
    site["web1"].status = ["DRAIN"]
    site.run(&state, ticks: 2)
    state.hit(.escape, .enter)
    #expect(state.grid.text.contains("WHAT WAS SET, AND BY WHOM"))
    #expect(state.grid.text.contains("web/web1 drain  by ops@bastion pts/3"))
    #expect(state.grid.text.contains("kernel update"))
    site["web1"].status = ["DRAIN", "UP"]
    site.run(&state, ticks: 2)
    #expect(state.grid.text.contains("lost: changed, not by tiertop"))
  }

  @Test func whatIsLostIsShownAndOneKeySetsItAgain() throws {
    var site = Site.usual()
    var state = try drained(&site, seenFor: 2)
    site["web1"].status = ["DRAIN", "UP"]
    site.run(&state, ticks: 2)
    state.hit(.escape)
    #expect(state.grid.text.contains("drain lost on lb2"))
    state.hit(.character("a"))
    let again = try order(state.hit(.character("y")))
    #expect(again.change.steps.map(\.row.description) == ["lb2 web/web1"])
    #expect(again.change.purpose == .reapply)
  }

  @Test func holdSetsItAgainByItself() throws {
    var site = Site.usual()
    site.layout.drain.hold = true
    var state = try drained(&site, seenFor: 2)
    site["web1"].status = ["DRAIN", "UP"]
    let held = try order(update(&state, .frame(site.tick())))
    #expect(held.change.purpose == .hold)
    #expect(held.change.steps.map(\.row.description) == ["lb2 web/web1"])
    // Not again at once.
    #expect(orders(update(&state, .frame(site.tick()))).isEmpty)
    // And not from a dashboard that may change nothing.
    var reading = dashboard(&site, on: "web1", isReadOnly: true)
    #expect(orders(update(&reading, .frame(site.tick()))).isEmpty)
  }

  @Test func aNoteGoesWithTheChange() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"), .character("e"))
    state.type("kernel update")
    state.hit(.enter)
    #expect(state.scope == .preview)
    let order = try order(state.hit(.character("y")))
    #expect(order.note == "kernel update")
    state.hit(.escape, .character(":"))
    state.type("maint broken disk")
    state.hit(.enter)
    #expect(state.grid.text.contains("note: broken disk"))
  }

  @Test func pastedTextConfirmsNothing() {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    #expect(update(&state, .paste("y\n")) == [])
    #expect(state.scope == .preview)
    #expect(update(&state, .mouse(MouseEvent(.doubleClick, x: 10, y: 20))) == [])
    #expect(state.scope == .preview)
  }

  @Test func aResultIsToldWhereThePanelIsClosed() throws {
    var site = Site.usual()
    var state = dashboard(&site, on: "web1")
    state.hit(.character("d"))
    let order = try order(state.hit(.character("y")))
    state.hit(.escape)
    confirm(order, in: &state, except: [SourceID(0): .unknown(.timedOut(after: .seconds(2), received: 0))])
    #expect(state.message?.hasPrefix("drain web/web1: done on 1 of 2; lb1 state unknown") == true)
    #expect(state.events.contains { if case .changed = $0.change { true } else { false } })
  }

  @Test func fiveHundredMarkedNodesAreOneChange() throws {
    var site = Site.large(1000)
    var state = dashboard(&site, on: "web001")
    state.changes.marks = Set(
      (1...500).map { NodeName("web" + String(repeating: "0", count: max(0, 3 - "\($0)".count)) + "\($0)") })
    state.hit(.character("d"))
    let order = try order(state.hit(.character("y")))
    #expect(order.change.steps.count == 1000)
    #expect(order.change.balancers.count == 2)
  }

  @Test(arguments: [(40, 10), (140, 40), (200, 60)]) func aPreviewFitsEverySize(width: Int, height: Int) {
    var site = Site.troubled()
    var state = dashboard(&site, on: "web1", size: Size(width: width, height: height))
    state.hit(.character("d"))
    expectScreen(state.grid, "drain-preview-\(width)x\(height)")
    for width in [0, 1, 2, 3, 9, 30, 59, 80] {
      for height in [0, 1, 2, 3, 4, 5, 8, 12, 24] {
        let size = Size(width: width, height: height)
        _ = update(&state, .resize(size))
        #expect(render(state, size: size).size == size)
      }
    }
  }
}
