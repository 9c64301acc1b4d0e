import TestSupport
import Testing
import Wire

@Suite struct FastCGITests {
  static func record(_ kind: UInt8, _ content: [UInt8], request: UInt8 = 1, padding: UInt8 = 0) -> [UInt8] {
    [1, kind, 0, request, UInt8(content.count >> 8), UInt8(content.count & 0xFF), padding, 0] + content
      + [UInt8](repeating: 0, count: Int(padding))
  }

  static let end = record(3, [0, 0, 0, 0, 0, 0, 0, 0])

  static func output(_ text: String, padding: UInt8 = 0) -> [UInt8] {
    record(6, Array(text.utf8), padding: padding)
  }

  @Test func aRequestIsWrittenAsTheSpecificationHasIt() {
    let request = FastCGIRequest(parameters: [FastCGIRequest.Parameter("A", "bc")])
    #expect(
      request.bytes == [
        1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        1, 4, 0, 1, 0, 5, 0, 0, 1, 2, 0x41, 0x62, 0x63,
        1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0,
      ])
  }

  @Test func longNamesAndManyOfThemAreWrittenInSeveralRecords() {
    let long = String(repeating: "x", count: 70_000)
    let bytes = FastCGIRequest(parameters: [FastCGIRequest.Parameter("A", long)]).bytes
    #expect(Array(bytes[16..<30]) == [1, 4, 0, 1, 0xFF, 0xFF, 0, 0, 1, 0x80, 0x01, 0x11, 0x70, 0x41])
    #expect(bytes.count == 16 + 8 + 8 + 6 + 70_000 + 8 + 8)
  }

  @Test func theStatusPageIsAskedForAsJSONWhateverItsQuery() {
    func query(_ page: String) -> String? {
      FastCGIRequest(statusPage: page).parameters.first { $0.name == "QUERY_STRING" }?.value
    }
    #expect(query("/status") == "json")
    #expect(query("/status?full") == "full&json")
    #expect(query("/status?json") == "json")
  }

  @Test func aStreamMayBeCutIntoRecordsAnywhere() throws {
    let text = Array("Status: 404 Not Found\r\nContent-type: text/plain\r\n\r\nnothing here\r\n".utf8)
    for cut in 0...text.count {
      let bytes =
        Self.record(6, Array(text[..<cut]), padding: 3) + Self.record(7, Array("Primary \u{1B}".utf8))
        + Self.record(6, Array(text[cut...])) + Self.record(7, Array("script".utf8), padding: 255)
        + Self.record(6, []) + Self.end
      let reply = try FastCGIReply(parsing: bytes.span)
      #expect(reply.status == 404 && String(decoding: reply.body, as: UTF8.self) == "nothing here\r\n")
      #expect(reply.errors == "Primary ␛script")
    }
  }

  @Test func anAnswerCutAnywhereIsTruncated() {
    let bytes = Self.output("A: b\r\n\r\n{}", padding: 6) + Self.record(6, []) + Self.end
    for cut in bytes.indices {
      #expect(throws: FastCGIReply.Fault.truncated, "cut at \(cut)") {
        try FastCGIReply(parsing: Array(bytes[..<cut]).span)
      }
    }
  }

  @Test func refusalsAndWhatIsNoFastCGIAreToldApart() {
    func read(_ bytes: [UInt8]) throws(FastCGIReply.Fault) -> FastCGIReply {
      try FastCGIReply(parsing: bytes.span)
    }
    #expect(throws: FastCGIReply.Fault.refused(2)) { try read(Self.record(3, [0, 0, 0, 0, 2, 0, 0, 0])) }
    #expect(throws: FastCGIReply.Fault.notFastCGI(beginning: "HTTP/1.1 400 Bad")) {
      try read(Array("HTTP/1.1 400 Bad\n".utf8))
    }
    #expect(throws: FastCGIReply.Fault.notFastCGI(beginning: "HT")) { try read(Array("HT".utf8)) }
    let other = Self.record(6, [], request: 9)
    #expect(throws: FastCGIReply.Fault.self) { try read(other + Self.end) }
    #expect(throws: FastCGIReply.Fault.noHeader(beginning: "{}")) {
      try read(Self.output("{}\n\n") + Self.end)
    }
    #expect(throws: FastCGIReply.Fault.noHeader(beginning: "")) { try read(Self.end) }
    #expect(throws: FastCGIReply.Fault.self) { try read(Self.record(3, [0])) }
  }

  @Test func bytesOfChanceNeverCrash() {
    var random = SeededRandom(seed: 11)
    let bytes = Self.output("A: b\r\n\r\n{}", padding: 6) + Self.record(6, []) + Self.end
    for _ in 0..<5000 {
      var hurt = bytes
      for _ in 0..<3 {
        hurt[Int.random(in: hurt.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? FastCGIReply(parsing: hurt.span)
    }
  }
}
