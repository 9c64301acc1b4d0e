import Cluster
import TestSupport
import Testing

@testable import Dashboard

@Suite struct RobustnessTests {
  static let keys: [Key] =
    Array("jkhlgGsS?/:q0123456789abwe drmwuatxcyyn,.<>(){}pLiM=+-[]\u{FC}日".unicodeScalars).map {
      .character($0)
    } + [
      .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .escape, .tab, .backTab, .backspace,
      .delete, .insert, .function(1), .function(5), .function(12), .control("l"), .control("u"),
      .control("w"), .control("c"),
    ]

  @Test(arguments: 0..<24) func nothingThatIsDoneEverBreaksTheScreen(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var site = [Site.usual(), .troubled(), .large(60), .strange()][Int(seed % 4)]
    var state = site.dashboard(
      ticks: Int.random(in: 0...3, using: &random), isUnicode: seed % 3 != 0,
      view: ScreenPreferences.View.allCases.randomElement(using: &random) ?? .map)
    for _ in 0..<250 {
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<12: _ = update(&state, .key(Self.keys.randomElement(using: &random) ?? .tab))
      case 12:
        let size = Size(
          width: Int.random(in: 0...180, using: &random), height: Int.random(in: 0...50, using: &random))
        _ = update(&state, .resize(size))
      case 13, 14:
        let kinds: [MouseEvent.Kind] = [.click, .doubleClick, .wheelUp, .wheelDown]
        let event = MouseEvent(
          kinds.randomElement(using: &random) ?? .click, x: Int.random(in: -2...200, using: &random),
          y: Int.random(in: -2...60, using: &random))
        _ = update(&state, .mouse(event))
      case 15: _ = update(&state, .paste("web\n日本\u{1B}[2J"))
      case 16:
        let index = Int.random(in: 0..<site.servers.count, using: &random)
        site.servers[index].status = [
          ["UP", "DOWN", "MAINT", "DRAIN", "DOWN 1/2", ""].randomElement(using: &random) ?? ""
        ]
      case 17:
        site.failures = Bool.random(using: &random) ? [:] : [0: .refused]
      case 18:
        site.pid += Int64.random(in: 0...1, using: &random)
      default: site.run(&state, ticks: 1)
      }
      let size = Size(
        width: Int.random(in: 0...160, using: &random), height: Int.random(in: 0...45, using: &random))
      for size in [state.size, size] {
        let grid = render(state, size: size)
        #expect(grid.size == size)
        #expect(grid.cells.count == size.width * size.height)
      }
    }
  }

  @Test(arguments: ScreenPreferences.View.allCases) func everySizeFromNothingUpIsDrawn(
    view: ScreenPreferences.View
  ) {
    var site = Site.troubled()
    var state = site.dashboard(ticks: 4, view: view)
    for page in [State.Page.view, .detail(top: 0), .help(top: 0, overDetail: false)] {
      state.page = page
      for width in [0, 1, 2, 3, 7, 15, 21, 39, 59, 79, 115, 119, 160] {
        for height in [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 15, 16, 17, 23, 50] {
          let size = Size(width: width, height: height)
          #expect(render(state, size: size).size == size)
        }
      }
    }
  }

  @Test(arguments: [Int64.max, -.max, -(1 << 61), -1], ScreenPreferences.View.allCases)
  func figuresThatNoProgramEverHadAreDrawn(
    figure: Int64, view: ScreenPreferences.View
  ) {
    for isUnicode in [true, false] {
      var site = Site.usual()
      for place in site.servers.indices {
        site.servers[place].sessions = figure
        site.servers[place].queue = figure
        site.servers[place].weight = figure
      }
      let size = Size(width: 100, height: 30)
      var state = site.dashboard(ticks: 4, isUnicode: isUnicode, view: view, size: size)
      state.selection = NodeName("web1")
      for key in [Key.up, .right, .enter] {
        #expect(state.grid.size == size)
        _ = update(&state, .key(key))
      }
    }
  }

  @Test func nothingHasToBeKnownToDraw() {
    let state = State(
      model: ClusterModel(layout: Layout(cluster: "")), preferences: ScreenPreferences(), look: Look())
    for view in ScreenPreferences.View.allCases {
      var state = state
      state.show(view)
      for size in [Size(width: 80, height: 24), Size(width: 140, height: 40), Size(width: 1, height: 1)] {
        #expect(render(state, size: size).size == size)
      }
      state.hit(.down, .enter, .end, .right, .character("1"), .character("s"), .character("/"), .enter)
    }
  }

  @Test func tenThousandNodesAreFilteredSortedAndDrawn() {
    var site = Site.large(10_000)
    var state = site.dashboard(ticks: 2, view: .table, size: Size(width: 140, height: 40))
    state.hit(.character("/"))
    state.type("web0")
    #expect(state.listing.count > 0)
    #expect(state.listing.count < 10_000)
    state.hit(.enter, .end, .pageUp)
    state.sort(by: .column(.qps), descending: true)
    #expect(state.grid.size == state.size)
  }
}
