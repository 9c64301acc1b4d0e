import Cluster
import Testing

@testable import Dashboard

@Suite struct ScreenTests {
  static let sizes = [(40, 10), (80, 24), (140, 40), (200, 60)]
  static let views = ScreenPreferences.View.allCases

  @Test(arguments: views, sizes) func aTroubledSite(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.usual()
    var state = site.dashboard(view: view, size: Size(width: width, height: height))
    let trouble = Site.troubled()
    site.servers = zip(site.servers, trouble.servers).map { old, new in old.changed(to: new) }
    site.run(&state, ticks: 20)
    expectScreen(state.grid, "\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: views, [(80, 24), (140, 40)])
  func theSameInASCII(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.usual()
    var state = site.dashboard(isUnicode: false, view: view, size: Size(width: width, height: height))
    let trouble = Site.troubled()
    site.servers = zip(site.servers, trouble.servers).map { old, new in old.changed(to: new) }
    site.run(&state, ticks: 20)
    let grid = state.grid
    #expect(grid.cells.allSatisfy { $0.scalar >= 0x20 && $0.scalar < 0x7F && $0.mark == 0 })
    expectScreen(grid, "\(view.rawValue)-\(width)x\(height)-ascii")
  }

  @Test(arguments: ["web2", "lb1", "db2"], [(40, 10), (80, 24), (140, 40)])
  func everythingAboutANode(name: String, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.troubled()
    var state = site.dashboard(size: Size(width: width, height: height))
    state.select(NodeName(name))
    state.hit(.enter)
    expectScreen(state.grid, "detail-\(name)-\(width)x\(height)")
  }

  @Test(arguments: [ScreenPreferences.View.map, .table], sizes)
  func aWholeSite(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.whole()
    let state = site.dashboard(view: view, size: Size(width: width, height: height))
    expectScreen(state.grid, "whole-\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: views, [(80, 24), (140, 40)])
  func aWholeSiteAfterAFailover(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.whole()
    var state = site.dashboard(view: view, size: Size(width: width, height: height))
    site.fail()
    site.run(&state, ticks: 20)
    expectScreen(state.grid, "failover-\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: ["10.77.1.100", "www.foobar.com", "lb2", "app1", "db1", "db2", "web>app"])
  func everythingThatANodeSaysOfItself(name: String) {
    var site = Site.whole()
    var state = site.dashboard(size: Size(width: 100, height: 30))
    site.fail()
    site.run(&state, ticks: 20)
    state.select(NodeName(name))
    state.hit(.enter)
    expectScreen(state.grid, "own-\(name == "web>app" ? "web-app" : name)-100x30")
  }

  @Test(arguments: sizes) func help(size: (Int, Int)) {
    let (width, height) = size
    var site = Site.usual()
    var state = site.dashboard(ticks: 2, size: Size(width: width, height: height))
    state.hit(.character("?"))
    expectScreen(state.grid, "help-\(width)x\(height)")
  }

  @Test(arguments: [ScreenPreferences.View.map, .table, .events], [(80, 24), (140, 40)])
  func aFreshStart(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.usual()
    let state = site.dashboard(ticks: 0, view: view, size: Size(width: width, height: height))
    expectScreen(state.grid, "fresh-\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: [ScreenPreferences.View.map, .table], [(80, 24), (140, 40)])
  func allIsWell(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.usual()
    let state = site.dashboard(view: view, size: Size(width: width, height: height))
    expectScreen(state.grid, "well-\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: [ScreenPreferences.View.map, .table, .events], [(80, 24), (140, 40)])
  func nothingIsReadAnyMore(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.usual()
    var state = site.dashboard(view: view, size: Size(width: width, height: height))
    site.failures = [0: .refused, 1: .timedOut(after: .milliseconds(500), received: 0)]
    site.silent = [2, 3]
    site.run(&state, ticks: 22)
    expectScreen(state.grid, "stale-\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: [ScreenPreferences.View.map, .table], [(40, 10), (80, 24), (140, 40), (200, 60)])
  func twoHundredNodes(view: ScreenPreferences.View, size: (Int, Int)) {
    let (width, height) = size
    var site = Site.large(200)
    let state = site.dashboard(ticks: 12, view: view, size: Size(width: width, height: height))
    expectScreen(state.grid, "large-\(view.rawValue)-\(width)x\(height)")
  }

  @Test(arguments: views, [(80, 24), (140, 40)]) func strangeNames(
    view: ScreenPreferences.View, size: (Int, Int)
  ) {
    let (width, height) = size
    var site = Site.strange()
    let state = site.dashboard(ticks: 5, view: view, size: Size(width: width, height: height))
    expectScreen(state.grid, "strange-\(view.rawValue)-\(width)x\(height)")
  }

  @Test func aResetIsAMarkedGap() {
    var site = Site.usual()
    var state = site.dashboard(view: .table)
    site.pid = 5151
    site.run(&state, ticks: 1)
    expectScreen(state.grid, "reset-table-80x24")
  }
}

extension Site.Server {
  /// Another condition with the counters of before.
  func changed(to other: Site.Server) -> Site.Server {
    var result = self
    result.rate = other.rate
    result.failing = other.failing
    result.milliseconds = other.milliseconds
    result.queue = other.queue
    result.status = other.status
    result.check = other.check
    return result
  }
}
