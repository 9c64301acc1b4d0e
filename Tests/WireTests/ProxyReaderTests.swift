import Cluster
import TestSupport
import Testing
import Wire

@Suite struct ProxyReaderTests {
  static func recorded(_ name: String) throws -> [UInt8] { try Fixture.bytes("haproxy/2.6.12/\(name)") }

  static func whole() throws -> [UInt8] {
    try Array("admin\n\n\n".utf8) + recorded("lb1_show_info.txt") + recorded("lb1_show_stat_1_ready.csv")
      + recorded("lb1_show_servers_state_1_ready.txt")
  }

  static func sample(_ bytes: [UInt8]) throws(ReadFailure) -> ProxySample {
    var reader = ProxyReader()
    return try reader.sample(from: bytes.span)
  }

  static let denied = Array("Permission denied\n\n".utf8)

  @Test func fiveRepliesMakeASample() throws {
    let sample = try Self.sample(try Self.whole())
    #expect(sample.level == .admin)
    #expect(sample.stat.count == 5)
    #expect(sample.info?.node == "lb1")
    #expect(sample.servers?.rows.count == 2)
  }

  @Test func theirOrderDoesNotMatter() throws {
    let bytes =
      try Self.recorded("lb1_show_servers_state_1_ready.txt") + Array("\n".utf8)
      + Self.recorded("lb1_show_stat.csv") + Self.recorded("lb1_show_info.txt") + Array("user\n\n".utf8)
    let sample = try Self.sample(bytes)
    #expect(sample.stat.count == 5 && sample.info != nil && sample.servers != nil && sample.level == .user)
  }

  @Test(arguments: [AccessLevel.user, .operator, .admin])
  func aSocketOfAnyLevelIsReadAndSaysWhichItIs(level: AccessLevel) throws {
    let sample = try Self.sample(Self.recorded("poll_\(level.rawValue).txt"))
    #expect(sample.level == level)
    #expect(sample.info?.node == "lb1")
    #expect(sample.stat.count == 8)
    #expect(sample.servers?.rows.count == 4)
  }

  @Test(arguments: [AccessLevel.user, .operator, .admin])
  func cutAnywhereNothingIsBelieved(level: AccessLevel) throws {
    let bytes = try Self.recorded("poll_\(level.rawValue).txt")
    for cut in bytes.indices {
      #expect(throws: ReadFailure.truncated(received: cut), "cut at \(cut)") {
        try Self.sample(Array(bytes[..<cut]))
      }
    }
  }

  @Test func whatAnOldVersionDoesNotKnowIsNil() throws {
    let unknown = Array(
      "Unknown command. Please enter one of the following commands only :\n  help : …\n\n".utf8)
    let sample = try Self.sample(
      unknown + unknown + Self.recorded("lb1_show_info.txt") + Self.recorded("lb1_show_stat.csv") + unknown)
    #expect(sample.servers == nil)
    #expect(sample.level == nil)
    #expect(sample.info != nil)
  }

  @Test func aSocketThatTellsSeveritiesIsReadToo() throws {
    for (level, error) in [("[6]", "[3]"), ("[info]", "[err]")] {
      let denied = Array("\(error): Permission denied\n\n".utf8)
      let sample = try Self.sample(
        Array("\(level): user\n\n".utf8) + denied + denied + Self.recorded("lb1_show_stat.csv") + denied)
      #expect(sample.level == .user)
      #expect(sample.info == nil)
    }
  }

  @Test func aRefusedTableIsDenied() {
    let unknown = Array("Unknown command: show cli level\n\n".utf8)
    for first in [Self.denied, unknown] {
      let refused = first + Self.denied + Self.denied + Self.denied + unknown
      #expect(throws: ReadFailure.denied(words: "Permission denied")) { try Self.sample(refused) }
    }
  }

  @Test func anotherProgramIsMalformed() {
    for reply in ["HTTP/1.0 400 Bad request\r\n\r\n", "220 mail ESMTP\n\n", "\n\n\n"] {
      let opening = String(decoding: reply.utf8.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      #expect(throws: ReadFailure.malformed(.notStat(beginning: printable(opening)))) {
        try Self.sample(Array(reply.utf8))
      }
    }
    #expect(throws: ReadFailure.truncated(received: 0)) { try Self.sample([]) }
  }

  @Test func aPeerThatGoesOnAndOnIsMalformed() {
    let endless = [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20)
    #expect(throws: ReadFailure.malformed(.notStat(beginning: ""))) { try Self.sample(endless) }
  }

  @Test func aBrokenRowNamesItsLine() throws {
    let table = Array("# pxname,svname,status,type,\nweb,web1,UP\n\n".utf8)
    #expect(throws: ReadFailure.malformed(.brokenRow(line: 2))) {
      try Self.sample(Self.recorded("lb1_show_info.txt") + table)
    }
  }

  @Test func aPageIsATableAlone() throws {
    var reader = ProxyReader()
    let bytes = try Self.recorded("http_stats_lb1.csv")
    let sample = try reader.sample(fromPage: bytes.span)
    #expect(sample.stat.count == 5 && sample.info == nil && sample.servers == nil)
    #expect(throws: ReadFailure.truncated(received: bytes.count - 1)) {
      try reader.sample(fromPage: Array(bytes.dropLast()).span)
    }
  }

  @Test func pollsInARowShareTheirRoster() throws {
    var reader = ProxyReader()
    let bytes = try Self.whole()
    let first = try reader.sample(from: bytes.span)
    let second = try reader.sample(from: bytes.span)
    #expect(first.stat.roster === second.stat.roster)
    #expect(first.servers == second.servers)
  }

  @Test func anyByteMayBeWrongAndNothingTraps() throws {
    let bytes = try Self.whole()
    var reader = ProxyReader()
    var random = SeededRandom(seed: 11)
    for _ in 0..<1500 {
      var broken = bytes
      for _ in 0..<3 {
        let place = Int.random(in: broken.indices, using: &random)
        if Bool.random(using: &random) {
          broken[place] = UInt8.random(in: 0...255, using: &random)
        } else {
          broken.remove(at: place)
        }
      }
      _ = try? reader.sample(from: broken.span)
    }
  }
}
