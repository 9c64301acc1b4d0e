import CTerminal
import Dashboard

/// Puts together what ncurses reads: keys, clicks and double clicks, pasted text.
struct InputReader {
  /// What has been pasted so far; nil while nothing is being pasted.
  private var pasted: String?
  private var lastClick: (x: Int32, y: Int32, at: Int64)?

  /// More than this was not meant for a prompt.
  private static let pasteLimit = 4096
  /// Two clicks on one place within this many milliseconds are a double click.
  private static let doubleClick: Int64 = 400

  mutating func next() -> Action? {
    while true {
      let input = term_next()
      if Int(input.kind) == TERM_NONE { return nil }
      if let action = take(input) { return action }
    }
  }

  /// nil where the input means nothing, or nothing yet.
  mutating func take(_ input: term_input) -> Action? {
    switch Int(input.kind) {
    case TERM_PASTE_BEGIN: pasted = ""
    case TERM_PASTE_END:
      defer { pasted = nil }
      return pasted.map { .paste($0) }
    case TERM_CHARACTER:
      guard let scalar = Unicode.Scalar(input.code) else { return nil }
      if pasted == nil { return Self.key(of: scalar).map { .key($0) } }
      if pasted?.unicodeScalars.count ?? 0 < Self.pasteLimit { pasted?.unicodeScalars.append(scalar) }
    case TERM_FUNCTION:
      return .key(.function(Int(input.code)))
    case TERM_KEY:
      return Self.named(input.code).map { .key($0) }
    case TERM_CLICK:
      let isDouble =
        lastClick.map {
          $0.x == input.x && $0.y == input.y && input.at_ms - $0.at <= Self.doubleClick
        } ?? false
      lastClick = isDouble ? nil : (input.x, input.y, input.at_ms)
      return .mouse(MouseEvent(isDouble ? .doubleClick : .click, x: Int(input.x), y: Int(input.y)))
    case TERM_WHEEL_UP: return .mouse(MouseEvent(.wheelUp, x: Int(input.x), y: Int(input.y)))
    case TERM_WHEEL_DOWN: return .mouse(MouseEvent(.wheelDown, x: Int(input.x), y: Int(input.y)))
    default: break
    }
    return nil
  }

  /// The key that sent a character.
  static func key(of scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x1B: .escape
    case 0x7F: .backspace
    case 0x01...0x1A: Unicode.Scalar(scalar.value + 0x60).map { .control($0) }
    case 0x00...0x1F, 0x80...0x9F: nil
    default: .character(scalar)
    }
  }

  private static func named(_ code: UInt32) -> Key? {
    switch Int(code) {
    case TERM_UP: .up
    case TERM_DOWN_KEY: .down
    case TERM_LEFT: .left
    case TERM_RIGHT: .right
    case TERM_PAGE_UP: .pageUp
    case TERM_PAGE_DOWN: .pageDown
    case TERM_HOME: .home
    case TERM_END_KEY: .end
    case TERM_BACKSPACE: .backspace
    case TERM_DELETE: .delete
    case TERM_INSERT: .insert
    case TERM_BACK_TAB: .backTab
    case TERM_ENTER: .enter
    default: nil
    }
  }
}
