import Agent
import Platform
import TestSupport
import Testing
import Wire

@testable import Cluster
@testable import Control

/// What a real HAProxy cannot be made to do when it is wanted. The clock is the test's own.
struct ScriptedPeerTests {
  private let scratch: Scratch
  private let clock = ManualClock()
  private let loop: EventLoop
  private let peer: FakePeer

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop(clock: clock)
    peer = try FakePeer(path: scratch.file("lb1"), script: .reply([]), loop: loop)
  }

  private let web1 = ServerID("web/web1")

  private func person() throws -> Operator {
    try Operator(
      of: [(NodeName("lb1"), .unix(path: scratch.file("lb1")))], loop: loop, deadline: .seconds(2))
  }

  /// The answer to reading back, with `admin` as HAProxy's number for the state of `web1`.
  private func table(_ admin: Int) -> [UInt8] {
    Array(
      """
      1
      # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight
      3 web 1 web1 10.0.0.1 2 \(admin) 1 1


      """.utf8)
  }

  private func pass(_ duration: Duration) throws {
    for _ in 0..<duration.nanoseconds / 10_000_000 {
      clock.advance(by: .milliseconds(10))
      var rounds = 0
      while try loop.runOnce(atMost: .zero), rounds < 1000 { rounds += 1 }
    }
  }

  private let late = StepOutcome.unknown(.timedOut(after: .seconds(2), received: 0))
  private let stillReady = StepOutcome.ineffective(Standing(admin: .ready, weight: 1))

  @Test func whatIsUnknownIsReadBackUntilItIsDone() throws {
    let person = try person()
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var reports: [BalancerResult] = []
    try person.control.apply(person.change(.set(.drain), [web1])) { reports.append($0) }
    try pass(.milliseconds(1990))
    #expect(reports.isEmpty)
    try pass(.milliseconds(10))
    #expect(reports.map(\.outcomes) == [[0: late]])
    #expect(reports.last?.took == .seconds(2))

    // It answers again, and has not done it yet.
    peer.script = .reply(table(0))
    try pass(.milliseconds(500))
    #expect(reports.map(\.outcomes) == [[0: late], [0: stillReady]])
    peer.script = .reply(table(8))
    try pass(.seconds(1))
    #expect(reports.map(\.outcomes) == [[0: late], [0: stillReady], [0: .done]])
    #expect(reports.last?.took == .milliseconds(3500))
    // And then there is nothing left to find out.
    try pass(.seconds(10))
    #expect(
      peer.requests[polls...] == [
        "set server web/web1 state drain;show servers state web\n", "show servers state web\n",
        "show servers state web\n",
      ])
    #expect(reports.count == 3)
  }

  @Test func whatALeavingWorkerRefusesTheNextOneIsTold() throws {
    let person = try person()
    let polls = peer.requests.count
    let refusal = Array("Proxy is disabled.\n\n".utf8)
    peer.script = .replies([refusal + table(0), Array("\n".utf8) + table(8)])
    var reports: [BalancerResult] = []
    try person.control.apply(person.change(.set(.drain), [web1])) { reports.append($0) }
    try pass(.seconds(10))
    #expect(reports.map(\.outcomes) == [[0: .done]])
    let request = "set server web/web1 state drain;show servers state web\n"
    #expect(peer.requests[polls...] == [request, request])

    // Of two steps the one that was done is not sent again.
    peer.script = .replies([Array("\n".utf8) + refusal + table(8) + refusal, refusal + refusal])
    let api = ServerID("api/web1")
    try person.control.apply(person.change(.set(.drain), [web1, api])) { reports.append($0) }
    try pass(.seconds(10))
    #expect(reports.count == 2 && reports[1].outcomes[0] == .done)
    // And a second time it is as it is.
    #expect(reports[1].outcomes[1] == .refused(words: "Proxy is disabled."))
    #expect(peer.requests.last == "set server api/web1 state drain;show servers state api\n")
    #expect(peer.requests.count == polls + 4)
  }

  @Test func afterThreeTriesItStaysUnknown() throws {
    let person = try person()
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var reports: [BalancerResult] = []
    try person.control.apply(person.change(.set(.drain), [web1])) { reports.append($0) }
    try pass(.seconds(30))
    #expect(reports.map(\.outcomes) == [[0: late]])
    #expect(peer.requests.count == polls + 4)
    #expect(peer.openConnections == 0)
  }

  @Test func sessionsWhoseEndIsUnknownAreNotReadBack() throws {
    let person = try person()
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var reports: [BalancerResult] = []
    try person.control.apply(person.change(.shutdownSessions, [web1])) { reports.append($0) }
    try pass(.seconds(30))
    #expect(reports.map(\.outcomes) == [[0: late]])
    #expect(peer.requests.count == polls + 1)
  }

  @Test func aConnectionThatBreaksOffLeavesUnknownOnlyWhatItDidNotTell() throws {
    let person = try person()
    let half = Array("\n\n".utf8) + table(8)
    peer.script = .reply(half)
    var reports: [BalancerResult] = []
    try person.control.apply(
      person.change(.set(.drain), [web1, ServerID("api/web1")])
    ) { reports.append($0) }
    try loop.run(until: { reports.count == 1 })
    #expect(reports[0].outcomes == [0: .done, 1: .unknown(.truncated(received: half.count))])
    peer.script = .reply(Array("Can't find backend.\n\n".utf8))
    try pass(.milliseconds(500))
    #expect(reports.last?.outcomes == [1: .refused(words: "Can't find backend.")])
    #expect(peer.requests.last == "show servers state api\n")
  }

  @Test func changesToOneLoadBalancerAreSentOneAfterTheOther() throws {
    let person = try person()
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var reports: [String] = []
    try person.control.apply(person.change(.set(.drain), [web1])) { _ in reports.append("drain") }
    try person.control.apply(person.change(.set(.maint), [web1])) { _ in reports.append("maint") }
    try pass(.seconds(1))
    #expect(peer.requests.count == polls + 1)
    #expect(peer.openConnections == 1)
    peer.script = .reply([10] + table(1))
    try pass(.seconds(1))
    #expect(reports == ["drain", "maint"])
    #expect(peer.requests[polls + 1].hasPrefix("set server web/web1 state maint;"))
  }

  @Test func oneUnspeakableNameAndNobodyIsTold() throws {
    let person = try person()
    let polls = peer.requests.count
    let evil = ServerID(backend: "web", server: "x;shutdown sessions server web/web1")
    let change = person.change(.set(.drain), [web1, evil])
    #expect(throws: RuntimeCommand.Invalid.name(evil)) { try person.control.apply(change) { _ in } }
    try pass(.seconds(1))
    #expect(peer.requests.count == polls)
  }

  @Test func aPageIsNotSentAnything() throws {
    let page = Endpoint.http(HTTPEndpoint(url: "http://localhost/", socketPath: scratch.file("lb1")))
    let sources = [Source(node: NodeName("lb1"), system: .haproxy, endpoint: page)]
    let agent = Agent(plan: PollPlan(interval: .seconds(3600), sources: sources), loop: loop)
    let control = Control(agent: agent, loop: loop)
    var reports: [BalancerResult] = []
    try control.apply(try person().change(.set(.drain), [web1])) { reports.append($0) }
    #expect(reports.isEmpty)
    try loop.run(until: { reports.count == 1 })
    #expect(reports[0].outcomes == [0: .unsent(.onlyAPage)])
  }

  @Test func aStoppedControlReportsNothingAndAsksNothingMore() throws {
    let person = try person()
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var reports = 0
    for _ in 0..<2 { try person.control.apply(person.change(.set(.drain), [web1])) { _ in reports += 1 } }
    try pass(.seconds(1))
    person.control.stop()
    try pass(.seconds(30))
    #expect(reports == 0)
    #expect(peer.requests.count == polls + 1)
  }

  @Test func aControlMayBeStoppedFromItsOwnReport() throws {
    let person = try person()
    let polls = peer.requests.count
    peer.script = .hang(after: [])
    var reports = 0
    try person.control.apply(person.change(.set(.drain), [web1])) { _ in
      reports += 1
      person.control.stop()
    }
    try pass(.seconds(30))
    #expect(reports == 1)
    #expect(peer.requests.count == polls + 1)
  }
}
