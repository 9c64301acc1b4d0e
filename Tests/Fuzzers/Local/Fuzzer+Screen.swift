import CTerminal
import Cluster
import FuzzerKit

@testable import Dashboard
@testable import Terminal

/// What a person does at the screen.
extension Fuzzer {
  static let screen = [keys, dashboard]

  /// What ncurses reads, as keys, clicks and pasted text: six bytes each.
  private static let keys = Fuzzer(
    name: "keys", longest: 240,
    seeds: {
      let kinds = Array(0...UInt8(TERM_OTHER))
      return [kinds.flatMap { [$0, 65, 0, 0, 3, 4] }, [UInt8(TERM_PASTE_BEGIN), UInt8(TERM_CHARACTER)]]
    },
    make: {
      return { bytes in
        var reader = InputReader()
        var at = 0
        while at + 6 <= bytes.count {
          var input = term_input()
          input.kind = Int32(bytes[at] % UInt8(TERM_OTHER + 2))
          input.code = UInt32(bytes[at + 1]) | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3]) << 16
          (input.x, input.y) = (Int32(bytes[at + 4]) - 8, Int32(Int8(bitPattern: bytes[at + 5])))
          input.at_ms = Int64(at) * Int64(bytes[at + 3])
          at += 6
          switch reader.take(input) {
          case .key(.character(let scalar)):
            require(
              !(0x00...0x1F ~= scalar.value || 0x7F...0x9F ~= scalar.value), "a control character is a key")
          case .key(.control(let letter)): require("a"..."z" ~= letter, "a control key without a letter")
          case .paste(let text): require(text.unicodeScalars.count <= 4096, "more than can be pasted")
          default: break
          }
        }
      }
    })

  /// A sequence of actions on a dashboard, and the picture at its end. The first byte says which dashboard, the
  /// second how large the picture is; the rest are the actions.
  private static let dashboard = Fuzzer(
    name: "dashboard", longest: 24,
    seeds: {
      let sequences = [
        "", "dy", "d\u{80}\u{80}y", "jmy\u{1}", "\u{9}\u{9}\u{9}", "?", "/web\r", ":theme light\r",
        ":drain web1\r",
        "t3m ago\r", "p,..L", "i", "M=", "S", "w5\ry", " j dy", "u", "c", "a", "\u{d}", "0+-[]", "sI",
        ":quit\r",
        "d\ty", "dxey\r", "G", "{}", ":goto 14:05\r", "Lq", "jjdy", "jjmweb\r", "jjw5\ry", "jj jdy",
      ]
      return sequences.enumerated().map { [UInt8($0 % 10), UInt8($0)] + Array($1.utf8) }
        + (0x80...0x9F).map { [UInt8($0 & 7), 3, 0x80, 1, UInt8($0), 1, UInt8($0), 2] }
        + [
          [8, 0, 0x80, 6, 0x80, 6], [8, 0, 0x75, 0x79], [9, 0, 0x80, 6, 0x80, 6],
          [9, 0, 0x78, 0x79, 0x81, 60],
        ]
    },
    make: {
      let desks = Desk.all
      let shown = Shown()
      return { bytes in
        guard bytes.count >= 2 else { return }
        var desk = desks[Int(bytes[0]) % desks.count]
        desk.play(bytes.extracting(2...))
        let size = Desk.sizes[Int(bytes[1]) % Desk.sizes.count]
        let grid = render(desk.state, size: size)
        require(grid.size == size, "a grid of \(grid.size) and not of \(size)")
        require(grid.cells.count == size.width * size.height, "\(grid.cells.count) cells in \(size)")
        shown.require(grid)
      }
    })
}
