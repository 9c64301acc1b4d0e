import Cluster
import TestSupport
import Testing
import Wire

@Suite struct StatParserTests {
  static let recorded = "haproxy/2.6.12"

  static func tables() throws -> [String] { try Fixture.files(in: recorded, ending: ".csv") }

  static func ending(of path: String) -> StatParser.Ending {
    path.contains("http_stats") ? .endOfInput : .emptyLine
  }

  @Test func everyRecordedTableReadsAsAPlainSplitDoes() throws {
    for path in try Self.tables() {
      let bytes = try Fixture.bytes(path)
      #expect(!bytes.contains(UInt8(ascii: "\"")), "the plain reader knows no quotes")
      #expect(dump(try parse(bytes, ending: Self.ending(of: path))) == plainDump(bytes), "\(path)")
    }
  }

  @Test func theZooReadsAsSaved() throws {
    let path = "\(Self.recorded)/show_stat_zoo_steady.csv"
    try expectGolden(dump(try parse(try Fixture.bytes(path))), "\(Self.recorded)/show_stat_zoo_steady.golden")
  }

  @Test func oneRowSaysWhatHAProxySaid() throws {
    let table = try parse(try Fixture.bytes("\(Self.recorded)/show_stat_zoo_steady.csv"))
    let row = try #require(table.roster.rows.firstIndex { $0.proxy == "mix" && $0.name == "l4con" })
    #expect(table.roster.rows[row].kind == .server)
    #expect(table.roster.rows[row].address == "127.0.0.1:9002")
    #expect(table[row, .status] == "DOWN")
    #expect(table[row, .checkStatus] == "L4CON")
    #expect(table[row, .lastCheck] == "Connection refused")
    #expect(table[row, .chkdown] == 1)
    #expect(table[row, .lastsess] == -1)
    #expect(table[row, .slim] == nil)
    #expect(table[row, .stot] == 0)
  }

  @Test func aTableCutAnywhereIsTruncatedOrBroken() throws {
    for path in try Self.tables() {
      let bytes = try Fixture.bytes(path)
      let ending = Self.ending(of: path)
      let whole = dump(try parse(bytes, ending: ending))
      // The big ones have more rows of the same: there every thirteenth byte, and every one at the end.
      let isBig = bytes.count > 4000
      for cut in bytes.indices where !isBig || cut % 13 == 0 || cut > bytes.count - 400 {
        do {
          let part = dump(try parse(Array(bytes[..<cut]), ending: ending))
          // Over HTTP a table that ends between two rows cannot be told from a whole one.
          #expect(ending == .endOfInput && bytes[cut - 1] == UInt8(ascii: "\n"), "\(path) cut at \(cut)")
          #expect(whole.hasPrefix(part), "\(path) cut at \(cut)")
        } catch {
          switch error {
          case .truncated, .notStat, .missingColumn: break
          default: Issue.record("\(path) cut at \(cut): \(error)")
          }
        }
      }
    }
  }

  @Test func theSameReplyAgainSharesItsRosterAndNotes() throws {
    let bytes = try Fixture.bytes("\(Self.recorded)/show_stat_zoo_steady.csv")
    var parser = StatParser()
    let first = try parser.parse(bytes.span, ending: .emptyLine)
    let second = try parser.parse(bytes.span, ending: .emptyLine)
    #expect(first.roster === second.roster)
    #expect(first.figures == second.figures)
    let isShared = first.notes.withUnsafeBufferPointer { one in
      second.notes.withUnsafeBufferPointer { $0.baseAddress == one.baseAddress }
    }
    #expect(isShared)
  }

  @Test func aNoteThatChangesLeavesTheRosterShared() throws {
    let paths = ["1_ready", "2_drain_with_session", "3_maint", "4_ready_again"]
    var parser = StatParser()
    var roster: Roster?
    for path in paths {
      let bytes = try Fixture.bytes("\(Self.recorded)/lb1_show_stat_\(path).csv")
      let table = try parser.parse(bytes.span, ending: .emptyLine)
      #expect(dump(table) == plainDump(bytes), "\(path)")
      if let roster { #expect(table.roster === roster, "\(path)") }
      roster = table.roster
    }
  }

  @Test func oneParserReadsAnyRepliesInAnyOrder() throws {
    var parser = StatParser()
    var random = SeededRandom(seed: 7)
    let replies = try Self.tables().filter { !$0.contains("http_") }.map { try Fixture.bytes($0) }
    for _ in 0..<150 {
      let reply = replies[Int.random(in: replies.indices, using: &random)]
      // Rows that come, go and change their places.
      var lines = reply.split(separator: UInt8(ascii: "\n")).map(Array.init)
      let header = lines.removeFirst()
      for _ in 0..<Int.random(in: 0..<3, using: &random) where lines.count > 1 {
        lines.remove(at: Int.random(in: lines.indices, using: &random))
      }
      if Bool.random(using: &random) {
        let row = lines[Int.random(in: lines.indices, using: &random)]
        lines.insert(row, at: Int.random(in: 0...lines.count, using: &random))
      }
      if Int.random(in: 0..<4, using: &random) == 0 { lines.shuffle(using: &random) }
      let bytes =
        Array(([header] + lines + [[]]).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
      let table = try parser.parse(bytes.span, ending: .emptyLine)
      #expect(dump(table) == plainDump(bytes))
    }
  }

  @Test func aFaultLeavesTheParserAsItWas() throws {
    let bytes = try Fixture.bytes("\(Self.recorded)/show_stat_zoo_steady.csv")
    var parser = StatParser()
    let before = try parser.parse(bytes.span, ending: .emptyLine)
    #expect(throws: ReplyFault.self) { try parser.parse(Array(bytes.dropLast(40)).span, ending: .emptyLine) }
    #expect(throws: ReplyFault.self) { try parser.parse([1, 2, 3].span, ending: .emptyLine) }
    let after = try parser.parse(bytes.span, ending: .emptyLine)
    #expect(before.roster === after.roster)
    #expect(dump(after) == plainDump(bytes))
  }

  @Test func anyByteMayBeWrongAndNothingTraps() throws {
    let bytes = try Fixture.bytes("\(Self.recorded)/lb1_show_stat_under_load.csv")
    var parser = StatParser()
    var random = SeededRandom(seed: 42)
    let special = Array("\n\",-# 0\u{1B}".utf8) + [0, 0xFF, 0xC3]
    for _ in 0..<4000 {
      var broken = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: broken.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: broken[place] = special[Int.random(in: special.indices, using: &random)]
        case 1: broken[place] = UInt8.random(in: 0...255, using: &random)
        default: broken.remove(at: place)
        }
      }
      if let table = try? parser.parse(broken.span, ending: .emptyLine) {
        // What is remembered of odd replies never colours the next one.
        let alone = try parse(broken)
        #expect(dump(table) == dump(alone))
      }
    }
  }
}
