import Cluster

/// The signs that are drawn: Unicode's where the terminal has them, else ASCII's.
struct Glyphs: Sendable, Hashable {
  let isUnicode: Bool

  func state(_ state: HealthState) -> Unicode.Scalar {
    switch state {
    case .up: isUnicode ? "●" : "+"
    case .degraded: isUnicode ? "▲" : "!"
    case .draining: isUnicode ? "◌" : "d"
    case .maint: isUnicode ? "■" : "m"
    case .down: isUnicode ? "✖" : "X"
    case .stale, .unknown: "?"
    }
  }

  /// From nothing to the most; the first is 0.
  var levels: [Unicode.Scalar] { isUnicode ? Self.blocks : Self.ramp }

  private static let blocks: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let ramp: [Unicode.Scalar] = [".", ":", "-", "=", "+", "*", "#", "%", "@"]

  /// A place in a graph of which nothing is known.
  var gap: Unicode.Scalar { isUnicode ? "╌" : "_" }
  var ellipsis: Unicode.Scalar { isUnicode ? "…" : "~" }
  var horizontal: Unicode.Scalar { isUnicode ? "─" : "-" }
  var vertical: Unicode.Scalar { isUnicode ? "│" : "|" }
  var arrowRight: Unicode.Scalar { isUnicode ? "▶" : ">" }
  var arrowDown: Unicode.Scalar { isUnicode ? "▼" : "v" }
  var ascending: Unicode.Scalar { isUnicode ? "↑" : "^" }
  var descending: Unicode.Scalar { isUnicode ? "↓" : "v" }
  /// Marks what is selected, where colour does not.
  var pointer: Unicode.Scalar { isUnicode ? "▸" : ">" }
  /// Marks what the next change is about.
  var mark: Unicode.Scalar { isUnicode ? "✓" : "*" }
  var to: String { isUnicode ? "→" : "->" }
  /// Before a figure that is inferred.
  var about: String { isUnicode ? "≈" : "~" }
  var dot: String { isUnicode ? "·" : "-" }

  /// How bad a part of the past was: the worse, the higher; nil is what is not known.
  func past(_ state: HealthState?) -> Unicode.Scalar {
    switch state {
    case .up: isUnicode ? "▁" : "."
    case .maint, .draining: isUnicode ? "▂" : "-"
    case .unknown, .stale: isUnicode ? "▃" : "?"
    case .degraded: isUnicode ? "▅" : "!"
    case .down: isUnicode ? "█" : "#"
    case nil: gap
    }
  }

  /// Marks where we are in the past.
  var here: Unicode.Scalar { isUnicode ? "┃" : "|" }

  /// The corners and sides of a box; heavy ones mark the selection.
  func box(isHeavy: Bool) -> Box {
    if !isUnicode {
      return isHeavy
        ? Box(topLeft: "#", topRight: "#", bottomLeft: "#", bottomRight: "#", horizontal: "=", vertical: "#")
        : Box(topLeft: ".", topRight: ".", bottomLeft: "'", bottomRight: "'", horizontal: "-", vertical: "|")
    }
    return isHeavy
      ? Box(topLeft: "┏", topRight: "┓", bottomLeft: "┗", bottomRight: "┛", horizontal: "━", vertical: "┃")
      : Box(topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", horizontal: "─", vertical: "│")
  }

  struct Box {
    let topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical: Unicode.Scalar
  }

  /// The crossing of lines that go in these directions.
  func junction(up: Bool, down: Bool, left: Bool, right: Bool) -> Unicode.Scalar {
    if !isUnicode {
      let isVertical = up || down
      let isHorizontal = left || right
      return isVertical && isHorizontal ? "+" : isVertical ? "|" : isHorizontal ? "-" : " "
    }
    let mask = (up ? 8 : 0) | (down ? 4 : 0) | (left ? 2 : 0) | (right ? 1 : 0)
    return Self.junctions[mask]
  }

  private static let junctions: [Unicode.Scalar] = [
    " ", "─", "─", "─", "│", "┌", "┐", "┬", "│", "└", "┘", "┴", "│", "├", "┤", "┼",
  ]
}

extension HealthState {
  /// Somebody has to look at it.
  var isBad: Bool { self == .down || self == .degraded }

  /// The colours of the state.
  var role: Style.Role {
    switch self {
    case .up: .up
    case .degraded: .degraded
    case .draining: .draining
    case .maint: .maint
    case .down: .down
    case .stale: .stale
    case .unknown: .unknown
    }
  }
}
