import Cluster
import Foundation
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed HAProxy. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealHAProxyTests {
  private let scratch: Scratch
  private let socket: String
  private let tcp: UInt16
  private let page: UInt16
  private let server: RealServer

  init() throws {
    scratch = try Scratch()
    socket = scratch.file("admin.sock")
    tcp = try freePort()
    page = try freePort()
    let configuration = """
      global
        stats socket \(socket) mode 600 level admin
        stats socket \(scratch.file("user.sock")) mode 600 level user
        stats socket ipv4@127.0.0.1:\(tcp) level operator
        stats socket ipv6@[::1]:\(tcp) level operator
      defaults
        mode http
        timeout connect 1s
        timeout client 1s
        timeout server 1s
      frontend pages
        bind 127.0.0.1:\(page)
        bind [::1]:\(page)
        stats enable
        stats uri /stats
        stats auth watch:s3cret:with:colons
      backend web
        server web1 127.0.0.1:9
        server web2 127.0.0.1:9 backup

      """
    let file = scratch.file("haproxy.cfg")
    try configuration.write(toFile: file, atomically: true, encoding: .utf8)
    server = try RealServer(
      "haproxy", ["-db", "-f", file], log: scratch.file("log"),
      until: [
        unixAddress(socket), unixAddress(scratch.file("user.sock")), numericAddress("127.0.0.1", port: tcp),
        numericAddress("127.0.0.1", port: page),
      ])
  }

  private func source(_ endpoint: Endpoint) -> Source {
    Source(node: NodeName("lb1"), system: .haproxy, endpoint: endpoint)
  }

  private func pageSource(_ url: String, user: String = "watch", password: Secret) -> Source {
    source(.http(HTTPEndpoint(url: url, credentials: .init(user: user, password: password))))
  }

  @Test func itIsReadOverItsUnixSocket() throws {
    let reading = try #require(try firstReadings(of: [source(.unix(path: socket))]).first)
    let sample = try #require(reading.proxy)
    #expect(sample.stat.roster.rows.map(\.name) == ["FRONTEND", "web1", "web2", "BACKEND"])
    #expect(sample.info?.pid == Int64(server.child.pid))
    #expect(sample.servers?.rows.map(\.server) == ["web1", "web2"])
    #expect(reading.took > .zero)
  }

  @Test func itIsReadOverTCPOfBothFamiliesAndByName() throws {
    let readings = try firstReadings(
      of: ["127.0.0.1", "::1", "localhost"].map { source(.tcp(host: $0, port: tcp)) })
    for reading in readings {
      #expect(reading.proxy?.info?.pid == Int64(server.child.pid), "\(String(describing: reading.failure))")
    }
  }

  @Test func aSocketOfTheLowestLevelIsReadAsFarAsItSays() throws {
    let reading = try #require(
      try firstReadings(of: [source(.unix(path: scratch.file("user.sock")))]).first)
    let sample = try #require(reading.proxy)
    #expect(sample.stat.roster.rows.map(\.name).contains("web1"))
    #expect(sample.stat.roster.rows.allSatisfy { $0.address.isEmpty })
    #expect(sample.level == .user)
  }

  @Test func everySocketSaysWhatItAllows() throws {
    let readings = try firstReadings(
      of: [
        source(.unix(path: socket)), source(.tcp(host: "127.0.0.1", port: tcp)),
        source(.unix(path: scratch.file("user.sock"))),
      ])
    #expect(
      readings.map { $0.proxy?.level } == [.admin, .operator, .user], "\(readings.map(\.failure))")
  }

  @Test func itsPageIsReadWithAPasswordFromAFileOrTheEnvironment() throws {
    let file = scratch.file("password")
    try "s3cret:with:colons\n".write(toFile: file, atomically: true, encoding: .utf8)
    var options = AgentOptions()
    options.secrets = SecretStore { $0 == "LB_PASSWORD" ? "s3cret:with:colons" : nil }
    let readings = try firstReadings(
      of: [
        pageSource("http://127.0.0.1:\(page)/stats", password: .file(path: file)),
        pageSource("http://[::1]:\(page)/stats;csv", password: .environment(variable: "LB_PASSWORD")),
      ], options: options)
    for reading in readings {
      let names = reading.proxy?.stat.roster.rows.map(\.name)
      #expect(names == ["FRONTEND", "web1", "web2", "BACKEND"], "\(String(describing: reading.failure))")
      #expect(reading.proxy?.info == nil)
    }
  }

  @Test func aWrongPasswordIs401AndAMissingOneIsNamed() throws {
    var options = AgentOptions()
    options.secrets = SecretStore { $0 == "WRONG" ? "wrong" : nil }
    let url = "http://127.0.0.1:\(page)/stats"
    let readings = try firstReadings(
      of: [
        pageSource(url, password: .environment(variable: "WRONG")),
        pageSource(url, password: .environment(variable: "UNSET")),
        pageSource(url, password: .file(path: "/no/such/file")),
        source(.http(HTTPEndpoint(url: url))),
        source(.http(HTTPEndpoint(url: "http://127.0.0.1:\(page)/elsewhere"))),
      ], options: options)
    #expect(
      readings.map(\.failure) == [
        .http(status: 401), .secretMissing(name: "UNSET"), .secretMissing(name: "/no/such/file"),
        .http(status: 401), .http(status: 503),
      ])
  }

  @Test func aProxyThatWasKilledIsRefused() throws {
    server.child.send(9)
    server.child.waitUntilExit()
    let readings = try firstReadings(
      of: [
        source(.unix(path: socket)), source(.tcp(host: "127.0.0.1", port: tcp)),
        source(.http(HTTPEndpoint(url: "http://127.0.0.1:\(page)/stats"))),
      ])
    #expect(readings.map(\.failure) == [.refused, .refused, .refused])
  }
}
