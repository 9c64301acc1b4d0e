import CSystem
import Cluster
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed gunicorn. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealGunicornTests {
  private let scratch: Scratch
  private let loop: EventLoop
  private let statsd: UInt16

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop()
    statsd = try freePort()
    try scratch.write(
      """
      import time
      def application(environ, start_response):
          path = environ["PATH_INFO"]
          if path == "/slow":
              time.sleep(0.2)
          start_response("503 Unavailable" if path == "/fail" else "200 OK", [("Content-Type", "text/plain")])
          return [b"hello"]
      """, to: "app.py")
  }

  private func server(_ name: String, port: UInt16) throws -> RealServer {
    try RealServer(
      "gunicorn",
      [
        "--statsd-host", "127.0.0.1:\(statsd)", "--statsd-prefix", name, "--bind", "127.0.0.1:\(port)",
        "--workers", "1", "--chdir", scratch.path, "--worker-tmp-dir", scratch.path, "app:application",
      ], log: scratch.file("log"), until: [numericAddress("127.0.0.1", port: port)])
  }

  private func agent(of nodes: String..., interval: Duration = .milliseconds(300)) throws -> Agent {
    let sources = try nodes.map {
      Source(
        node: NodeName($0), system: .gunicorn,
        endpoint: try Endpoint(parsing: "udp://127.0.0.1:\(statsd)", of: .gunicorn))
    }
    return Agent(plan: PollPlan(interval: interval, sources: sources), loop: loop)
  }

  /// Sends lines to where the agent listens, as gunicorn does: a datagram each.
  private func tell(_ datagrams: [String]) {
    var address = numericAddress("127.0.0.1", port: statsd)
    let socket = Owned(tt_datagram_connect(&address, 1000))
    for each in datagrams {
      let bytes = Array(each.utf8)
      _ = tt_send(socket.raw, bytes, bytes.count)
    }
  }

  @Test func everyRequestIsCountedWithItsStatusAndItsTime() throws {
    let agent = try agent(of: "app1")
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    agent.start()
    try loop.run(until: { !readings.isEmpty })
    #expect(readings.first?.failure == .nothingSent)
    let port = try freePort()
    let server = try server("app1", port: port)
    for path in Array(repeating: "/", count: 17) + ["/fail", "/fail", "/slow"] { try get(path, port: port) }
    try loop.run(until: { readings.last?.workers?.requests == 20 && readings.last?.workers?.errors == 2 })
    agent.stop()
    let statuses = readings.compactMap(\.workers)
    let last = try #require(statuses.last)
    #expect(statuses.compactMap(\.latencies).map(\.count).reduce(0, +) == 20)
    let longest = statuses.compactMap(\.latencies).map(\.longest).max() ?? 0
    #expect(longest >= 200_000 && (last.microseconds ?? 0) >= longest)
    #expect(Set(statuses.map(\.started)).count == 1)
    #expect(server.child.isRunning)
  }

  @Test func onePlaceServesSeveralNodesByTheirPrefixes() throws {
    let agent = try agent(of: "app1", "app2")
    var latest: [Int: Reading] = [:]
    agent.onReading = { latest[$0.source.index] = $0 }
    agent.start()
    try loop.run(until: { latest.count == 2 })
    let ports = [try freePort(), try freePort()]
    let servers = [try server("app1", port: ports[0]), try server("app2", port: ports[1])]
    for _ in 0..<3 { try get("/", port: ports[0]) }
    for _ in 0..<5 { try get("/", port: ports[1]) }
    try loop.run(until: { latest[0]?.workers?.requests == 3 && latest[1]?.workers?.requests == 5 })
    #expect(servers.allSatisfy { $0.child.isRunning })
    agent.stop()
  }

  @Test func whatIsOfAnotherPrefixIsNobodysWhereThereAreSeveralNodes() throws {
    let agent = try agent(of: "app1", "app2")
    var latest: [Int: Reading] = [:]
    agent.onReading = { latest[$0.source.index] = $0 }
    agent.start()
    try loop.run(until: { latest.count == 2 })
    tell(["app3.gunicorn.requests:1|c", "gunicorn.requests:1|c", "app2.gunicorn.requests:1|c"])
    try loop.run(until: { latest[1]?.workers?.requests == 1 })
    #expect(latest[0]?.failure == .nothingSent)
    agent.stop()
  }

  @Test func aLoneNodeTakesAnyPrefixAndAQuietTickIsNoFailure() throws {
    let agent = try agent(of: "app1")
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    agent.start()
    try loop.run(until: { !readings.isEmpty })
    tell(["prod.gunicorn.workers:2|g"])
    try loop.run(until: { readings.last?.workers != nil })
    let heard = readings.count
    try loop.run(until: { readings.count >= heard + 2 })
    #expect(
      readings[(heard - 1)...].allSatisfy { $0.workers?.requests == 0 && $0.workers?.latencies?.count == 0 })
    agent.stop()
  }

  @Test func whoHasOnlyJustBegunToListenWaitsForTheFirstWord() throws {
    let agent = try agent(of: "app1", interval: .seconds(20))
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    agent.start()
    try loop.run(until: {
      // Until it listens nobody hears it.
      tell(["app1.gunicorn.requests:1|c"])
      return !readings.isEmpty
    })
    #expect((readings.first?.workers?.requests ?? 0) > 0)
    agent.stop()
  }

  @Test func whatIsHeardAfterALongSilenceIsSeenWithTheNextTick() throws {
    let clock = ManualClock()
    let loop = try EventLoop(clock: clock)
    let agent = Agent(
      plan: PollPlan(
        interval: .seconds(1),
        sources: [
          Source(node: NodeName("app1"), system: .gunicorn, endpoint: .udp(host: "127.0.0.1", port: statsd))
        ]), loop: loop)
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    agent.start()
    // So long that the agent asks in every second tick only.
    for _ in 0..<600 {
      clock.advance(by: .milliseconds(100))
      try loop.runOnce(atMost: .zero)
    }
    #expect(readings.count < 35 && readings.allSatisfy { $0.failure == .nothingSent })
    tell(["app1.gunicorn.requests:1|c"])
    try loop.runOnce(atMost: .seconds(30))
    for _ in 0..<12 {
      clock.advance(by: .milliseconds(100))
      try loop.runOnce(atMost: .zero)
      try loop.runOnce(atMost: .zero)
    }
    #expect(readings.last?.workers?.requests == 1)
    agent.stop()
  }

  @Test func aPlaceThatSomebodyElseHasIsAFailureUntilItIsFree() throws {
    var address = numericAddress("127.0.0.1", port: statsd)
    var other: Owned? = Owned(tt_datagram_listen(&address))
    let agent = try agent(of: "app1")
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    agent.start()
    try loop.run(until: { !readings.isEmpty })
    #expect(readings.first?.failure == .system(errno: EADDRINUSE, doing: "listen"))
    withExtendedLifetime(other) {}
    other = nil
    try loop.run(until: { readings.last?.failure == .nothingSent })
    // Who polls nothing any more needs no place.
    agent.standBy()
    // A program that another test starts just now may have it for a moment longer.
    try loop.run(until: {
      other = Owned(tt_datagram_listen(&address))
      return (other?.raw ?? -1) >= 0
    })
    agent.stop()
  }

  @Test func aFloodOfNonsenseHoldsNothingUp() throws {
    let agent = try agent(of: "app1")
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    agent.start()
    try loop.run(until: { !readings.isEmpty })
    var rounds = 0
    let nonsense = String(repeating: "x:1|c\n\u{0}\u{1B}|||:::\n", count: 800)
    let tooLong = String(repeating: "app1.gunicorn.requests:1|c\n", count: 2000)
    try loop.run(until: {
      tell(Array(repeating: nonsense, count: 20) + [tooLong])
      rounds += 1
      return rounds == 20
    })
    tell(["app1.gunicorn.requests:1|c"])
    try loop.run(until: {
      // The system may throw the first ones away, as long as its room is full.
      if readings.last?.workers == nil { tell(["app1.gunicorn.requests:1|c"]) }
      return readings.last?.workers != nil
    })
    // Of each that is too long only the beginning is taken: 16 KiB, of 27 bytes a request.
    #expect((readings.last?.workers?.requests ?? 0) < 20 * 620)
    agent.stop()
  }
}
