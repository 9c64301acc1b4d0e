import Cluster
import Testing

@testable import Dashboard

@Suite struct UpdateTests {
  @Test func tabGoesThroughTheViewsAndRound() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    var seen: [ScreenPreferences.View] = []
    for _ in 0..<5 {
      state.hit(.tab)
      seen.append(state.view)
    }
    #expect(seen == [.table, .graphs, .events, .map, .table])
    state.hit(.backTab)
    #expect(state.view == .map)
  }

  @Test func qLeavesAPageBeforeItLeavesTheProgram() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    state.hit(.enter, .character("?"))
    #expect(state.page == .help(top: 0, overDetail: true))
    #expect(state.hit(.character("q")) == [])
    #expect(state.page == .detail(top: 0))
    #expect(state.hit(.character("q")) == [])
    #expect(state.page == .view)
    #expect(state.hit(.character("q")) == [.quit])
    #expect(state.hit(.control("c")) == [.quit])
    #expect(state.hit(.control("z")) == [.suspend])
    #expect(state.hit(.control("l")) == [.redraw])
  }

  @Test func theSelectionMovesThroughTheTable() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2, view: .table)
    #expect(state.selection == NodeName("lb1"))
    state.hit(.down, .character("j"))
    #expect(state.selection == NodeName("web1"))
    state.hit(.up)
    #expect(state.selection == NodeName("lb2"))
    state.hit(.end)
    #expect(state.selection == NodeName("www.foobar.com"))
    state.hit(.down)
    #expect(state.selection == NodeName("www.foobar.com"))
    state.hit(.character("g"))
    #expect(state.selection == NodeName("lb1"))
    state.hit(.character("3"))
    #expect(state.selection == NodeName("app1"))
    state.hit(.character("9"))
    #expect(state.selection == NodeName("app1"))
    #expect(state.message == "there are 5 tiers")
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 140, height: 40)])
  func leftAndRightGoFromTierToTierOnTheMap(size: Size) {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2, size: size)
    state.hit(.down, .right)
    #expect(state.selection == NodeName("web2"))
    state.hit(.right)
    #expect(state.selection == NodeName("app2"))
    state.hit(.left, .left)
    #expect(state.selection == NodeName("lb2"))
    state.hit(.left)
    #expect(state.selection == NodeName("lb2"))
  }

  @Test func aFilterIsLiveAndEscapeTakesItBack() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 3, view: .table)
    state.hit(.character("/"))
    state.type("web app1")
    #expect(state.listing.isEmpty)
    state.hit(.control("w"))
    #expect(state.listing.count == 4)
    state.hit(.enter)
    #expect(state.prompt == nil)
    #expect(state.filter.text == "web ")
    state.hit(.character("/"))
    state.type("1")
    state.hit(.escape)
    #expect(state.filter.text == "web ")
    state.hit(.escape)
    #expect(state.filter.isEmpty)
    #expect(state.listing.count == 12)
  }

  @Test(arguments: [
    ("down", ["web3"]), ("10.77.3.12", ["app2"]), ("REPLICA", ["db2"]), ("db", ["db1", "db2"]),
  ])
  func aFilterLooksAtStateAddressRoleAndTier(text: String, names: [String]) {
    var site = Site.troubled()
    var state = site.dashboard(ticks: 3, view: .table)
    state.filter(by: text)
    #expect(state.listing.map { state.topology.nodes[$0].name.text } == names)
  }

  @Test func aFilterDoesNotLoseTheSelection() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 3, view: .table)
    state.select(NodeName("app2"))
    state.hit(.character("/"))
    state.type("web")
    state.hit(.enter)
    #expect(state.selection == NodeName("app2"))
    state.hit(.escape)
    #expect(state.selection == NodeName("app2"))
    #expect(state.grid.text.contains("app2"))
  }

  @Test func aResizeDoesNotLoseTheSelection() {
    var site = Site.large(200)
    var state = site.dashboard(ticks: 3, view: .table)
    state.hit(.end)
    let selected = state.selection
    for size in [Size(width: 40, height: 10), Size(width: 0, height: 0), Size(width: 200, height: 60)] {
      _ = update(&state, .resize(size))
      #expect(state.selection == selected)
    }
    #expect(state.grid.text.contains(selected?.text ?? "?"))
  }

  @Test func theSelectionStaysOnItsNodeWhenTheOrderChanges() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5, view: .table)
    state.select(NodeName("web1"))
    state.hit(.character(":"))
    state.type("sort qps")
    state.hit(.enter)
    #expect(state.sort == Sort(key: .column(.qps), isDescending: true))
    let before = state.listing.firstIndex(of: state.selectedPlace ?? -1)
    site["web1"].rate = 90_000
    site.run(&state, ticks: 2)
    #expect(state.selection == NodeName("web1"))
    #expect(state.listing.firstIndex(of: state.selectedPlace ?? -1) != before)
    #expect(state.listing.firstIndex(of: state.selectedPlace ?? -1) == 0)
  }

  @Test func whatIsNotKnownIsSortedLastBothWays() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5, view: .table)
    for isDescending in [true, false] {
      state.sort(by: .column(.qps), descending: isDescending)
      let last = state.listing.suffix(3).map { state.topology.nodes[$0].name.text }
      #expect(last == ["db1", "db2", "www.foobar.com"])
    }
  }

  @Test func sKeysGoThroughTheColumnsAndTurnTheOrder() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2, view: .table)
    state.hit(.character("s"))
    #expect(state.sort.key == .node)
    state.hit(.character("s"), .character("s"), .character("s"))
    #expect(state.sort == Sort(key: .column(.qps), isDescending: true))
    state.hit(.character("I"))
    #expect(state.sort == Sort(key: .column(.qps), isDescending: false))
  }

  @Test func aMisspeltCommandSaysWhatWasMeant() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    state.hit(.character(":"))
    state.type("grphs")
    state.hit(.enter)
    #expect(state.message == "no command \"grphs\"; did you mean :graphs?")
    state.hit(.character(":"))
    state.type("sort qsp")
    state.hit(.enter)
    #expect(state.message == "no column \"qsp\"; did you mean qps?")
    state.hit(.down)
    #expect(state.message == nil)
  }

  @Test func commandsAreCompleted() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    state.hit(.character(":"))
    state.type("so")
    state.hit(.tab)
    #expect(state.prompt?.text == "sort ")
    state.type("q")
    state.hit(.tab)
    #expect(state.prompt?.text == "sort qps")
    state.hit(.tab)
    #expect(state.prompt?.text == "sort queue")
    state.hit(.control("u"))
    state.type("t")
    state.hit(.tab)
    #expect(state.prompt?.text == "table")
    state.hit(.tab)
    #expect(state.prompt?.text == "tier")
    state.hit(.enter)
    #expect(state.message == ":tier wants a name: Tab shows what there is")
  }

  @Test func commandsDoWhatTheySay() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    func run(_ text: String) -> [Effect] {
      state.hit(.character(":"))
      state.type(text)
      return state.hit(.enter)
    }
    _ = run("theme light")
    #expect(state.theme == .light)
    _ = run("node web3")
    #expect(state.page == .detail(top: 0))
    #expect(state.selection == NodeName("web3"))
    _ = run("events")
    #expect(state.view == .events)
    #expect(state.page == .view)
    _ = run("filter app")
    #expect(state.filter.text == "app")
    _ = run("filter")
    #expect(state.filter.isEmpty)
    _ = run("tier db")
    #expect(state.selection == NodeName("db1"))
    #expect(run("") == [])
    #expect(run("q") == [.quit])
  }

  @Test func pastedTextIsNeverKeys() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    #expect(update(&state, .paste("q\n:quit\n")) == [])
    #expect(state.page == .view)
    state.hit(.character("/"))
    #expect(update(&state, .paste("we\u{1B}b\nq")) == [])
    #expect(state.prompt?.text == "we␛b")
  }

  @Test func aClickSelectsAndADoubleClickDives() throws {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2)
    let y = try #require(state.grid.rows.firstIndex { $0.contains(" app2 ") })
    _ = update(&state, .mouse(MouseEvent(.click, x: 20, y: y)))
    #expect(state.selection == NodeName("app2"))
    #expect(state.page == .view)
    _ = update(&state, .mouse(MouseEvent(.doubleClick, x: 20, y: y)))
    #expect(state.page == .detail(top: 0))
    let tab = try #require(state.grid.rows[2].firstIndex(of: "g"))
    let x = state.grid.rows[2].distance(from: state.grid.rows[2].startIndex, to: tab)
    _ = update(&state, .mouse(MouseEvent(.click, x: x, y: 2)))
    #expect(state.view == .graphs)
    for place in [-5, 0, 1000] { _ = update(&state, .mouse(MouseEvent(.click, x: place, y: place))) }
  }

  @Test func aClickOnAHeadingSorts() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 2, view: .table)
    let x = state.grid.rows[3].distance(
      from: state.grid.rows[3].startIndex,
      to: state.grid.rows[3].firstIndex(of: "Q") ?? state.grid.rows[3].startIndex)
    _ = update(&state, .mouse(MouseEvent(.click, x: x, y: 3)))
    #expect(state.sort == Sort(key: .column(.qps), isDescending: true))
    _ = update(&state, .mouse(MouseEvent(.click, x: x, y: 3)))
    #expect(state.sort == Sort(key: .column(.qps), isDescending: false))
  }

  @Test func theWheelLooksElsewhereAndAKeyComesBack() {
    var site = Site.large(200)
    var state = site.dashboard(ticks: 2, view: .table)
    for _ in 0..<10 { _ = update(&state, .mouse(MouseEvent(.wheelDown, x: 5, y: 10))) }
    #expect(state.tableTop == 30)
    #expect(state.selection == NodeName("lb1"))
    site.run(&state, ticks: 1)
    #expect(state.tableTop == 30)
    state.hit(.down)
    #expect(state.selection == NodeName("lb2"))
    #expect(state.tableTop <= 1)
  }

  @Test func newEventsDoNotPushAwayTheOneThatIsRead() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5, view: .events)
    site["web1"].status = ["DOWN"]
    site.run(&state, ticks: 1)
    site["web2"].status = ["DOWN"]
    site.run(&state, ticks: 1)
    state.hit(.down)
    let read = state.event(state.selectedEvent)
    site["web3"].status = ["MAINT"]
    site.run(&state, ticks: 1)
    #expect(state.events.count >= 4)
    #expect(state.event(state.selectedEvent) == read)
    state.hit(.enter)
    #expect(state.page == .detail(top: 0))
    #expect(state.selection == read?.node)
  }

  @Test func theHeaderSaysLoudlyThatNothingIsReadAnyMore() {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5)
    #expect(state.grid.rows[0].contains("LIVE"))
    var later = site.now
    later.uptime.nanoseconds += 14_000_000_000
    later.wall.nanoseconds += 14_000_000_000
    _ = update(&state, .clock(later))
    #expect(state.grid.rows[0].contains("NO DATA FOR 14s"))
    #expect(!state.grid.rows[0].contains("LIVE"))
  }

  @Test func aKeyHasOneMeaningInAPlace() {
    for bit in 0..<7 {
      let scope = Scope(rawValue: 1 << UInt8(bit))
      var seen: Set<Key> = []
      for binding in Keymap.standard.bindings where binding.scope.contains(scope) {
        #expect(binding.intents.count == 1 || binding.intents.count == binding.keys.count)
        for key in binding.keys { #expect(seen.insert(key).inserted, "\(key) in \(scope)") }
      }
    }
  }

  @Test func everyKeyIsInTheHelp() {
    var site = Site.usual()
    let state = site.dashboard(ticks: 1)
    let help = HelpScreen(state: state).lines(width: 80).map { $0.runs.map(\.text).joined(separator: " ") }
    for binding in Keymap.standard.bindings {
      #expect(help.contains { $0.hasSuffix(binding.words) }, "\(binding.words)")
    }
    for command in CommandWord.allCases { #expect(help.contains { $0.hasPrefix(":\(command.rawValue)") }) }
    // Words never hide the end of a key.
    for line in HelpScreen(state: state).lines(width: 80) where line.runs.count == 2 {
      #expect(line.runs[0].x + line.runs[0].text.columns < line.runs[1].x, "\(line.runs[0].text)")
    }
  }
}
