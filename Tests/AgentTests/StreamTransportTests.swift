import CSystem
import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

struct StreamTransportTests {
  private let scratch: Scratch
  private let clock = ManualClock()
  private let loop: EventLoop

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop(clock: clock)
  }

  private var path: String { scratch.file("peer.sock") }

  private func transport(limit: Int = 1 << 20, to address: StreamAddress? = nil) -> StreamTransport {
    StreamTransport(
      to: address ?? .unix(path: path), request: Array("question\n".utf8), limit: limit, loop: loop)
  }

  /// What the transport's exchange comes to: the reply, or why there is none.
  private func outcome(of transport: StreamTransport) throws -> Result<[UInt8], ReadFailure> {
    var ended: Result<Void, ReadFailure>?
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { ended = $0 }
    try loop.run(until: { ended != nil })
    return try #require(ended).map { transport.received }
  }

  @Test func aReplyIsWholeWhenThePeerCloses() throws {
    let peer = try FakePeer(path: path, script: .reply(Array("answer".utf8)), loop: loop)
    #expect(try outcome(of: transport()) == .success(Array("answer".utf8)))
    #expect(peer.requests == ["question\n"])
  }

  @Test func aReplyThatTricklesInByteByByteIsTheSame() throws {
    let text = Array(String(repeating: "slow ", count: 100).utf8)
    let peer = try FakePeer(path: path, script: .trickle(text), loop: loop)
    #expect(try outcome(of: transport()) == .success(text))
    #expect(peer.connections == 1)
  }

  @Test func aLongReplyGrowsTheBuffer() throws {
    let long = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let peer = try FakePeer(path: path, script: .reply(long), loop: loop)
    #expect(try outcome(of: transport(limit: 4_000_000)) == .success(long))
    withExtendedLifetime(peer) {}
  }

  @Test func aReplyOfExactlyTheLimitIsTakenAndOneByteMoreIsNot() throws {
    let peer = try FakePeer(path: path, script: .reply(Array(repeating: 7, count: 1000)), loop: loop)
    #expect(try outcome(of: transport(limit: 1000)) == .success(Array(repeating: 7, count: 1000)))
    #expect(try outcome(of: transport(limit: 999)) == .failure(.tooLarge(limit: 999)))
    withExtendedLifetime(peer) {}
  }

  @Test func anEndlessReplyIsCutOffAndItsConnectionClosed() throws {
    let peer = try FakePeer(path: path, script: .endless, loop: loop)
    #expect(try outcome(of: transport(limit: 500_000)) == .failure(.tooLarge(limit: 500_000)))
    try loop.run(until: { peer.openConnections == 0 })
    #expect(peer.abandoned == 1)
  }

  @Test func aPeerThatHangsIsTimedOutAndItsConnectionClosed() throws {
    let peer = try FakePeer(path: path, script: .hang(after: Array("half".utf8)), loop: loop)
    let transport = transport()
    var ended: Result<Void, ReadFailure>?
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { ended = $0 }
    try loop.run(until: { transport.reply.count == 4 })
    clock.advance(by: .milliseconds(999))
    try loop.runOnce(atMost: .zero)
    #expect(ended == nil)
    clock.advance(by: .milliseconds(1))
    try loop.run(until: { ended != nil })
    #expect(failure(ended) == .timedOut(after: .seconds(1), received: 4))
    try loop.run(until: { peer.openConnections == 0 })
    #expect(peer.abandoned == 1)
  }

  @Test func aPeerThatClosesAtOnceHasSentNothing() throws {
    let peer = try FakePeer(path: path, script: .closeAtOnce, loop: loop)
    #expect(try outcome(of: transport()) == .failure(.truncated(received: 0)))
    #expect(peer.connections == 1)
  }

  @Test func aMissingSocketIsMissing() throws {
    #expect(try outcome(of: transport()) == .failure(.missing(path: path)))
  }

  @Test func aSocketFileThatNobodyListensToIsRefused() throws {
    let peer = try FakePeer(path: path, script: .closeAtOnce, loop: loop)
    peer.close()
    #expect(try outcome(of: transport()) == .failure(.refused))
  }

  @Test func anOrdinaryFileInTheSocketsPlaceIsRefused() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: Data()))
    #expect(try outcome(of: transport()) == .failure(.refused))
  }

  @Test func aPathTooLongForASocketIsAnError() throws {
    let address = StreamAddress.unix(path: "/" + String(repeating: "x", count: 108))
    #expect(
      try outcome(of: transport(to: address)) == .failure(.system(errno: ENAMETOOLONG, doing: "connect")))
  }

  @Test func aSocketThatWasMadeAnewIsReachedAgain() throws {
    let transport = transport()
    let first = try FakePeer(path: path, script: .reply([1]), loop: loop)
    #expect(try outcome(of: transport) == .success([1]))
    first.close()
    unlink(path)
    #expect(try outcome(of: transport) == .failure(.missing(path: path)))
    let second = try FakePeer(path: path, script: .reply([2, 2]), loop: loop)
    #expect(try outcome(of: transport) == .success([2, 2]))
    #expect(second.connections == 1)
  }

  @Test func aFullBacklogIsWaitedOut() throws {
    let peer = try FakePeer(
      at: unixAddress(path), script: .reply([1]), loop: loop, backlog: 0, accepting: false)
    // Linux lets backlog + 1 wait.
    var address = unixAddress(path)
    var isPending: Int32 = 0
    let first = Owned(tt_connect(&address, &isPending))
    #expect(tt_connect(&address, &isPending) == -EAGAIN)

    let transport = transport()
    var ended: Result<Void, ReadFailure>?
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { ended = $0 }
    try loop.runOnce(atMost: .zero)
    #expect(ended == nil)
    try peer.accept()
    try loop.runOnce(atMost: .zero)
    clock.advance(by: .milliseconds(5))
    try loop.run(until: { ended != nil })
    #expect(transport.received == [1])
    withExtendedLifetime(first) {}
  }

  @Test func aBacklogThatStaysFullEndsAtTheDeadline() throws {
    let peer = try FakePeer(
      at: unixAddress(path), script: .reply([1]), loop: loop, backlog: 0, accepting: false)
    var address = unixAddress(path)
    var isPending: Int32 = 0
    let first = Owned(tt_connect(&address, &isPending))
    let transport = transport()
    var ended: Result<Void, ReadFailure>?
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { ended = $0 }
    for _ in 0..<100 where ended == nil {
      clock.advance(by: .milliseconds(10))
      try loop.runOnce(atMost: .zero)
    }
    #expect(failure(ended) == .timedOut(after: .seconds(1), received: 0))
    withExtendedLifetime((first, peer)) {}
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func aPeerIsReachedOverTCP(host: String) throws {
    let peer = try FakePeer(at: numericAddress(host), script: .reply([1, 2, 3]), loop: loop)
    #expect(try outcome(of: transport(to: .tcp(host: host, port: peer.port))) == .success([1, 2, 3]))
  }

  @Test func aNameIsResolvedAndAllItsAddressesAreTried() throws {
    // localhost is ::1 and 127.0.0.1 on most machines, and this peer has only one of them.
    let peer = try FakePeer(at: numericAddress("127.0.0.1"), script: .reply([1, 2, 3]), loop: loop)
    let transport = transport(to: .tcp(host: "localhost", port: peer.port))
    #expect(try outcome(of: transport) == .success([1, 2, 3]))
    #expect(try outcome(of: transport) == .success([1, 2, 3]))
    #expect(peer.connections == 2)
  }

  @Test func aNameThatDoesNotResolveIsUnresolved() throws {
    // A label longer than 63 bytes is refused by the resolver itself, without asking a network.
    let host = String(repeating: "x", count: 64) + ".invalid"
    #expect(try outcome(of: transport(to: .tcp(host: host, port: 1))) == .failure(.unresolved(host: host)))
  }

  @Test func aPortThatNobodyListensToIsRefused() throws {
    let peer = try FakePeer(at: numericAddress("127.0.0.1"), script: .closeAtOnce, loop: loop)
    let port = peer.port
    peer.close()
    #expect(try outcome(of: transport(to: .tcp(host: "127.0.0.1", port: port))) == .failure(.refused))
  }

  @Test func anAbandonedExchangeCallsNobodyAndLeavesNoConnection() throws {
    let peer = try FakePeer(path: path, script: .hang(after: []), loop: loop)
    let transport = transport()
    var isEnded = false
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { _ in isEnded = true }
    try loop.run(until: { peer.openConnections == 1 })
    transport.abandon()
    try loop.run(until: { peer.openConnections == 0 })
    clock.advance(by: .seconds(2))
    try loop.runOnce(atMost: .zero)
    #expect(!isEnded)
  }

  @Test func anAbandonedFailureCallsNobody() throws {
    let transport = transport()
    var isEnded = false
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { _ in isEnded = true }
    transport.abandon()
    try loop.runOnce(atMost: .zero)
    #expect(!isEnded)
  }

  @Test(arguments: [
    (ENOENT, ReadFailure.missing(path: "/run/s")), (ENOTDIR, .missing(path: "/run/s")),
    (EACCES, .accessDenied(path: "/run/s")), (EPERM, .accessDenied(path: "/run/s")), (ECONNREFUSED, .refused),
    (EMFILE, .system(errno: EMFILE, doing: "connect")),
  ])
  func errorsOfConnectingAreTold(errno: Int32, failure: ReadFailure) {
    #expect(ReadFailure(connecting: .unix(path: "/run/s"), errno: errno) == failure)
  }

  @Test func aNetworkErrorOverTCPIsNotAFilesError() {
    #expect(
      ReadFailure(connecting: .tcp(host: "h", port: 1), errno: EACCES)
        == .system(errno: EACCES, doing: "connect"))
  }

  private func failure(_ ended: Result<Void, ReadFailure>?) -> ReadFailure? {
    if case .failure(let failure)? = ended { failure } else { nil }
  }
}

extension Transport {
  var received: [UInt8] {
    reply.withBytes { bytes in bytes.indices.map { bytes[$0] } }
  }
}
