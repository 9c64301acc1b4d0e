import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed Nginx. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealNginxTests {
  private let scratch: Scratch
  private let port: UInt16
  private let tlsPort: UInt16
  private let server: RealServer

  init() throws {
    scratch = try Scratch()
    port = try freePort()
    tlsPort = try freePort()
    let certificate = try ChildProcess(
      Command(
        "openssl",
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
          "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
          "-keyout", scratch.file("key.pem"), "-out", scratch.file("cert.pem"),
        ]))
    try #require(certificate.waitUntilExit().isSuccess)
    let configuration = """
      daemon off;
      master_process off;
      pid \(scratch.file("pid"));
      error_log stderr;
      events {}
      http {
        access_log off;
        client_body_temp_path \(scratch.path);
        proxy_temp_path \(scratch.path);
        fastcgi_temp_path \(scratch.path);
        uwsgi_temp_path \(scratch.path);
        scgi_temp_path \(scratch.path);
        server {
          listen 127.0.0.1:\(port);
          listen [::1]:\(port);
          listen unix:\(scratch.file("status.sock"));
          listen 127.0.0.1:\(tlsPort) ssl;
          ssl_certificate \(scratch.file("cert.pem"));
          ssl_certificate_key \(scratch.file("key.pem"));
          location = /nginx_status { stub_status; }
          location = /moved { return 302 /nginx_status; }
          location = /text { return 200 "hello"; }
          location = /long { return 200 "\(String(repeating: "x", count: 2000))"; }
        }
      }
      """
    let file = scratch.file("nginx.conf")
    try configuration.write(toFile: file, atomically: true, encoding: .utf8)
    server = try RealServer(
      "nginx", ["-e", "stderr", "-p", scratch.path, "-c", file], log: scratch.file("log"),
      until: [
        unixAddress(scratch.file("status.sock")), numericAddress("127.0.0.1", port: port),
        numericAddress("127.0.0.1", port: tlsPort),
      ])
  }

  private func source(_ url: String, socket: String? = nil) -> Source {
    Source(
      node: NodeName("web1"), system: .nginx, endpoint: .http(HTTPEndpoint(url: url, socketPath: socket)))
  }

  @Test func itsStatusIsReadOverHTTPOfBothFamiliesByNameAndOverAUnixSocket() throws {
    let readings = try firstReadings(
      of: [
        source("http://127.0.0.1:\(port)/nginx_status"), source("http://[::1]:\(port)/nginx_status"),
        source("http://localhost:\(port)/nginx_status"),
        source("http://localhost/nginx_status", socket: scratch.file("status.sock")),
      ])
    for reading in readings {
      #expect((reading.web?.requests ?? 0) > 0, "\(String(describing: reading.failure))")
    }
  }

  @Test func theConnectionIsKeptFromPollToPoll() throws {
    let loop = try EventLoop()
    let url = "http://127.0.0.1:\(port)/nginx_status"
    let agent = Agent(
      plan: PollPlan(interval: .seconds(2), sources: [source(url)]), loop: loop)
    var samples: [StubStatus] = []
    agent.onReading = { reading in
      if let web = reading.web { samples.append(web) }
    }
    agent.start()
    try loop.run(until: { samples.count == 3 })
    agent.stop()
    #expect(Set(samples.map(\.accepts)).count == 1)
    #expect(zip(samples.dropFirst(), samples).allSatisfy { $0.requests == $1.requests + 1 })
  }

  @Test func anAgentMayBeStoppedAndForgottenFromItsOwnFrame() throws {
    let loop = try EventLoop()
    var agent: Agent? = Agent(
      plan: PollPlan(
        interval: .seconds(20), sources: [source("http://127.0.0.1:\(port)/nginx_status")]), loop: loop)
    var readings = 0
    agent?.onReading = { _ in readings += 1 }
    agent?.onFrame = { frame in
      if frame.readings.isEmpty { return }
      agent?.stop()
      agent = nil
    }
    agent?.start()
    try loop.run(until: { agent == nil })
    #expect(readings == 1)
    try loop.runOnce(atMost: .zero)
  }

  @Test func aCertificateThatNobodyVouchesForIsNotAccepted() throws {
    let url = "https://localhost:\(tlsPort)/nginx_status"
    let refused = try #require(try firstReadings(of: [source(url)]).first)
    guard case .transfer(let words)? = refused.failure else {
      Issue.record("\(String(describing: refused.failure))")
      return
    }
    #expect(words.contains("certificate"))

    var options = AgentOptions()
    options.certificateFile = scratch.file("cert.pem")
    let trusted = try #require(try firstReadings(of: [source(url)], options: options).first)
    #expect(trusted.web != nil, "\(String(describing: trusted.failure))")
  }

  @Test func aServerThatDiesWithAnOpenTLSConnectionDoesNotEndTheProgram() throws {
    let loop = try EventLoop()
    var options = AgentOptions()
    options.certificateFile = scratch.file("cert.pem")
    let agent = Agent(
      plan: PollPlan(
        interval: .seconds(2), sources: [source("https://localhost:\(tlsPort)/nginx_status")]),
      loop: loop, options: options)
    var failure: ReadFailure?
    agent.onReading = { [server] reading in
      failure = reading.failure
      if reading.web != nil {
        server.child.send(SIGKILL)
        server.child.waitUntilExit()
      }
    }
    agent.start()
    try loop.run(until: { failure != nil })
    // And the last words of TLS to nobody.
    agent.stop()
    #expect(failure == .refused)
  }

  @Test func pagesThatAreNotTheStatusAreToldApart() throws {
    var options = AgentOptions()
    options.replyLimit = 1000
    let base = "http://127.0.0.1:\(port)"
    let readings = try firstReadings(
      of: [
        source(base + "/nothing"), source(base + "/moved"), source(base + "/text"), source(base + "/long"),
        source("http://localhost/nginx_status", socket: scratch.file("missing.sock")),
      ], options: options)
    #expect(
      readings.map(\.failure) == [
        .http(status: 404), .http(status: 302), .malformed(.notStubStatus(beginning: "hello")),
        .tooLarge(limit: 1000), .missing(path: scratch.file("missing.sock")),
      ])
  }

  @Test func plainHTTPOnATLSPortAndTheOtherWayRoundAreFailures() throws {
    let readings = try firstReadings(
      of: [
        source("https://127.0.0.1:\(port)/nginx_status"), source("http://127.0.0.1:\(tlsPort)/nginx_status"),
      ])
    guard case .transfer? = readings[0].failure else {
      Issue.record("\(String(describing: readings[0].failure))")
      return
    }
    #expect(readings[1].failure == .http(status: 400))
  }

  @Test func aServerThatIsStoppedIsTimedOutAndComesBack() throws {
    let clock = ManualClock()
    let loop = try EventLoop(clock: clock)
    let agent = Agent(
      plan: PollPlan(interval: .seconds(2), sources: [source("http://127.0.0.1:\(port)/nginx_status")]),
      loop: loop)
    var readings: [Reading] = []
    agent.onReading = { readings.append($0) }
    kill(server.child.pid, SIGSTOP)
    agent.start()
    clock.advance(by: .seconds(1))
    try loop.run(until: { !readings.isEmpty })
    #expect(readings[0].failure == .timedOut(after: .seconds(1), received: 0))
    kill(server.child.pid, SIGCONT)
    clock.advance(by: .seconds(1))
    try loop.run(until: {
      // libcurl has timers of its own.
      if readings.count == 1 { clock.advance(by: .milliseconds(10)) }
      return readings.count > 1
    })
    #expect(readings.last?.web != nil, "\(String(describing: readings.last?.failure))")
    agent.stop()
  }
}
