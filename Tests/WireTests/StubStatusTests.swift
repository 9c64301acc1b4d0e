import Cluster
import Testing
import Wire

@Suite struct StubStatusTests {
  static func status(_ text: String) throws(ReplyFault) -> StubStatus {
    try StubStatus(parsing: Array(text.utf8).span)
  }

  @Test func theRecordedPageIsRead() throws {
    let bytes = try Fixture.bytes("nginx/1.22.1/stub_status.txt")
    let status = try StubStatus(parsing: bytes.span)
    #expect(
      status
        == StubStatus(
          active: 17, accepts: 11419, handled: 11419, requests: 28458, reading: 0, writing: 1, waiting: 16))
  }

  @Test func aPageCutAnywhereIsAFault() throws {
    for path in try Fixture.files(in: "nginx/1.22.1", ending: ".txt") {
      let bytes = try Fixture.bytes(path)
      #expect(throws: Never.self) { try StubStatus(parsing: bytes.span) }
      for cut in bytes.indices {
        #expect(throws: ReplyFault.self, "\(path) cut at \(cut)") {
          try StubStatus(parsing: Array(bytes[..<cut]).span)
        }
      }
    }
  }

  @Test func moreWordsThanNginxHasDoNoHarm() throws {
    let status = try Self.status(
      "Active connections: 1 \nserver accepts handled requests request_time\n 1140 1139 1138 75806 \n"
        + "Reading: 2 Writing: 3 Waiting: 4 Closing: 5 \n")
    #expect(status.accepts == 1140 && status.handled == 1139 && status.requests == 1138)
    #expect(status.reading == 2 && status.writing == 3 && status.waiting == 4)
  }

  @Test func anotherPageIsNotAStatus() {
    #expect(throws: ReplyFault.notStubStatus(beginning: "<html>")) { try Self.status("<html>\n</html>\n") }
    #expect(throws: ReplyFault.notStubStatus(beginning: "")) { try Self.status("") }
    let lines = "server accepts handled requests\n 1 1 x\nReading: 0 Writing: 1 Waiting: 0\n"
    #expect(throws: ReplyFault.notANumber("x", column: "requests", line: 3)) {
      try Self.status("Active connections: 1\n" + lines)
    }
    #expect(throws: ReplyFault.notANumber("-1", column: "Active connections:", line: 1)) {
      try Self.status("Active connections: -1\n" + lines)
    }
  }

  @Test func numbersBeyond64BitsSaturate() throws {
    let status = try Self.status(
      "Active connections: 1\nserver accepts handled requests\n 1 1 99999999999999999999\n"
        + "Reading: 0 Writing: 1 Waiting: 0\n")
    #expect(status.requests == .max)
  }
}
