import Cluster
import Foundation
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed Apache. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealApacheTests {
  private let scratch: Scratch
  private let port: UInt16
  private var server: RealServer?

  init() throws {
    scratch = try Scratch()
    port = try freePort()
  }

  private mutating func start(extendedStatus: Bool) throws {
    let modules = ["mpm_event", "authz_core", "status"].map {
      "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n"
    }
    try scratch.write(
      modules.joined() + """
        ServerRoot \(scratch.path)
        ServerName localhost
        Listen 127.0.0.1:\(port)
        PidFile \(scratch.file("pid"))
        ErrorLog \(scratch.file("errors"))
        User www-data
        Group www-data
        StartServers 1
        ExtendedStatus \(extendedStatus ? "On" : "Off")
        <Location /server-status>
          SetHandler server-status
        </Location>
        """, to: "apache.conf")
    server = try RealServer(
      "apache2", ["-D", "FOREGROUND", "-f", scratch.file("apache.conf")], log: scratch.file("log"),
      until: [numericAddress("127.0.0.1", port: port)])
  }

  private func source() throws -> Source {
    let endpoint = try Endpoint(parsing: "http://127.0.0.1:\(port)/server-status", of: .apache)
    return Source(node: NodeName("web1"), system: .apache, endpoint: endpoint)
  }

  @Test mutating func itsTotalsAreThoseOfTheRequestsThatWereSent() throws {
    try start(extendedStatus: true)
    let before = try #require(try firstReadings(of: [source()]).first)
    let status = try #require(before.workers, "\(String(describing: before.failure))")
    for _ in 0..<7 { try get("/nothing", port: port) }
    // A request is counted when it is over, which is after its answer: a poll is in the next one.
    var polls: Int64 = 0
    var after: WorkerStatus?
    try EventLoop().run(until: {
      polls += 1
      after = try firstReadings(of: [source()]).first?.workers
      return (after?.requests ?? 0) - (status.requests ?? 0) == 7 + polls
    })
    // One answers; others may still be looking at connections by which it was found to listen.
    #expect((status.busy ?? 0) >= 1 && (status.idle ?? 0) > 0)
    let age = Date.now.timeIntervalSince1970 - Double(status.started ?? 0)
    #expect(age > -2 && age < 60, "\(age)")
    #expect(after?.started == status.started)
  }

  @Test mutating func withoutExtendedStatusThereAreNoTotals() throws {
    try start(extendedStatus: false)
    let status = try #require(try firstReadings(of: [source()]).first?.workers)
    #expect(status.requests == nil && status.microseconds == nil && (status.busy ?? 0) >= 1)
  }
}
