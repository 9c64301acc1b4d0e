import CTerminal
import Dashboard
import Testing

@testable import Terminal

@Suite struct InputReaderTests {
  private func click(_ x: Int32, _ y: Int32, at milliseconds: Int64) -> term_input {
    var input = term_input()
    input.kind = Int32(TERM_CLICK)
    (input.x, input.y, input.at_ms) = (x, y, milliseconds)
    return input
  }

  private func character(_ scalar: Unicode.Scalar) -> term_input {
    var input = term_input()
    input.kind = Int32(TERM_CHARACTER)
    input.code = scalar.value
    return input
  }

  private func kind(_ kind: Int) -> term_input {
    var input = term_input()
    input.kind = Int32(kind)
    return input
  }

  private func mouse(_ action: Action?) -> MouseEvent.Kind? {
    if case .mouse(let event)? = action { event.kind } else { nil }
  }

  @Test func twoQuickClicksOnOnePlaceAreADoubleClick() {
    var reader = InputReader()
    #expect(mouse(reader.take(click(3, 4, at: 1000))) == .click)
    #expect(mouse(reader.take(click(3, 4, at: 1300))) == .doubleClick)
    #expect(mouse(reader.take(click(3, 4, at: 1400))) == .click)
    #expect(mouse(reader.take(click(3, 4, at: 2400))) == .click)
    #expect(mouse(reader.take(click(5, 4, at: 2450))) == .click)
  }

  @Test func whatIsPastedComesInOnePiece() {
    var reader = InputReader()
    #expect(reader.take(kind(TERM_PASTE_BEGIN)) == nil)
    #expect(reader.take(character("q")) == nil)
    #expect(reader.take(character("\r")) == nil)
    guard case .paste(let text)? = reader.take(kind(TERM_PASTE_END)) else {
      Issue.record("not a paste")
      return
    }
    #expect(text == "q\r")
  }

  @Test(
    arguments: [
      ("\t", Key.tab), ("\r", .enter), ("\n", .enter), ("\u{1B}", .escape), ("\u{7F}", .backspace),
      ("\u{03}", .control("c")), ("\u{1A}", .control("z")), ("q", .character("q")), ("日", .character("日")),
    ] as [(Unicode.Scalar, Key)])
  func controlCharactersAreTheirKeys(scalar: Unicode.Scalar, key: Key) {
    #expect(InputReader.key(of: scalar) == key)
  }

  @Test func whatNoKeySendsIsIgnored() {
    #expect(InputReader.key(of: "\u{00}") == nil)
    #expect(InputReader.key(of: "\u{9B}") == nil)
  }
}
