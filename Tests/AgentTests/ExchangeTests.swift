import Cluster
import Platform
import TestSupport
import Testing

@testable import Agent

struct ExchangeTests {
  private let scratch: Scratch
  private let clock = ManualClock()
  private let loop: EventLoop

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop(clock: clock)
  }

  /// A running agent, whose polls of the given endpoints all lie far in the future.
  private func agent(for endpoints: [Endpoint], system: Source.System = .haproxy) throws -> Agent {
    let sources = endpoints.map { Source(node: NodeName("lb1"), system: system, endpoint: $0) }
    var options = AgentOptions()
    options.warmUp = false
    let agent = Agent(
      plan: PollPlan(interval: .seconds(3600), sources: sources), loop: loop, options: options)
    var isRead = false
    agent.onFrame = { _ in isRead = true }
    agent.start()
    for _ in 0..<2000 where !isRead {
      clock.advance(by: .milliseconds(1))
      try loop.runOnce(atMost: .milliseconds(1))
    }
    agent.onFrame = nil
    return agent
  }

  private func unix(_ name: String) -> Endpoint { .unix(path: scratch.file(name)) }

  /// What one exchange comes to; the clock stands still until `others` has been done.
  private func end(
    _ agent: Agent, _ request: String, deadline: Duration = .seconds(1), others: () throws -> Void = {}
  ) throws -> ExchangeEnd {
    var end: ExchangeEnd?
    let exchange = agent.exchange(with: SourceID(0), sending: Array(request.utf8), deadline: deadline) {
      end = $0
    }
    try #require(exchange != nil)
    #expect(end == nil)
    try others()
    try loop.run(until: { end != nil })
    return try #require(end)
  }

  @Test func whatIsSentIsAnsweredOnAConnectionOfItsOwn() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    let connections = peer.connections
    peer.script = .reply(Array("answer\n".utf8))
    let end = try end(agent, "a question\n")
    #expect(end.reply == Array("answer\n".utf8))
    #expect(end.failure == nil)
    #expect(end.wasSent)
    #expect(peer.requests.last == "a question\n")
    #expect(peer.connections == connections + 1)
    agent.stop()
  }

  @Test func aLongRequestWhoseAnswersComeMeanwhileIsSentWhole() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    // More, in both directions, than the system holds for a socket: whoever only sends stands still.
    let answer = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
    peer.script = .answerEachLine(answer)
    let polls = peer.requests.count
    let line = String(repeating: "c", count: 400)
    let end = try end(agent, String(repeating: line + "\n", count: 2000) + "quit\n")
    #expect(end.failure == nil)
    #expect(end.reply.count == 2000 * answer.count)
    #expect(peer.requests[polls...].dropLast().allSatisfy { $0 == line })
    agent.stop()
  }

  @Test func whereNobodyListensNothingIsSent() throws {
    let closed = try FakePeer(path: scratch.file("refused"), script: .closeAtOnce, loop: loop)
    closed.close()
    let missing = try agent(for: [unix("missing")])
    let refused = try agent(for: [unix("refused")])
    let end1 = try end(missing, "a\n")
    let end2 = try end(refused, "a\n")
    #expect(end1.failure == .missing(path: scratch.file("missing")))
    #expect(end2.failure == .refused)
    #expect(!end1.wasSent && !end2.wasSent)
    missing.stop()
    refused.stop()
  }

  @Test func aPeerThatHangsMayHaveGotIt() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    peer.script = .hang(after: Array("half".utf8))
    let polls = peer.requests.count
    let end = try end(agent, "a\n", deadline: .milliseconds(300)) {
      try loop.run(until: { peer.requests.count > polls })
      for _ in 0..<20 { try loop.runOnce(atMost: .zero) }
      clock.advance(by: .milliseconds(300))
    }
    #expect(end.wasSent)
    #expect(end.failure == .timedOut(after: .milliseconds(300), received: 4))
    #expect(end.reply == Array("half".utf8))
    #expect(end.took == .milliseconds(300))
    try loop.run(until: { peer.openConnections == 0 })
    agent.stop()
  }

  @Test func aConnectionThatIsNeverMadeSendsNothing() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    let first = try end(agent, "a\n")
    #expect(first.wasSent)
    // What an exchange before it sent is not this one's.
    peer.close()
    #expect(try !end(agent, "a\n").wasSent)
    agent.stop()
  }

  @Test func exchangesWithOneSourceAreMadeOneAfterTheOther() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var ends: [String] = []
    for name in ["first", "second", "third"] {
      _ = agent.exchange(with: SourceID(0), sending: Array("\(name)\n".utf8), deadline: .seconds(1)) {
        ends.append($0.failure == nil ? name : "\(name) failed")
      }
    }
    try loop.run(until: { peer.requests.count > polls })
    for _ in 0..<20 { try loop.runOnce(atMost: .zero) }
    #expect(peer.openConnections == 1)
    peer.script = .reply([10])
    clock.advance(by: .seconds(1))
    try loop.run(until: { ends.count == 3 })
    #expect(ends == ["first failed", "second", "third"])
    #expect(peer.requests[polls...] == ["first\n", "second\n", "third\n"])
    agent.stop()
  }

  @Test func oneThatIsAbandonedBeforeItsTurnIsNotSent() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    let polls = peer.requests.count
    var ends: [String] = []
    let exchanges = ["first", "second", "third"].map { name in
      agent.exchange(with: SourceID(0), sending: Array("\(name)\n".utf8), deadline: .seconds(1)) { _ in
        ends.append(name)
      }
    }
    exchanges[1]?.abandon()
    try loop.run(until: { ends.count == 2 })
    #expect(ends == ["first", "third"])
    #expect(peer.requests[polls...] == ["first\n", "third\n"])
    agent.stop()
  }

  @Test func nobodyIsThereToBeSentAnything() throws {
    let page = Endpoint.http(HTTPEndpoint(url: "http://localhost/", socketPath: scratch.file("page")))
    let pages = try agent(for: [page])
    let webs = try agent(for: [unix("web")], system: .nginx)
    for (agent, source) in [(pages, 0), (webs, 0), (pages, 1), (pages, -1)] {
      #expect(agent.exchange(with: SourceID(source), sending: [10], deadline: .seconds(1)) { _ in } == nil)
    }
    pages.stop()
    webs.stop()
    let stopped = try agent(for: [unix("s")])
    stopped.stop()
    #expect(stopped.exchange(with: SourceID(0), sending: [10], deadline: .seconds(1)) { _ in } == nil)
  }

  @Test func aStoppedAgentClosesWhatIsUnderWayAndCallsNobody() throws {
    let peer = try FakePeer(path: scratch.file("s"), script: .reply(Replies.poll), loop: loop)
    let agent = try agent(for: [unix("s")])
    peer.script = .hang(after: [])
    var isEnded = false
    _ = agent.exchange(with: SourceID(0), sending: [10], deadline: .seconds(1)) { _ in isEnded = true }
    try loop.run(until: { peer.openConnections == 1 })
    agent.stop()
    try loop.run(until: { peer.openConnections == 0 })
    clock.advance(by: .seconds(2))
    try loop.runOnce(atMost: .zero)
    #expect(!isEnded)
  }
}
