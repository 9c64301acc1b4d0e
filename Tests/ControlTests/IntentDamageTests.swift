import Cluster
import Foundation
import Testing

@testable import Control

@Suite struct IntentDamageTests {
  /// What has been reported.
  final class Damages {
    var all: [IntentDamage] = []
  }

  static let three = Intents([
    intent("web1", .drain, note: "a \"b\"", at: 1), intent("web2", .weight(50), at: 2),
    intent("web3", .maint, at: 3),
  ])

  @Test func aDamagedLineIsKeptOutAndTheFileIsSetAsideBeforeItIsWritten() throws {
    let folder = try MemoryFolder()
    let damages = Damages()
    let file = try folder.intents { damages.all.append($0) }
    _ = try file.update { $0 = Self.three }
    let damaged = try MemoryFolder.text(file.path).replacing("wish=weight", with: "wish=wight")
    try MemoryFolder.write(damaged, to: file.path)

    #expect(try file.readIfChanged()?.all.map(\.row.server.server) == ["web1", "web3"])
    #expect(damages.all == [IntentDamage(path: file.path, lines: [3], copy: nil)])
    #expect(try MemoryFolder.text(file.path) == damaged, "reading writes nothing")

    damages.all = []
    let now = try file.update { $0.remember(intent("web4", at: 4)) }
    #expect(now.all.map(\.row.server.server) == ["web1", "web3", "web4"])
    let copy = file.path + ".damaged-2026-11-21T12:00:00.000Z"
    #expect(damages.all == [IntentDamage(path: file.path, lines: [3], copy: copy)])
    #expect(try MemoryFolder.text(copy) == damaged)
    #expect(try MemoryFolder.mode(copy) == 0o600)
    #expect(try IntentFileTests.remembered(folder) == now, "the new file has no damage")

    // In the same millisecond once more: no copy is overwritten.
    try MemoryFolder.write("other", to: file.path)
    _ = try file.update { $0.remember(intent("web5", at: 5)) }
    #expect(damages.all.last == IntentDamage(path: file.path, lines: [1], copy: copy + "-2"))
    #expect(try MemoryFolder.text(copy) == damaged)
    #expect(try MemoryFolder.text(copy + "-2") == "other")
  }

  @Test func withoutItsFirstLineNoOtherIsTrusted() throws {
    let bytes = IntentDocument.bytes(of: Self.three)
    let rest = Array(bytes.drop { $0 != UInt8(ascii: "\n") }.dropFirst())
    for head in [
      "", "\n", "format=tiertop-intents\n", "format=tiertop-intents version=0\n", "version=1\n",
      "format=tiertop-intents version=01\n", "format=tiertop-intents version=+2\n",
      "format=tiertop-intents version=1 more=2\n", "format=other version=1\n", "\u{FEFF}",
      "version=1 format=tiertop-intents\n", "format=tiertop-intents version=99999999999999999999\n",
    ] {
      let document = try IntentDocument(parsing: Array(head.utf8) + rest)
      #expect(document.intents.isEmpty && document.damagedLines.first == 1, "\(head)")
    }
  }

  /// Every byte of the file in turn is another one: the lines beside it are as they were, and the line itself
  /// is kept out, or says something that could have been written.
  @Test func aByteThatIsAnotherOneHarmsItsOwnLineOnly() throws {
    let bytes = IntentDocument.bytes(of: Self.three)
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    for place in bytes.indices where bytes[place] != UInt8(ascii: "\n") {
      let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") }
      for byte: UInt8 in [0, 0x20, 0x22, 0x3D, 0x5C, 0x7F, 0xFF, bytes[place] ^ 1, bytes[place] ^ 0x20] {
        guard byte != UInt8(ascii: "\n"), byte != bytes[place] else { continue }
        var damaged = bytes
        damaged[place] = byte
        guard let document = try? IntentDocument(parsing: damaged) else {
          #expect(line == 0, "only a first line tells of a newer version")
          continue
        }
        if line == 0 {
          #expect(document.intents.isEmpty && document.damagedLines == [1, 2, 3, 4])
          continue
        }
        #expect(document.damagedLines == [] || document.damagedLines == [line + 1])
        let kept = IntentDocument.bytes(of: document.intents).split(separator: UInt8(ascii: "\n"))
        for (number, text) in lines.enumerated() where number != line { #expect(kept.contains(text)) }
        #expect(kept.count == (document.damagedLines.isEmpty ? 4 : 3))
      }
    }
  }

  @Test func aFileThatIsCutAnywhereLosesItsLastLineOnly() throws {
    let bytes = IntentDocument.bytes(of: Self.three)
    let head = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
    for end in (head + 1)..<bytes.count {
      let document = try IntentDocument(parsing: Array(bytes[..<end]))
      let whole = bytes[..<end].count { $0 == UInt8(ascii: "\n") }
      // Where only the line's end is missing, the line is there.
      let isThere = bytes[end] == UInt8(ascii: "\n") ? 1 : 0
      #expect(document.intents.all == Array(Self.three.all.prefix(whole - 1 + isThere)))
      #expect(
        document.damagedLines == (isThere == 1 || bytes[end - 1] == UInt8(ascii: "\n") ? [] : [whole + 1]))
    }
  }

  @Test(arguments: [
    ("wish=drain", "wish=reddy"), ("wish=drain", "wish=drain weight=5"), ("wish=drain", "wish=weight"),
    ("wish=drain", "wish=weight weight=257"), ("wish=drain", "wish=weight weight=-1"),
    ("wish=drain", "wish=weight weight=05"), ("server=web1", "server=\"\""), (" tty=pts/3", ""),
    ("since=2026-11-21", "since=2026-11-31"), ("user=anna", "user=anna more=1"),
    ("user=anna", "user=\"\\n\""),
    ("backend=web", "backend=\"a\\u202eb\""), ("balancer=lb1 backend=web", "backend=web balancer=lb1"),
  ])
  func aLineThatSaysSomethingElseIsKeptOut(part: String, other: String) throws {
    let text = String(decoding: IntentDocument.bytes(of: Intents([intent("web1")])), as: UTF8.self)
    #expect(try IntentDocument(parsing: Array(text.utf8)).intents.all.count == 1)
    let document = try IntentDocument(parsing: Array(text.replacing(part, with: other).utf8))
    #expect(document.intents.isEmpty && document.damagedLines == [2])
  }
}
