import CTerminal
import Cluster
import Dashboard
import Testing

@testable import Terminal

@Suite struct PaletteTests {
  @Test(arguments: [
    (0, Palette.Depth.mono), (2, .mono), (8, .eight), (16, .sixteen), (88, .sixteen), (256, .many),
    (1 << 24, .direct),
  ])
  func theDepthFollowsTheTerminal(colours: Int, depth: Palette.Depth) {
    #expect(Palette.Depth(colours: colours) == depth)
  }

  @Test func withoutColoursNoPairIsEverDefined() {
    var palette = Palette(theme: Theme(.dark), depth: .mono) { _, _, _ in
      Issue.record("a pair was defined")
      return false
    }
    for role in Style.Role.allCases {
      #expect(palette.ink(for: Style(role, .selected)).pair == 0)
    }
    #expect(palette.ink(for: Style(.text, .selected)).attributes == UInt16(TERM_REVERSE))

    #expect(palette.ink(for: Style(.down)).attributes & UInt16(TERM_UNDERLINE) != 0)
  }

  @Test func theSameColoursShareAPair() {
    var count = 0
    var palette = Palette(theme: Theme(.dark), depth: .many) { _, _, _ in
      count += 1
      return true
    }
    let up = palette.ink(for: Style(.up))
    let live = palette.ink(for: Style(.live))
    #expect(up.pair == live.pair)
    #expect(count == 1)
    #expect(palette.ink(for: Style(.up)) == up)
  }

  @Test func aTerminalWithoutPairsLeftIsStillReadable() {
    var palette = Palette(theme: Theme(.light), depth: .eight) { _, _, _ in false }
    #expect(palette.ink(for: Style(.down)).pair == 0)
  }

  @Test(arguments: ScreenPreferences.ThemeName.allCases) func everyRoleCanBeShownAtEveryDepth(
    name: ScreenPreferences.ThemeName
  ) {
    for depth in [Palette.Depth.mono, .eight, .sixteen, .many, .direct] {
      var highest = 0
      var palette = Palette(theme: Theme(name), depth: depth) { pair, foreground, background in
        highest = max(highest, pair)
        let limit = depth == .eight ? 8 : depth == .sixteen ? 16 : depth == .many ? 256 : 1 << 24
        #expect(foreground < limit && background < limit)
        return true
      }
      for role in Style.Role.allCases {
        for emphasis in [Style.Emphasis(), .selected, .bold, .reverse] {
          _ = palette.ink(for: Style(role, emphasis))
        }
      }
      #expect(highest < 64)
    }
  }
}
