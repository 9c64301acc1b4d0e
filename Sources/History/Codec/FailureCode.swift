import Cluster

/// Every reason why a poll gave nothing, as bytes: a tag, then what belongs to it.
enum FailureCode {
  static func write(_ failure: ReadFailure, to writer: inout ByteWriter) {
    switch failure {
    case .missing(let path): writer.tag(0, path)
    case .accessDenied(let path): writer.tag(1, path)
    case .refused: writer.byte(2)
    case .unresolved(let host): writer.tag(3, host)
    case .system(let errno, let doing):
      writer.byte(4)
      writer.signed(Int64(errno))
      writer.text(doing)
    case .timedOut(let after, let received):
      writer.byte(5)
      writer.duration(after)
      writer.signed(Int64(received))
    case .truncated(let received): writer.tag(6, Int64(received))
    case .tooLarge(let limit): writer.tag(7, Int64(limit))
    case .denied(let words): writer.tag(8, words)
    case .http(let status): writer.tag(9, Int64(status))
    case .transfer(let words): writer.tag(10, words)
    case .malformed(let fault):
      writer.byte(11)
      write(fault, to: &writer)
    case .tunnel(let words): writer.tag(12, words)
    case .secretMissing(let name): writer.tag(13, name)
    case .onlyAPage: writer.byte(14)
    case .unsuited: writer.byte(15)
    case .login(let words): writer.tag(16, words)
    case .command(let words): writer.tag(17, words)
    case .nothingSent: writer.byte(18)
    case .notWritten(let path): writer.tag(19, path)
    }
  }

  static func read(from reader: inout ByteReader) throws(ChunkFault) -> ReadFailure {
    switch try reader.byte() {
    case 0: .missing(path: try reader.text())
    case 1: .accessDenied(path: try reader.text())
    case 2: .refused
    case 3: .unresolved(host: try reader.text())
    case 4: .system(errno: Int32(truncatingIfNeeded: try reader.signed()), doing: try reader.text())
    case 5: .timedOut(after: try reader.duration(), received: Int(try reader.signed()))
    case 6: .truncated(received: Int(try reader.signed()))
    case 7: .tooLarge(limit: Int(try reader.signed()))
    case 8: .denied(words: try reader.text())
    case 9: .http(status: Int(try reader.signed()))
    case 10: .transfer(words: try reader.text())
    case 11: .malformed(try fault(from: &reader))
    case 12: .tunnel(words: try reader.text())
    case 13: .secretMissing(name: try reader.text())
    case 14: .onlyAPage
    case 15: .unsuited
    case 16: .login(words: try reader.text())
    case 17: .command(words: try reader.text())
    case 18: .nothingSent
    case 19: .notWritten(path: try reader.text())
    default: throw .invalid("failure")
    }
  }

  private static func write(_ fault: ReplyFault, to writer: inout ByteWriter) {
    switch fault {
    case .notStat(let beginning): writer.tag(0, beginning)
    case .notInfo(let beginning): writer.tag(1, beginning)
    case .notServersState(let beginning): writer.tag(2, beginning)
    case .notStubStatus(let beginning): writer.tag(3, beginning)
    case .missingColumn(let column): writer.tag(4, column)
    case .brokenRow(let line): writer.tag(5, Int64(line))
    case .notANumber(let text, let column, let line):
      writer.tag(6, text)
      writer.text(column)
      writer.signed(Int64(line))
    case .truncated(let line): writer.tag(7, Int64(line))
    case .tooManyRows(let limit): writer.tag(8, Int64(limit))
    case .missingServer(let server):
      writer.tag(9, server.backend)
      writer.text(server.server)
    case .notOf(let system, let beginning):
      writer.tag(10, system.rawValue)
      writer.text(beginning)
    }
  }

  private static func system(from reader: inout ByteReader) throws(ChunkFault) -> Source.System {
    guard let system = Source.System(rawValue: try reader.text()) else { throw .invalid("system") }
    return system
  }

  private static func fault(from reader: inout ByteReader) throws(ChunkFault) -> ReplyFault {
    switch try reader.byte() {
    case 0: .notStat(beginning: try reader.text())
    case 1: .notInfo(beginning: try reader.text())
    case 2: .notServersState(beginning: try reader.text())
    case 3: .notStubStatus(beginning: try reader.text())
    case 4: .missingColumn(try reader.text())
    case 5: .brokenRow(line: Int(try reader.signed()))
    case 6:
      .notANumber(try reader.text(), column: try reader.text(), line: Int(try reader.signed()))
    case 7: .truncated(line: Int(try reader.signed()))
    case 8: .tooManyRows(limit: Int(try reader.signed()))
    case 9: .missingServer(ServerID(backend: try reader.text(), server: try reader.text()))
    case 10: .notOf(try system(from: &reader), beginning: try reader.text())
    default: throw .invalid("fault of a reply")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func tag(_ tag: UInt8, _ text: String) {
    byte(tag)
    self.text(text)
  }

  fileprivate mutating func tag(_ tag: UInt8, _ number: Int64) {
    byte(tag)
    signed(number)
  }

  /// To the attosecond: what was recorded is what is replayed.
  fileprivate mutating func duration(_ duration: Duration) {
    signed(duration.components.seconds)
    signed(duration.components.attoseconds)
  }
}

extension ByteReader {
  fileprivate mutating func duration() throws(ChunkFault) -> Duration {
    let seconds = try signed()
    let attoseconds = try signed()
    // Duration holds 128 bits; seconds of 64 and a rest below one always fit.
    guard (-999_999_999_999_999_999...999_999_999_999_999_999).contains(attoseconds) else {
      throw .invalid("duration")
    }
    return Duration(secondsComponent: seconds, attosecondsComponent: attoseconds)
  }
}
