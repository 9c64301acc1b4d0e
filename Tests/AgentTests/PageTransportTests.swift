import Cluster
import Foundation
import Platform
import TestSupport
import Testing

@testable import Agent

/// Pages against a peer that plays a script; real servers are in the tests named after them.
struct PageTransportTests {
  private let scratch: Scratch
  private let clock = ManualClock()
  private let loop: EventLoop

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop(clock: clock)
  }

  private func transport(limit: Int = 1 << 20) -> PageTransport {
    PageTransport(
      to: HTTPEndpoint(url: "http://localhost/status", socketPath: scratch.file("peer.sock")),
      client: Result { () throws(ReadFailure) in try PageClient(loop: loop) }, secrets: SecretStore(),
      certificateFile: nil, limit: limit, loop: loop)
  }

  private func failure(_ script: FakePeer.Script, limit: Int = 1 << 20) throws -> ReadFailure? {
    let peer = try FakePeer(path: scratch.file("peer.sock"), script: script, loop: loop)
    let transport = transport(limit: limit)
    var ended: Result<Void, ReadFailure>?
    transport.begin(deadline: Deadline(.seconds(1), from: loop.now.uptime)) { ended = $0 }
    // libcurl's own timer, which begins a transfer, is one of the loop's.
    try loop.run(until: {
      if case .hang = script, peer.requests.count == 1 { clock.advance(by: .milliseconds(100)) }
      return ended != nil
    })
    try loop.run(until: { peer.openConnections == 0 })
    if case .failure(let failure)? = ended { return failure }
    return nil
  }

  private func http(_ body: String, length: Int? = nil) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\nContent-Length: \(length ?? body.utf8.count)\r\n\r\n\(body)".utf8)
  }

  @Test func aPageIsTakenByteByByte() throws {
    #expect(try failure(.trickle(http("hello"))) == nil)
  }

  @Test func aConnectionClosedWithoutAWordIsTruncated() throws {
    #expect(try failure(.reply([])) == .truncated(received: 0))
  }

  @Test func aPageShorterThanItSaidIsTruncated() throws {
    #expect(try failure(.reply(http("hello", length: 10))) == .truncated(received: 5))
  }

  @Test func aPageThatStopsHalfwayIsTimedOutAndItsConnectionClosed() throws {
    #expect(
      try failure(.hang(after: http("hello", length: 10))) == .timedOut(after: .seconds(1), received: 5))
  }

  @Test func whatIsNotHTTPIsAFailureOfTheTransfer() throws {
    let failure = try failure(.endless)
    guard case .transfer? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func aPageWithoutEndIsCutOff() throws {
    let endless = Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 0x78, count: 5000)
    #expect(try failure(.hang(after: endless), limit: 4000) == .tooLarge(limit: 4000))
  }

  @Test func escapeSequencesInTheLibrarysWordsAreMadeVisible() throws {
    let failure = try failure(.reply(Array("HTTP/1.1 \u{1B}[31m\r\n\r\n".utf8)))
    guard case .transfer(let words)? = failure else { return }
    #expect(!words.unicodeScalars.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("http://h/stats", "http://h/stats;csv"), ("http://h/stats;csv", "http://h/stats;csv"),
    ("http://h:81", "http://h:81/;csv"), ("https://[::1]:9/a?stats", "https://[::1]:9/a?stats;csv"),
    ("http://h/stats;csv;norefresh", "http://h/stats;csv;norefresh"),
  ])
  func aStatisticsPageIsAskedForAsATable(url: String, table: String) {
    #expect(HTTPEndpoint(url: url).asStatisticsTable.url == table)
  }

  @Test(arguments: [
    ("http://h/stats", "h", 80), ("https://h.example:8443", "h.example", 8443),
    ("https://[::1]/", "::1", 443),
    ("http://[fe80::1]:81?x=http://y:9", "fe80::1", 81),
  ])
  func theHostAndThePortAreTakenFromTheURL(url: String, host: String, port: UInt16) {
    #expect(HTTPEndpoint(url: url).host == host)
    #expect(HTTPEndpoint(url: url).port == port)
  }

  @Test func aSecretIsReadWithoutItsLineEndEachTime() throws {
    let file = scratch.file("secret")
    let store = SecretStore { $0 == "SET" ? " spaces stay " : nil }
    try "one\r\n".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try store.read(.file(path: file)) == "one")
    try "two".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try store.read(.file(path: file)) == "two")
    #expect(try store.read(.environment(variable: "SET")) == " spaces stay ")
    try "\n".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(throws: ReadFailure.secretMissing(name: file)) { try store.read(.file(path: file)) }
    #expect(throws: ReadFailure.secretMissing(name: "UNSET")) {
      try store.read(.environment(variable: "UNSET"))
    }
  }
}
