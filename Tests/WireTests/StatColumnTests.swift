import Cluster
import TestSupport
import Testing
import Wire

@Suite struct StatColumnTests {
  static let small = "# pxname,svname,stot,status,type,\n"

  @Test func columnsMayBeInAnyOrder() throws {
    let table = try parse("# pxname,type,status,new_in_9_9,svname,stot,\nweb,2,UP,x,web1,7,\n\n")
    #expect(dump(table) == "server web/web1 status='UP' stot=7\n")
  }

  @Test func recordedColumnsMayBeShuffledRemovedAndRenamed() throws {
    let bytes = try Fixture.bytes("haproxy/2.6.12/show_stat_zoo_steady.csv")
    var random = SeededRandom(seed: 3)
    let rows = bytes.split(separator: UInt8(ascii: "\n")).map {
      $0.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    let needed: Set = ["# pxname", "svname", "status", "type"]
    for _ in 0..<40 {
      var order = Array(rows[0].indices.dropFirst()).shuffled(using: &random)
      order.removeAll { !needed.contains(rows[0][$0]) && Int.random(in: 0..<4, using: &random) == 0 }
      order.insert(0, at: 0)
      let renamed = Set(order.filter { !needed.contains(rows[0][$0]) && $0 % 11 == 0 })
      let lines = rows.enumerated().map { line, fields in
        order.map { line == 0 && renamed.contains($0) ? "X\(fields[$0])" : fields[$0] }.joined(separator: ",")
      }
      let reply = Array((lines + ["", ""]).joined(separator: "\n").utf8)
      #expect(dump(try parse(reply)) == plainDump(reply))
    }
  }

  @Test func aHeaderWithoutANeededColumnIsAFault() {
    for name in ["svname", "status", "type"] {
      let header = Self.small.replacing("\(name),", with: "")
      #expect(throws: ReplyFault.missingColumn(name)) { try parse(header + "\n") }
    }
    // Names are case-sensitive.
    #expect(throws: ReplyFault.missingColumn("status")) {
      try parse("# pxname,svname,stot,Status,type,\n\n")
    }
  }

  @Test func aReplyWithoutAHeaderIsNoTable() {
    #expect(throws: ReplyFault.notStat(beginning: "web,web1,7,UP,2,")) { try parse("web,web1,7,UP,2,\n\n") }
    #expect(throws: ReplyFault.notStat(beginning: "")) { try parse("") }
    #expect(throws: ReplyFault.notStat(beginning: "Permission denied")) { try parse("Permission denied\n\n") }
  }

  @Test func refusalsKeepHAProxysWords() {
    #expect(refusal(in: Array("Permission denied\n\n".utf8).span) == "Permission denied")
    #expect(refusal(in: Array("[3]: Permission denied\n\n".utf8).span) == "Permission denied")
    #expect(
      refusal(in: Array("Unknown command: 'show stat'\n\n".utf8).span) == "Unknown command: 'show stat'")
    #expect(refusal(in: Array("# pxname,".utf8).span) == nil)
    #expect(refusal(in: [UInt8]().span) == nil)
  }

  @Test func aTableWithoutRowsIsATable() throws {
    #expect(try parse(Self.small + "\n").count == 0)
    #expect(try parse(Self.small, ending: .endOfInput).count == 0)
  }

  @Test func aFigureIsAWholeNumberOrAbsent() throws {
    func figure(_ field: String) throws -> Int64? {
      try parse("\(Self.small)web,web1,\(field),UP,2,\n\n")[0, .stot]
    }
    #expect(try figure("") == nil)
    #expect(try figure("0") == 0)
    #expect(try figure("-1") == -1)
    #expect(try figure("007") == 7)
    #expect(try figure("999999999999999999") == 999_999_999_999_999_999)
    #expect(try figure("9223372036854775807") == .max)
    #expect(try figure("9223372036854775808") == .max)
    #expect(try figure(String(repeating: "9", count: 400)) == .max)
    #expect(try figure("-9223372036854775808") == -.max)
    #expect(try figure("-" + String(repeating: "9", count: 400)) == -.max)
    for odd in ["-", "--1", "1.5", "1e3", "12x", "x", " 1", "+1", "\u{0}", "\"1", "٣"] where odd != "\"1" {
      #expect(try figure(odd) == nil, "\(odd)")
    }
    #expect(try figure("\"5\"") == nil)
  }

  @Test func fieldsMayBeQuoted() throws {
    let table = try parse(
      "# pxname,svname,last_chk,status,type,stot,\n"
        + "web,web1,\"a, b\",\"U\"\"P\",2,1,\nweb,\"web\n2\",\"\",UP,2,2,\nweb,web3,a\"b\"c,UP,2,3,\n\n")
    #expect(
      dump(table)
        == "server web/web1 status='U\"P' last_chk='a, b' stot=1\nserver web/web␊2 status='UP' stot=2\n"
        + "server web/web3 status='UP' last_chk='a\"b\"c' stot=3\n")
  }

  @Test func quotedFieldsAreRememberedToo() throws {
    let bytes = Array("# pxname,svname,last_chk,status,type,\nweb,\"web,1\",\"a, b\",UP,2,\n\n".utf8)
    var parser = StatParser()
    let first = try parser.parse(bytes.span, ending: .emptyLine)
    let second = try parser.parse(bytes.span, ending: .emptyLine)
    #expect(first.roster === second.roster)
    #expect(dump(second) == "server web/web,1 status='UP' last_chk='a, b'\n")
  }

  @Test func aRowWithAnotherNumberOfFieldsIsBroken() {
    for row in ["web,web1,1,UP,2", "web,web1,1,UP,2,,", "web", "web,web1,\"1,UP,2,", "web,web1,\"1\"x,UP,2,"]
    {
      #expect(throws: ReplyFault.brokenRow(line: 3), "\(row)") {
        try parse("\(Self.small)web,web0,1,UP,2,\n\(row)\n\n")
      }
    }
  }

  @Test func theTypeHasToBeANumberAndKnown() throws {
    #expect(throws: ReplyFault.notANumber("x", column: "type", line: 2)) {
      try parse("\(Self.small)web,web1,1,UP,x,\n\n")
    }
    let table = try parse("\(Self.small)web,odd,1,UP,9,\nweb,big,1,UP,999,\nweb,web1,2,UP,2,\n\n")
    #expect(dump(table) == "server web/web1 status='UP' stot=2\n")
  }

  @Test func rowsThatNameNobodyAreLeftOut() throws {
    // As HAProxy 2.3.0 to 2.3.2 sent them.
    let bytes = Array(
      "\(Self.small)web,,1,UP,2,\nweb,web1,2,UP,2,\n,web1,3,UP,2,\nweb,BACKEND,4,UP,1,\n\n".utf8)
    var parser = StatParser()
    let first = try parser.parse(bytes.span, ending: .emptyLine)
    #expect(dump(first) == "server web/web1 status='UP' stot=2\nbackend web/BACKEND status='UP' stot=4\n")
    let second = try parser.parse(bytes.span, ending: .emptyLine)
    #expect(first.roster === second.roster)
    #expect(dump(first) == dump(second))
  }

  @Test func whatCouldSteerATerminalIsMadeVisible() throws {
    let bytes =
      Array("\(Self.small)w\u{1B}[2Jb,we".utf8) + [0, 0xFF, 0xC2, 0x9B] + Array("b,1,U\u{202E}P,2,\n\n".utf8)
    let table = try parse(bytes)
    #expect(table.roster.rows[0].proxy == "w␛[2Jb")
    #expect(table.roster.rows[0].name == "we␀\u{FFFD}\u{FFFD}b")
    #expect(table[0, .status] == "U◊P")
  }

  @Test func theEmptyLineEndsTheTable() throws {
    let table = try parse("\(Self.small)web,web1,1,UP,2,\n\n> \nweb,web2,1,UP,2,\n\n")
    #expect(table.count == 1)
  }

  @Test func moreRowsThanAnyProxyHasAreAFault() {
    let row = Array("a,b,1,U,2,\n".utf8)
    var bytes = Array(Self.small.utf8)
    for _ in 0...StatParser.rowLimit { bytes.append(contentsOf: row) }
    bytes.append(UInt8(ascii: "\n"))
    #expect(throws: ReplyFault.tooManyRows(limit: StatParser.rowLimit)) { try parse(bytes) }
  }

  @Test func aHugeLineIsAFaultNotACrash() {
    let bytes = Array("# pxname".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 16 << 20)
    #expect(throws: ReplyFault.truncated(line: 1)) { try parse(bytes) }
    #expect(throws: ReplyFault.brokenRow(line: 1)) { try parse(bytes + Array("\n\n".utf8)) }
    let row = Array("\(Self.small)web,web1,".utf8) + bytes.dropFirst(8) + Array(",UP,2,\n\n".utf8)
    #expect(throws: Never.self) { try parse(row) }
  }
}
