import Cluster
import TestSupport
import Testing
import Wire

@Suite struct NameReplyTests {
  private static let question = NameQuestion("www.Example.com", kind: .ipv4, id: 0x1234)

  /// `www.example.com A?`, as it stands in an answer.
  private static let asked: [UInt8] =
    [3] + Array("www".utf8) + [7] + Array("example".utf8) + [3] + Array("com".utf8) + [0, 0, 1, 0, 1]

  private static func message(
    flags: UInt16 = 0x8180, questions: UInt8 = 1, answers: UInt8, _ records: [UInt8]
  ) -> [UInt8] {
    [0x12, 0x34, UInt8(flags >> 8), UInt8(flags & 0xFF), 0, questions, 0, answers, 0, 0, 0, 0] + asked
      + records
  }

  /// A record of the name that the question has (a pointer to it).
  private static func record(
    _ kind: UInt8, _ data: [UInt8], seconds: UInt8 = 60, owner: [UInt8] = [0xC0, 12]
  ) -> [UInt8] {
    owner + [0, kind, 0, 1, 0, 0, 0, seconds, 0, UInt8(data.count)] + data
  }

  private static func reply(_ bytes: [UInt8]) throws -> NameReply {
    try NameReply(parsing: bytes.span, to: try #require(question))
  }

  @Test func aQuestionIsSentAsTheStandardHasIt() throws {
    let question = try #require(Self.question)
    #expect(question.message == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + Self.asked)
    #expect(question.stream == [0, UInt8(question.message.count)] + question.message)
    #expect(NameQuestion("www.example.com.", kind: .ipv4, id: 0x1234) == question)
  }

  @Test func whatCannotBeANameIsNotAsked() {
    let label = String(repeating: "a", count: 63)
    #expect(NameQuestion(label, kind: .ipv6, id: 1) != nil)
    #expect(
      NameQuestion(
        [label, label, label, String(label.dropLast(2))].joined(separator: "."), kind: .ipv6, id: 1) != nil)
    for name in ["", ".", "a..b", ".a", label + "a", [label, label, label, label].joined(separator: ".")] {
      #expect(NameQuestion(name, kind: .ipv4, id: 1) == nil, "\(name)")
    }
  }

  @Test func addressesAreReadInTheirOrderEachOnce() throws {
    let reply = try Self.reply(
      Self.message(
        answers: 3,
        Self.record(1, [10, 77, 1, 101]) + Self.record(1, [10, 77, 1, 100], seconds: 30)
          + Self.record(1, [10, 77, 1, 101])))
    #expect(reply.addresses.map(\.description) == ["10.77.1.101", "10.77.1.100"])
    #expect(reply.timeToLive == 30 && reply.code == 0 && !reply.isTruncated)
  }

  @Test func anAddressOfTheNewKindIsReadWhereItWasAskedFor() throws {
    let question = try #require(NameQuestion("www.example.com", kind: .ipv6, id: 0x1234))
    var bytes = Self.message(
      answers: 1, Self.record(28, [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]))
    bytes[12 + Self.asked.count - 3] = 28
    let reply = try NameReply(parsing: bytes.span, to: question)
    #expect(reply.addresses.map(\.description) == ["2001:db8::1"])
  }

  @Test func anotherNameForItIsFollowedWithinTheAnswer() throws {
    // www -> edge (a name of its own, whose end is the question's "example.com") -> address
    let edge: [UInt8] = [4] + Array("edge".utf8) + [0xC0, 16]
    let reply = try Self.reply(
      Self.message(
        answers: 2,
        Self.record(1, [10, 0, 0, 1], seconds: 200, owner: [4] + Array("EDGE".utf8) + [0xC0, 16])
          + Self.record(5, edge, seconds: 20)))
    #expect(reply.addresses.map(\.description) == ["10.0.0.1"])
    #expect(reply.timeToLive == 20)
  }

  @Test func namesThatNameEachOtherEndInNoAddress() throws {
    let other: [UInt8] = [1, UInt8(ascii: "b"), 0]
    let reply = try Self.reply(
      Self.message(
        answers: 3,
        Self.record(5, other) + Self.record(5, [0xC0, 12], owner: other)
          + Self.record(1, [1, 2, 3, 4], owner: [1, UInt8(ascii: "c"), 0])))
    #expect(reply.addresses.isEmpty && reply.timeToLive == nil)
  }

  @Test func aPointerThatDoesNotLeadBackIsAFault() {
    let here = UInt8(12 + Self.asked.count)
    for target in [here, here + 2, 0xFF] {
      let bytes = Self.message(answers: 1, Self.record(1, [1, 2, 3, 4], owner: [0xC0, target]))
      #expect(throws: NameReply.Fault.malformed) { try Self.reply(bytes) }
    }
    // A label, and then back to that label: longer with every turn.
    let loop: [UInt8] = [1, UInt8(ascii: "a"), 0xC0, here]
    #expect(throws: NameReply.Fault.malformed) {
      try Self.reply(Self.message(answers: 1, Self.record(1, [1, 2, 3, 4], owner: loop)))
    }
  }

  @Test func whatWasNotAskedForIsNoAnswer() {
    let good = Self.message(answers: 1, Self.record(1, [10, 0, 0, 1]))
    func changed(_ place: Int, _ byte: UInt8) -> [UInt8] {
      var bytes = good
      bytes[place] = byte
      return bytes
    }
    // Another id, no answer, another name, another type.
    for bytes in [changed(0, 0x99), changed(2, 0x01), changed(13, UInt8(ascii: "x")), changed(12 + 18, 28)] {
      #expect(throws: NameReply.Fault.notMine) { try Self.reply(bytes) }
    }
  }

  @Test func aRefusalAndATruncatedAnswerSayNothingElse() throws {
    let missing = try Self.reply(Self.message(flags: 0x8183, answers: 0, []))
    #expect(missing.code == 3 && missing.addresses.isEmpty)
    let cut = try Self.reply(Self.message(flags: 0x8380, answers: 9, [0xC0]))
    #expect(cut.isTruncated && cut.addresses.isEmpty)
    let unread: [UInt8] = [0x12, 0x34, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(try Self.reply(unread).code == 1)
  }

  @Test func anAnswerCutAnywhereIsAFault() throws {
    let edge: [UInt8] = [4] + Array("edge".utf8) + [0xC0, 16]
    let whole = Self.message(
      answers: 2, Self.record(5, edge) + Self.record(1, [10, 0, 0, 1], owner: edge))
    #expect(try Self.reply(whole).addresses.count == 1)
    for cut in whole.indices {
      #expect(throws: NameReply.Fault.self, "\(cut)") { try Self.reply(Array(whole[..<cut])) }
    }
  }

  @Test func nothingThatComesCanHoldItUpOrBringItDown() throws {
    let edge: [UInt8] = [4] + Array("edge".utf8) + [0xC0, 16]
    let whole = Self.message(
      answers: 3,
      Self.record(5, edge) + Self.record(1, [10, 0, 0, 1], owner: edge) + Self.record(16, [3, 1, 2, 3]))
    var random = SeededRandom(seed: 53)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
      }
      if let reply = try? Self.reply(bytes) {
        read += 1
        #expect(reply.addresses.count <= 3)
      }
    }
    #expect(read > 0)
  }

  @Test func nameServersAreListedAsTheSystemDoes() {
    let file = """
      # nameserver 1.1.1.1
      search example.com
      nameserver 10.77.0.53
      nameserver\tfe80::1%eth0
      nameserver localhost
      options timeout:1
      nameserver 127.0.0.1
      nameserver 9.9.9.9
      """
    #expect(
      ResolverFile(parsing: Array(file.utf8).span).servers == [
        SocketAddress(host: "10.77.0.53", port: 53), SocketAddress(host: "fe80::1%eth0", port: 53),
        SocketAddress(host: "127.0.0.1", port: 53),
      ])
  }
}
