import Cluster
import TestSupport
import Testing
import Wire

/// Replies come in pieces, and are read while they come; that must never make a difference.
@Suite struct ReadAheadTests {
  static func polls() throws -> [[UInt8]] {
    var replies = [try ProxyReaderTests.whole()]
    for level in AccessLevel.allCases {
      replies.append(try ProxyReaderTests.recorded("poll_\(level.rawValue).txt"))
    }
    return replies
  }

  /// Everything that a sample says, or why there is none.
  static func said(by reader: inout ProxyReader, of bytes: [UInt8]) -> String {
    do {
      let sample = try reader.sample(from: bytes.span)
      let servers = sample.servers.map { "\($0.rows)" } ?? "no servers"
      let info = sample.info.map { "\($0)" } ?? "no info"
      return "\(dump(sample.stat))\n\(info)\n\(servers)\n\(sample.level.map { "\($0)" } ?? "no level")"
    } catch {
      return "\(error)"
    }
  }

  /// Lets the reader see the reply in these pieces, which end where they say, before it is asked what it said.
  static func read(_ bytes: [UInt8], upTo places: some Sequence<Int>, by reader: inout ProxyReader) -> String
  {
    reader.beginReply()
    for place in places { reader.readAhead(bytes.span.extracting(first: place)) }
    return said(by: &reader, of: bytes)
  }

  @Test func byteByByteTheSampleIsTheSame() throws {
    for bytes in try Self.polls() {
      var (whole, first) = (ProxyReader(), ProxyReader())
      let expected = Self.said(by: &whole, of: bytes)
      #expect(Self.read(bytes, upTo: 0...bytes.count, by: &first) == expected)
      // And where the reply before is remembered.
      #expect(Self.read(bytes, upTo: 0...bytes.count, by: &first) == expected)
    }
  }

  @Test func inAnyPiecesAnyReplyOrFaultIsTheSame() throws {
    let replies = try Self.polls()
    var random = SeededRandom(seed: 23)
    var (whole, ahead) = (ProxyReader(), ProxyReader())
    var kinds: Set<Bool> = []
    for _ in 0..<1200 {
      var bytes = replies[Int.random(in: replies.indices, using: &random)]
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = UInt8(ascii: "\"")
        case 2: bytes[place] = UInt8(ascii: "\n")
        case 3: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      var places: [Int] = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        places.append(Int.random(in: 0...bytes.count, using: &random))
      }
      let expected = Self.said(by: &whole, of: bytes)
      #expect(Self.read(bytes, upTo: places.sorted(), by: &ahead) == expected)
      kinds.insert(expected.hasPrefix("frontend"))
    }
    #expect(kinds.count == 2, "there were samples as well as faults")
  }

  @Test func aFieldThatHasALineEndInItIsWaitedFor() throws {
    let rows = #"""
      # pxname,svname,status,last_chk,type,
      web,web1,UP,"one
      two ""three""
      four",2,
      web,BACKEND,UP,,1,

      """#
    let bytes =
      Array("admin\n\n\n".utf8) + (try ProxyReaderTests.recorded("lb1_show_info.txt"))
      + Array((rows + "\n").utf8)
      + (try ProxyReaderTests.recorded("lb1_show_servers_state_1_ready.txt"))
    var (whole, ahead) = (ProxyReader(), ProxyReader())
    let expected = Self.said(by: &whole, of: bytes)
    #expect(expected.contains("two \"three\""))
    for cut in bytes.indices {
      #expect(Self.read(bytes, upTo: [cut], by: &ahead) == expected, "cut at \(cut)")
    }
  }

  @Test func whatDoesNotComeToItsEndIsForgotten() throws {
    let bytes = try ProxyReaderTests.whole()
    let other = try ProxyReaderTests.recorded("poll_admin.txt")
    var (whole, ahead) = (ProxyReader(), ProxyReader())
    let expected = Self.said(by: &whole, of: other)
    for cut in stride(from: 0, through: bytes.count, by: 7) {
      ahead.beginReply()
      ahead.readAhead(bytes.span.extracting(first: cut))
      #expect(Self.read(other, upTo: [other.count / 2], by: &ahead) == expected, "cut at \(cut)")
    }
  }

  @Test func theSameReplyInPiecesSharesItsRosterAndNotes() throws {
    let bytes = try ProxyReaderTests.whole()
    var reader = ProxyReader()
    let first = try reader.sample(from: bytes.span)
    reader.beginReply()
    for place in stride(from: 0, through: bytes.count, by: 100) {
      reader.readAhead(bytes.span.extracting(first: place))
    }
    let second = try reader.sample(from: bytes.span)
    #expect(first.stat.roster === second.stat.roster)
    let isShared = first.stat.notes.withUnsafeBufferPointer { one in
      second.stat.notes.withUnsafeBufferPointer { $0.baseAddress == one.baseAddress }
    }
    #expect(isShared)
  }

  /// What only its end can tell is not looked for anew with each piece: the time would grow with the square.
  @Test func aLineWithoutAnEndIsLookedAtOnce() throws {
    var reader = ProxyReader()
    reader.beginReply()
    let header = Array("# pxname,svname,status,type,\nweb,web1,\"".utf8)
    let bytes = header + [UInt8](repeating: UInt8(ascii: "x"), count: 8 << 20)
    for place in stride(from: header.count, through: bytes.count, by: 512) {
      reader.readAhead(bytes.span.extracting(first: place))
    }
    #expect(throws: ReadFailure.truncated(received: bytes.count)) { try reader.sample(from: bytes.span) }
  }
}
