/// One key, as a person means it; what bytes a terminal sent for it is the terminal's affair.
public enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  /// A letter with Ctrl held: `.control("c")`.
  case control(Unicode.Scalar)
  /// F1 is 1.
  case function(Int)
  case up, down, left, right, pageUp, pageDown, home, end
  case enter, escape, tab, backTab, backspace, delete, insert

  /// The key's name in the help screen.
  func name(isUnicode: Bool) -> String {
    switch self {
    case .character(" "): "Space"
    case .character(let scalar): String(Character(scalar))
    case .control(let letter): "^" + String(Character(letter)).uppercased()
    case .function(let number): "F\(number)"
    case .up: isUnicode ? "↑" : "Up"
    case .down: isUnicode ? "↓" : "Down"
    case .left: isUnicode ? "←" : "Left"
    case .right: isUnicode ? "→" : "Right"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .home: "Home"
    case .end: "End"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .insert: "Ins"
    }
  }
}
