import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

struct AgentTests {
  private let scratch: Scratch
  private let clock = ManualClock()
  private let loop: EventLoop

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop(clock: clock)
  }

  /// An agent for as many load balancers as there are names, whose sockets have these names.
  private func agent(for names: [String], warmUp: Bool = false) -> Agent {
    let sources = names.map {
      Source(node: NodeName($0), system: .haproxy, endpoint: .unix(path: scratch.file($0)))
    }
    var options = AgentOptions()
    options.warmUp = warmUp
    options.replyLimit = 1 << 20
    return Agent(
      plan: PollPlan(interval: .seconds(1), sources: sources), loop: loop, options: options,
      generator: Dice(0))
  }

  private func peer(_ name: String, _ script: FakePeer.Script) throws -> FakePeer {
    try FakePeer(path: scratch.file(name), script: script, loop: loop)
  }

  /// Moves the clock in steps of a millisecond, and lets everything happen that can at each of them.
  private func pass(_ duration: Duration) throws {
    for _ in 0..<duration.nanoseconds / 1_000_000 {
      clock.advance(by: .milliseconds(1))
      var rounds = 0
      while try loop.runOnce(atMost: .zero), rounds < 1000 { rounds += 1 }
    }
  }

  /// Whether there is a frame for each tick, and made as soon as the last of its polls was over, which take no
  /// time here: within the tenth of the interval over which they are spread.
  private func areMade(_ frames: [Moment], inTicksAt ticks: [Int64]) -> Bool {
    frames.count == ticks.count
      && zip(frames, ticks).allSatisfy { frame, tick in
        (0...100).contains(frame.uptime.nanoseconds / 1_000_000 - tick)
      }
  }

  @Test func eachTickMakesOneFrameWithAllThatReported() throws {
    let peers = try ["lb1", "lb2"].map { try peer($0, .reply(Replies.poll)) }
    let agent = agent(for: ["lb1", "lb2"])
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.start()
    try loop.run(until: { frames.count == 1 })
    // The first picture takes no time but that of the replies.
    #expect(frames[0].at.uptime == Uptime(nanoseconds: 0))
    try pass(.milliseconds(3500))
    #expect(areMade(frames.map(\.at), inTicksAt: [0, 1000, 2000, 3000]))
    for frame in frames {
      #expect(Set(frame.readings.map(\.source)) == [SourceID(0), SourceID(1)])
      #expect(frame.readings.allSatisfy { sample(of: $0) != nil })
    }
    #expect(peers.map(\.connections) == [4, 4])
    agent.stop()
  }

  @Test func theFirstFrameHasWhatThePeerSaid() throws {
    let peer = try peer("lb1", .reply(Replies.poll))
    let agent = agent(for: ["lb1"])
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.start()
    try loop.run(until: { !frames.isEmpty })
    let sample = try #require(frames[0].readings.first.flatMap(sample(of:)))
    #expect(sample.level == .admin)
    #expect(sample.info?.pid == 4711)
    #expect(sample.stat.roster.rows.map(\.name) == ["FRONTEND", "web1", "BACKEND"])
    #expect(sample.servers?.rows.map(\.server) == ["web1"])
    #expect(peer.requests == ["show cli level;operator;show info;show stat;show servers state\n"])
    agent.stop()
  }

  @Test func aWarmUpPollsAgainSoon() throws {
    let peer = try peer("lb1", .reply(Replies.poll))
    let agent = agent(for: ["lb1"], warmUp: true)
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.start()
    try loop.run(until: { frames.count == 1 })
    try pass(.milliseconds(2400))
    #expect(areMade(frames.map(\.at), inTicksAt: [0, 250, 1250, 2250]))
    #expect(peer.connections == 4)
    agent.stop()
  }

  @Test func aHungPeerDelaysNobodyAndLeavesNoConnection() throws {
    let good = try peer("lb1", .reply(Replies.poll))
    let hung = try peer("lb2", .hang(after: Array(Replies.info.utf8)))
    let agent = agent(for: ["lb1", "lb2"])
    var readings: [Reading] = []
    var frames: [Frame] = []
    agent.onReading = { readings.append($0) }
    agent.onFrame = { frames.append($0) }
    agent.start()
    // No time has passed when the good one has reported, while the hung one is still being waited for.
    try loop.run(until: { !readings.isEmpty && hung.openConnections == 1 })
    #expect(readings.map(\.source) == [SourceID(0)])
    #expect(clock.now().uptime == Uptime(nanoseconds: 0))

    // The first picture does not wait for it either.
    try pass(.milliseconds(60))
    #expect(frames.count == 1)
    #expect(frames.first?.readings.map(\.source) == [SourceID(0)])

    try pass(.milliseconds(440))
    try loop.run(until: { hung.openConnections == 0 })
    let late = try #require(readings.last)
    #expect(late.source == SourceID(1))
    #expect(failure(of: late) == .timedOut(after: .milliseconds(500), received: Replies.info.utf8.count))
    #expect(late.took == .milliseconds(500))

    // What came late is in the next frame, and from then on its frames do not wait.
    try pass(.milliseconds(700))
    #expect(frames.count == 2)
    #expect(frames.last?.readings.map(\.source) == [SourceID(1), SourceID(0)])
    agent.stop()
    try loop.run(until: { hung.openConnections == 0 })
    #expect(good.openConnections == 0)
    #expect(hung.abandoned == hung.connections)
  }

  @Test func whatIsReadForTheFirstTimeAndTooLateForItsFrameIsShownAtOnce() throws {
    // They take connections, and say nothing for a while.
    let slow = try ["lb1", "lb2", "lb3"].map {
      try FakePeer(
        at: unixAddress(scratch.file($0)), script: .reply(Replies.poll), loop: loop, accepting: false)
    }
    let agent = agent(for: ["lb1", "lb2", "lb3"])
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.start()
    try pass(.milliseconds(100))
    #expect(frames.map(\.readings.count) == [0])
    try slow[0].accept()
    try loop.run(until: { frames.count == 2 })
    #expect(frames[1].at.uptime == Uptime(nanoseconds: 100_000_000))
    #expect(frames[1].readings.map(\.source) == [SourceID(0)])
    #expect(frames[1].isBetweenTicks)
    // Those that come close behind it come together.
    try slow[1].accept()
    try slow[2].accept()
    try pass(.milliseconds(59))
    #expect(frames.count == 2)
    try pass(.milliseconds(1))
    #expect(frames.count == 3)
    #expect(Set(frames[2].readings.map(\.source)) == [SourceID(1), SourceID(2)])
    // The ticks stay where they are, and what is late a second time waits for the next.
    try pass(.milliseconds(2840))
    #expect(frames.map(\.isBetweenTicks) == [false, true, true, false, false])
    agent.stop()
  }

  @Test func standingByItPollsNobodyAndTheWaysStayOpen() throws {
    let peer = try peer("lb1", .reply(Replies.poll))
    let agent = agent(for: ["lb1"], warmUp: true)
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.standBy()
    try pass(.seconds(3))
    #expect(peer.connections == 0)
    #expect(frames.isEmpty)
    var replies: [[UInt8]] = []
    let exchange = agent.exchange(
      with: SourceID(0), sending: Array("show info\n".utf8), deadline: .seconds(1)
    ) { replies.append($0.reply) }
    #expect(exchange != nil)
    try loop.run(until: { replies.count == 1 })
    // Who goes on with what somebody else has polled needs no second poll soon.
    agent.start(isContinued: true)
    try pass(.milliseconds(2500))
    #expect(frames.map { $0.at.uptime.nanoseconds / 1_000_000_000 } == [3, 4, 5])
    agent.standBy()
    try pass(.seconds(3))
    #expect(frames.count == 3)
    #expect(peer.connections == 4)
    agent.start()
    try pass(.milliseconds(500))
    #expect(frames.count == 5)
    agent.stop()
  }

  @Test func aPollThatIsStillRunningIsNotDoubled() throws {
    let hung = try peer("lb1", .hang(after: []))
    let agent = agent(for: ["lb1"], warmUp: true)
    agent.start()
    try pass(.milliseconds(400))
    // The second tick came at 250 ms, the deadline is at 500.
    #expect(hung.connections == 1)
    agent.stop()
  }

  @Test func everyFaultHasAReasonAndTheOthersGoOn() throws {
    let names = ["good", "missing", "refused", "closing", "half", "text", "denied", "huge", "csv"]
    let stat = Array("# pxname,svname\nweb,web1\n\n".utf8)
    var peers = [
      try peer("good", .reply(Replies.poll)),
      try peer("refused", .closeAtOnce),
      try peer("closing", .closeAtOnce),
      try peer("half", .reply(Array(Replies.poll.dropLast(Replies.poll.count / 2)))),
      try peer("text", .reply(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))),
      try peer(
        "denied", .reply(Array(String(repeating: "Permission denied\n\n", count: 5).utf8))),
      try peer("huge", .endless),
      try peer(
        "csv", .reply(Array((Replies.level + Replies.info).utf8) + stat + Array(Replies.servers.utf8))),
    ]
    peers[1].close()
    let agent = agent(for: names)
    var outcomes: [String: ReadFailure?] = [:]
    agent.onReading = { outcomes[names[$0.source.index]] = .some(failure(of: $0)) }
    agent.start()
    try loop.run(until: { outcomes.count == names.count })
    #expect(outcomes["good"] == .some(nil))
    #expect(outcomes["missing"] == .missing(path: scratch.file("missing")))
    #expect(outcomes["refused"] == .refused)
    #expect(outcomes["closing"] == .truncated(received: 0))
    #expect(outcomes["half"] == .truncated(received: Replies.poll.count - Replies.poll.count / 2))
    #expect(outcomes["text"] == .malformed(.notStat(beginning: "HTTP/1.1 400 Bad Request␍")))
    #expect(outcomes["denied"] == .denied(words: "Permission denied"))
    #expect(outcomes["huge"] == .tooLarge(limit: 1 << 20))
    #expect(outcomes["csv"] == .malformed(.missingColumn("type")))
    agent.stop()
    peers.removeAll()
  }

  @Test func aSourceThatIsSilentIsTriedInEverySecondTickAndComesBackWithTheFirstSuccess() throws {
    let agent = agent(for: ["lb1"])
    var readings: [Reading] = []
    var frames = 0
    agent.onReading = { readings.append($0) }
    agent.onFrame = { _ in frames += 1 }
    agent.start()
    try pass(.seconds(120))
    let tries = readings.map { $0.at.uptime.nanoseconds / 1_000_000_000 }
    #expect(tries.prefix(3) == [0, 1, 2])
    #expect(zip(tries.dropFirst(), tries).map(-).max() == 2)
    #expect(readings.count < 65)
    // The ticks go on meanwhile, so that what is shown can tell the age of what it has.
    #expect((120...121).contains(frames))

    let peer = try peer("lb1", .reply(Replies.poll))
    try pass(.seconds(31))
    #expect(readings.last.map { failure(of: $0) } == .some(nil))
    let connections = peer.connections
    try pass(.seconds(10))
    #expect(peer.connections == connections + 10)
    agent.stop()
  }

  @Test func noDescriptorIsLeftOpenHoweverPollsEnd() throws {
    let scripts: [FakePeer.Script] = [
      .reply(Replies.poll), .closeAtOnce, .hang(after: [1, 2, 3]), .endless, .reply([]),
    ]
    let peers = try scripts.enumerated().map { try peer("lb\($0.offset)", $0.element) }
    let agent = agent(for: scripts.indices.map { "lb\($0)" } + ["missing"])
    agent.start()
    try pass(.seconds(60))
    agent.stop()
    try loop.run(until: { peers.allSatisfy { $0.openConnections == 0 } })
    #expect(peers[0].connections > 55)
    #expect(peers[2].connections > 3)
    #expect(peers[2].abandoned == peers[2].connections)
    #expect(peers[3].abandoned == peers[3].connections)
  }

  @Test func aStoppedAgentCallsNobody() throws {
    let peer = try peer("lb1", .reply(Replies.poll))
    let agent = agent(for: ["lb1"])
    var frames = 0
    agent.onFrame = { [unowned agent] _ in
      frames += 1
      if frames == 2 { agent.stop() }
    }
    agent.start()
    try pass(.seconds(5))
    #expect(frames == 2)
    #expect(peer.connections == 2)
  }

  @Test func pollingSoonMakesAFrameBetweenTwoTicksWhichStayWhereTheyAre() throws {
    let peer = try peer("lb1", .reply(Replies.poll))
    let agent = agent(for: ["lb1"])
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.start()
    try pass(.milliseconds(1400))
    agent.pollSoon()
    agent.pollSoon()
    try pass(.milliseconds(50))
    #expect(frames.count == 3)
    #expect(frames.last?.readings.count == 1)
    // Too near to the tick before, so that it waits; and to the next tick, so that nothing is done.
    try pass(.milliseconds(650))
    agent.pollSoon()
    try pass(.milliseconds(800))
    agent.pollSoon()
    try pass(.milliseconds(200))
    #expect(areMade(frames.map(\.at), inTicksAt: [0, 1000, 1400, 2000, 2250, 3000]))
    #expect(frames.map(\.isBetweenTicks) == [false, false, true, false, true, false])
    #expect(peer.connections == 6)
    agent.stop()
  }

  @Test func pollingSoonLeavesAPollThatIsUnderWayAlone() throws {
    let hung = try peer("lb1", .hang(after: []))
    let agent = agent(for: ["lb1"])
    agent.start()
    try pass(.milliseconds(300))
    agent.pollSoon()
    try pass(.milliseconds(100))
    #expect(hung.connections == 1)
    agent.stop()
  }

  @Test func pollingSoonAsksLoadBalancersOnlyAndDoesNotMakeTheLostOnesLoseMore() throws {
    let lost = Source(node: NodeName("lb1"), system: .haproxy, endpoint: .unix(path: scratch.file("lost")))
    let web = Source(node: NodeName("web1"), system: .nginx, endpoint: .unix(path: scratch.file("web")))
    func triesWithin10Seconds(pollingSoon: Bool) throws -> [Int: Int] {
      let agent = Agent(
        plan: PollPlan(interval: .seconds(1), sources: [lost, web]), loop: loop, generator: Dice(0))
      var tries: [Int: Int] = [:]
      agent.onReading = { tries[$0.source.index, default: 0] += 1 }
      agent.start()
      for _ in 0..<10 {
        try pass(.milliseconds(500))
        if pollingSoon { agent.pollSoon() }
        try pass(.milliseconds(500))
      }
      agent.stop()
      return tries
    }
    let without = try triesWithin10Seconds(pollingSoon: false)
    let with = try triesWithin10Seconds(pollingSoon: true)
    #expect(with[1] == without[1])
    #expect(with[0] == without[0].map { $0 + 10 })
  }

  @Test func aPlanWithoutSourcesTicks() throws {
    let agent = agent(for: [])
    var frames = 0
    agent.onFrame = { _ in frames += 1 }
    agent.start()
    try pass(.milliseconds(2500))
    #expect(frames == 3)
    agent.stop()
  }

  @Test func afterASuspensionThereIsOneTickAndThenTheGridAgain() throws {
    let peer = try peer("lb1", .reply(Replies.poll))
    let agent = agent(for: ["lb1"])
    var frames: [Frame] = []
    agent.onFrame = { frames.append($0) }
    agent.start()
    try loop.run(until: { frames.count == 1 })
    clock.advance(by: .milliseconds(3_600_300))
    try loop.runOnce(atMost: .zero)
    try pass(.milliseconds(800))
    #expect(areMade(frames.map(\.at), inTicksAt: [0, 3_600_300, 3_601_000]))
    agent.stop()
    withExtendedLifetime(peer) {}
  }
}

private func failure(of reading: Reading) -> ReadFailure? {
  if case .failure(let failure) = reading.outcome { failure } else { nil }
}

private func sample(of reading: Reading) -> ProxySample? {
  if case .sample(.proxy(let sample)) = reading.outcome { sample } else { nil }
}
