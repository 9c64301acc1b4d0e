import CTerminal
import Cluster
import Dashboard

/// Turns what cells mean into what the terminal can show.
struct Palette {
  enum Depth: Hashable {
    case mono, eight, sixteen, many, direct

    /// `colours` as terminfo has them; 0 for none.
    init(colours: Int) {
      self =
        switch colours {
        case ..<8: .mono
        case ..<16: .eight
        case ..<256: .sixteen
        case ..<(1 << 16): .many
        default: .direct
        }
    }
  }

  /// The attributes and the colour pair of one style.
  struct Ink: Hashable {
    var attributes: UInt16
    var pair: UInt16
  }

  let theme: Theme
  let depth: Depth
  /// Defines a pair in the terminal; false where it has no more.
  private let define: (_ pair: Int, _ foreground: Int, _ background: Int) -> Bool
  private var inks: [Style: Ink] = [:]
  private var pairs: [Colours: UInt16] = [:]

  private struct Colours: Hashable {
    var foreground: Int
    var background: Int
  }

  init(theme: Theme, depth: Depth, define: @escaping (Int, Int, Int) -> Bool) {
    // Without colours, only the theme that needs none can be read.
    self.theme = depth == .mono ? Theme(.mono) : theme
    self.depth = depth
    self.define = define
  }

  /// The ink of a style; worked out once.
  mutating func ink(for style: Style) -> Ink {
    if let known = inks[style] { return known }
    let ink = mixed(style)
    inks[style] = ink
    return ink
  }

  private mutating func mixed(_ style: Style) -> Ink {
    let look = theme[style.role]
    var emphasis = look.emphasis.union(style.emphasis)
    var background = look.background
    if style.emphasis.contains(.selected) {
      if let selection = theme.selection, depth != .mono, depth != .eight {
        background = selection
      } else {
        emphasis.formSymmetricDifference(.reverse)
      }
    }
    var attributes = 0
    if emphasis.contains(.bold) { attributes |= TERM_BOLD }
    if emphasis.contains(.dim) { attributes |= TERM_DIM }
    if emphasis.contains(.underline) { attributes |= TERM_UNDERLINE }
    if emphasis.contains(.reverse) { attributes |= TERM_REVERSE }
    if depth == .mono { return Ink(attributes: UInt16(attributes), pair: 0) }
    let colours = Colours(foreground: number(look.foreground), background: number(background))
    return Ink(attributes: UInt16(attributes), pair: pair(of: colours))
  }

  private mutating func pair(of colours: Colours) -> UInt16 {
    if colours.foreground == -1, colours.background == -1 { return 0 }
    if let known = pairs[colours] { return known }
    let next = UInt16(clamping: pairs.count + 1)
    guard define(Int(next), colours.foreground, colours.background) else { return 0 }
    pairs[colours] = next
    return next
  }

  /// The colour as the terminal numbers it; -1 for its own.
  private func number(_ colour: Colour?) -> Int {
    guard let colour else { return -1 }
    switch depth {
    case .mono: return -1
    // Bright black would be black on black.
    case .eight: return colour.of16 == 8 ? 7 : Int(colour.of16 & 7)
    case .sixteen: return Int(colour.of16)
    case .many: return Int(colour.of256)
    // The first eight numbers are the terminal's own colours there.
    case .direct: return max(8, Int(colour.rgb))
    }
  }
}
