import Cluster
import LayoutFile
import TestSupport
import Testing

struct BrokenLayoutTests {
  /// Reads bytes that may be anything; what it says must be fit for a terminal.
  func read(_ bytes: [UInt8]) {
    do {
      _ = try LayoutFile.layout(from: bytes)
    } catch {
      for line in error.wording(in: "f") where printable(line) != line || line.utf8.count > 1500 {
        Issue.record("not fit to be shown: \(printable(line))")
      }
    }
  }

  @Test(arguments: ShippedLayouts.names)
  func aLayoutCutAtAnyByteIsALayoutOrAnError(name: String) throws {
    let bytes = try ShippedLayouts.bytes(name)
    for length in bytes.indices { read(Array(bytes.prefix(length))) }
  }

  @Test(arguments: ShippedLayouts.names)
  func aLayoutWithRandomChangesIsALayoutOrAnError(name: String) throws {
    let original = try ShippedLayouts.bytes(name)
    var random = SeededRandom(seed: 20_260_101)
    let marks = Array(":-[]{},&*!|>'\"%@`#?~ \t\n\r\0\u{1B}\u{85}\u{2028}0/".utf8)
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...60, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = marks[Int.random(in: marks.indices, using: &random)]
        case 2: bytes.insert(marks[Int.random(in: marks.indices, using: &random)], at: place)
        case 3: bytes.removeSubrange(place..<end)
        default: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      read(bytes)
    }
  }
}
