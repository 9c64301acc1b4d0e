import Cluster
import TestSupport
import Testing
import Wire

@Suite struct BalancerReplyTests {
  private static func recorded(_ name: String) throws -> [UInt8] {
    try Fixture.bytes("haproxy/2.6.12/\(name).txt")
  }

  private static func outcomes(
    _ change: Change, _ reply: [UInt8], endedBy failure: ReadFailure? = nil
  ) throws -> [Int: StepOutcome] {
    try BalancerRequest(change, to: Changes.balancer).outcomes(in: reply.span, endedBy: failure)
  }

  private static let isStatic =
    "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'."

  private static func isUnknown(_ outcome: StepOutcome?) -> Bool {
    if case .unknown = outcome { true } else { false }
  }

  @Test func eachStepIsToldByReadingBackAndARefusalInHAProxysWords() throws {
    #expect(
      try Self.outcomes(Changes.line, Self.recorded("change_line")) == [
        0: .done, 1: .done, 2: .refused(words: Self.isStatic), 3: .refused(words: "No such server."),
        4: .done,
        5: .done,
      ])
  }

  @Test func aSocketWithoutTheRightRefusesEachStep() throws {
    let denied = StepOutcome.refused(words: "Permission denied")
    let outcomes = try Self.outcomes(Changes.line, Self.recorded("change_denied"))
    #expect((0..<5).allSatisfy { outcomes[$0] == denied })
    // Nothing was asked of the one that follows, and so nothing was refused either.
    #expect(outcomes[5] == .ineffective(Standing(admin: .ready, weight: 1)))
  }

  @Test func whatStandsAsWantedIsDoneWhateverWasSaid() throws {
    let change = Changes.change([Changes.step("web", "web1", .set(.ready))])
    let reply = try Array("[3]: Permission denied\n\n".utf8) + Self.recorded("lb1_show_servers_state_1_ready")
    #expect(try Self.outcomes(change, reply) == [0: .done])
    let drain = Changes.change([Changes.step("web", "web1", .set(.drain))])
    #expect(try Self.outcomes(drain, reply) == [0: .refused(words: "Permission denied")])
  }

  @Test func aLongReplyIsReadBehindItsPrompts() throws {
    let outcomes = try Self.outcomes(Changes.long, Self.recorded("change_prompt"))
    #expect(outcomes.count == 102)
    for (place, outcome) in outcomes {
      #expect(outcome == (place == 50 ? .refused(words: Self.isStatic) : .done), "step \(place)")
    }
  }

  @Test(arguments: ["change_line", "change_denied", "change_prompt"])
  func cutAnywhereEachStepIsToldAsInTheWholeReplyOrUnknownOrByItsRefusal(file: String) throws {
    let change = file == "change_prompt" ? Changes.long : Changes.line
    let bytes = try Self.recorded(file)
    let whole = try Self.outcomes(change, bytes)
    let request = try BalancerRequest(change, to: Changes.balancer)
    #expect(request.outcomes(in: Span<UInt8>(), endedBy: nil).values.allSatisfy(Self.isUnknown))
    for cut in bytes.indices {
      let outcomes = request.outcomes(in: bytes.span.extracting(first: cut), endedBy: nil)
      for (place, outcome) in outcomes {
        let isRight = outcome == whole[place] || outcome == .unknown(.truncated(received: cut))
        if !isRight { Issue.record("cut at \(cut): step \(place) is \(outcome)") }
      }
    }
  }

  @Test func whatCameBeforeATimeOutIsToldAndTheRestIsUnknownForThatReason() throws {
    let late = ReadFailure.timedOut(after: .seconds(2), received: 1)
    let change = Changes.change([
      Changes.step("web", "web1", .set(.ready)), Changes.step("web", "web1", .shutdownSessions),
      Changes.step("other", "o1", .set(.ready)),
    ])
    let reply = try Array("\n\n\n".utf8) + Self.recorded("lb1_show_servers_state_1_ready")
    #expect(try Self.outcomes(change, reply, endedBy: late) == [0: .done, 1: .done, 2: .unknown(late)])
    #expect(
      try Self.outcomes(change, [], endedBy: late) == [
        0: .unknown(late), 1: .unknown(late), 2: .unknown(late),
      ]
    )
  }

  @Test func takenWithoutAWordAndNotThereIsIneffective() throws {
    let change = Changes.change([
      Changes.step("web", "web1", .set(.drain)), Changes.step("web", "web2", .weight(9)),
    ])
    let reply = try Array("\n\n".utf8) + Self.recorded("lb1_show_servers_state_3_maint")
    let outcomes = try Self.outcomes(change, reply)
    let states = try ServerStateTests.table(Self.recorded("lb1_show_servers_state_3_maint"))
    for (place, row) in states.rows.enumerated() {
      #expect(outcomes[place] == .ineffective(Standing(admin: row.admin.admin, weight: row.weight)))
    }
  }

  @Test func aServerOrBackendThatIsNotThereIsToldInWordsOrAsAFault() throws {
    let web = try Self.recorded("lb1_show_servers_state_1_ready")
    let noServer = Changes.change([Changes.step("web", "web9", .set(.drain))])
    #expect(
      try Self.outcomes(noServer, Array("No such server.\n\n".utf8) + web)
        == [0: .refused(words: "No such server.")])
    let missing = ReplyFault.missingServer(ServerID(backend: "web", server: "web9"))
    #expect(try Self.outcomes(noServer, [10] + web) == [0: .unknown(.malformed(missing))])
    let noBackend = Changes.change([
      Changes.step("gone", "s", .set(.drain), kind: .follow(ServerID(backend: "web", server: "web1")))
    ])
    #expect(
      try Self.outcomes(noBackend, Array("Can't find backend.\n\n".utf8))
        == [0: .refused(words: "Can't find backend.")])
    #expect(
      try Self.outcomes(noBackend, [10]) == [0: .unknown(.malformed(.notServersState(beginning: "")))])
  }

  @Test func answersThatDoNotBelongToTheQuestionsAreNotBelieved() throws {
    let change = Changes.change([
      Changes.step("web", "web1", .set(.ready)), Changes.step("web", "web1", .shutdownSessions),
    ])
    let table = try Self.recorded("lb1_show_servers_state_1_ready")
    let outcomes = try Self.outcomes(change, [10] + table + [10] + table)
    #expect(outcomes.values.allSatisfy(Self.isUnknown))
  }

  @Test func wordsFromOutsideAreSanitised() throws {
    let change = Changes.change([Changes.step("web", "web1", .set(.drain))])
    let outcomes = try Self.outcomes(change, Array("\u{1B}[2J\u{202E}no\n\n".utf8))
    #expect(outcomes == [0: .refused(words: "␛[2J◊no")])
  }

  @Test(arguments: ["change_line", "change_prompt"])
  func anyByteMayBeWrongAndNothingTraps(file: String) throws {
    let change = file == "change_prompt" ? Changes.long : Changes.line
    let request = try BalancerRequest(change, to: Changes.balancer)
    let bytes = try Self.recorded(file)
    var random = SeededRandom(seed: 5)
    for _ in 0..<300 {
      var broken = bytes
      for _ in 0..<3 {
        let place = Int.random(in: broken.indices, using: &random)
        if Bool.random(using: &random) {
          broken[place] = UInt8.random(in: 0...255, using: &random)
        } else {
          broken.remove(at: place)
        }
      }
      #expect(request.outcomes(in: broken.span, endedBy: nil).count == change.steps.count)
    }
  }
}
