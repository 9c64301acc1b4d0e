import Cluster
import Foundation
import Platform
import TestSupport
import Testing
import Wire

@testable import Agent

/// Against the installed PHP-FPM. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealPHPFPMTests {
  private let scratch: Scratch
  private let port: UInt16
  private let statusPort: UInt16
  private let server: RealServer

  init() throws {
    scratch = try Scratch()
    port = try freePort()
    statusPort = try freePort()
    try scratch.write("<?php if (isset($_GET['wait'])) sleep(60); echo 'hello';", to: "index.php")
    try scratch.write(
      """
      [global]
      error_log = \(scratch.file("errors"))
      daemonize = no
      [www]
      user = root
      group = root
      listen = 127.0.0.1:\(port)
      pm = static
      pm.max_children = 1
      pm.status_path = /status
      pm.status_listen = 127.0.0.1:\(statusPort)
      [local]
      user = root
      group = root
      listen = \(scratch.file("fpm.sock"))
      pm = static
      pm.max_children = 1
      pm.status_path = /status
      """, to: "fpm.conf")
    // Its name has its version.
    let programs = try FileManager.default.contentsOfDirectory(atPath: "/usr/sbin")
    let program = try #require(programs.filter { $0.hasPrefix("php-fpm") }.max(), "PHP-FPM is not installed")
    server = try RealServer(
      program, ["-F", "-R", "-n", "-y", scratch.file("fpm.conf")], log: scratch.file("log"),
      until: [
        numericAddress("127.0.0.1", port: port), numericAddress("127.0.0.1", port: statusPort),
        unixAddress(scratch.file("fpm.sock")),
      ])
  }

  private func source(_ text: String) throws -> Source {
    Source(node: NodeName("app1"), system: .phpFPM, endpoint: try Endpoint(parsing: text, of: .phpFPM))
  }

  private func script(_ query: String = "") -> [UInt8] {
    FastCGIRequest(parameters: [
      FastCGIRequest.Parameter("REQUEST_METHOD", "GET"),
      FastCGIRequest.Parameter("SCRIPT_NAME", "/index.php"),
      FastCGIRequest.Parameter("SCRIPT_FILENAME", scratch.file("index.php")),
      FastCGIRequest.Parameter("QUERY_STRING", query),
    ]).bytes
  }

  @Test func itsStatusIsReadInFastCGIOverTCPAndOverAUnixSocket() throws {
    let readings = try firstReadings(
      of: [
        source("fcgi://127.0.0.1:\(port)/status"), source("fcgi+unix://\(scratch.file("fpm.sock")):/status"),
      ])
    for reading in readings {
      let status = try #require(reading.workers, "\(String(describing: reading.failure))")
      #expect((status.requests ?? 0) > 0 && status.queue == 0 && status.slow == 0)
      let age = Date.now.timeIntervalSince1970 - Double(status.started ?? 0)
      #expect(age > -2 && age < 60, "\(age)")
    }
  }

  @Test func theRequestsAreThoseThatWereSent() throws {
    let loop = try EventLoop()
    let page = try source("fcgi://127.0.0.1:\(port)/status")
    let before = try #require(try firstReadings(of: [page]).first?.workers)
    for _ in 0..<5 {
      let stream = StreamTransport(
        to: .tcp(host: "127.0.0.1", port: port), request: script(), limit: 1 << 20, loop: loop)
      var isOver = false
      stream.begin(deadline: Deadline(.seconds(30), from: loop.now.uptime)) { _ in isOver = true }
      try loop.run(until: { isOver })
      let reply = try stream.reply.withBytes { bytes in try FastCGIReply(parsing: bytes) }
      #expect(String(decoding: reply.body, as: UTF8.self) == "hello")
    }
    let after = try #require(try firstReadings(of: [page]).first?.workers)
    // The poll itself is one.
    #expect((after.requests ?? 0) - (before.requests ?? 0) == 6)
  }

  @Test func whatWaitsForTheOnlyWorkerIsSeenThroughThePlaceThatIsForTheStatusOnly() throws {
    let loop = try EventLoop()
    let streams = (0..<3).map { _ in
      StreamTransport(
        to: .tcp(host: "127.0.0.1", port: port), request: script("wait"), limit: 1 << 20, loop: loop)
    }
    for stream in streams { stream.begin(deadline: Deadline(.seconds(60), from: loop.now.uptime)) { _ in } }
    var queue: Int64?
    try loop.run(until: {
      queue = try firstReadings(of: [source("fcgi://127.0.0.1:\(statusPort)/status")]).first?.workers?.queue
      return queue == 2
    })
    #expect(queue == 2)
    for stream in streams { stream.abandon() }
  }

  @Test func anotherPageIsAFailureWithItsStatus() throws {
    let readings = try firstReadings(of: [source("fcgi://127.0.0.1:\(port)/nothing")])
    #expect(readings.first?.failure == .http(status: 404))
  }
}
