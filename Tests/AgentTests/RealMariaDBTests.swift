import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed MariaDB. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealMariaDBTests {
  private let scratch: Scratch
  private let primary: RealMariaDB

  /// What README tells to grant, and no more.
  static let grant = """
    CREATE USER tiertop@'127.0.0.1' IDENTIFIED BY 'hush'; GRANT SLAVE MONITOR ON *.* TO tiertop@'127.0.0.1';
    """

  init() throws {
    scratch = try Scratch()
    primary = try RealMariaDB("primary", in: scratch)
    try primary.run(
      Self.grant
        + "CREATE USER repl@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'"
    )
    try scratch.write("hush", to: "password")
  }

  private func source(
    _ server: RealMariaDB, _ node: String = "db1", user: String = "tiertop", password: String = "password",
    via: Passage? = nil
  ) -> Source {
    Source(
      node: NodeName(node), system: .mariadb,
      endpoint: .database(
        DatabaseEndpoint(
          place: .tcp(host: "127.0.0.1", port: server.port),
          credentials: Credentials(user: user, password: .file(path: scratch.file(password))))), via: via)
  }

  @Test func theLeastPrivilegesSufficeForItsStatus() throws {
    let reading = try #require(try firstReadings(of: [source(primary)]).first)
    let status = try #require(reading.database, "\(String(describing: reading.failure))")
    #expect(status.version.contains("MariaDB"))
    #expect((status.queries ?? 0) > 0 && status.uptimeSeconds != nil)
    #expect((status.connections ?? 0) > 0 && status.running != nil && (status.connectionLimit ?? 0) > 1)
    #expect(status.isReadOnly == false && status.replicas == 0)
    #expect(status.slow == 0 && status.aborted != nil)
    #expect(status.replication == nil && status.statements == nil)
  }

  @Test func itIsReadOverItsSocketByTheUserThatRunsThis() throws {
    try primary.run(
      "CREATE USER IF NOT EXISTS '\(NSUserName())'@'localhost'; "
        + "ALTER USER '\(NSUserName())'@'localhost' IDENTIFIED VIA unix_socket")
    let endpoint = Endpoint.database(DatabaseEndpoint(place: .unix(path: primary.socket)))
    let source = Source(node: NodeName("db1"), system: .mysql, endpoint: endpoint)
    let reading = try #require(try firstReadings(of: [source]).first)
    #expect(reading.database?.queries != nil, "\(String(describing: reading.failure))")
  }

  @Test func anIdleServerHasNoQueriesOfItsOwn() throws {
    let watch = try Watching([source(primary)])
    try watch.polls(6)
    let statuses = watch.statuses(of: 0)
    // One connection, and as many statements in each poll as are taken off.
    #expect(Set(statuses.suffix(3).compactMap(\.connections)) == [1])
    let counts = zip(statuses.dropFirst(), statuses).map { ($0.queries ?? 0) - ($1.queries ?? 0) }
    #expect(counts == [4, 4, 4, 4, 4])
    let qps = watch.snapshots.compactMap { $0.nodes[0].database?.qps }
    #expect(qps.count >= 4 && qps.allSatisfy { $0 == 0 })
    watch.agent.stop()
  }

  @Test func howLongStatementsTookIsReadWhereTheServerCounts() throws {
    primary.kill()
    try primary.start(["--performance-schema=ON"])
    try primary.run("GRANT SELECT ON performance_schema.* TO tiertop@'127.0.0.1'")
    let watch = try Watching([source(primary)])
    try watch.polls(2)
    try primary.run("SELECT SLEEP(0.2)")
    try watch.loop.run(until: { watch.snapshots.contains { ($0.nodes[0].database?.latency ?? 0) > 20 } })
    watch.agent.stop()
  }

  @Test func aReplicaThatIsStoppedHasNoLagAndSaysSo() throws {
    let replica = try RealMariaDB("replica", number: 2, in: scratch)
    // Its users come from its primary.
    try replica.run("SET GLOBAL read_only=1")
    try replica.follow(primary)
    let watch = try Watching([source(primary, "db1"), source(replica, "db2")], replicaOf: 0)
    try watch.loop.run(until: { watch.statuses(of: 1).last?.replication?.lag == 0 })
    let following = try #require(watch.statuses(of: 1).last?.replication)
    #expect(following.source == "127.0.0.1:\(primary.port)")
    #expect(following.receiving == .running && following.applying == .running && following.error.isEmpty)
    #expect(watch.statuses(of: 1).last?.isReadOnly == true)
    try watch.loop.run(until: { watch.statuses(of: 0).last?.replicas == 1 })
    try watch.loop.run(until: { watch.verdict(1).state == .up })

    try replica.run("STOP SLAVE SQL_THREAD")
    try watch.loop.run(until: { watch.statuses(of: 1).last?.replication?.applying == .stopped })
    #expect(watch.statuses(of: 1).last?.replication?.lag == nil)
    try watch.loop.run(until: {
      watch.verdict(1).reason == .replicationBroken(.running, applying: .stopped, words: "")
    })

    try replica.run("START SLAVE SQL_THREAD")
    try watch.loop.run(until: { watch.verdict(1).state == .up })

    // The primary is gone: it says that it is, and the replica that it cannot connect, in the server's words.
    primary.kill()
    try watch.loop.run(until: { watch.failures[0] == .refused })
    try watch.loop.run(until: {
      if case .replicationBroken(.connecting, applying: .running, let words)? = watch.verdict(1).reason {
        return words.contains("127.0.0.1")
      }
      return false
    })
    #expect(watch.statuses(of: 1).last?.replication?.lag == nil)

    try primary.start()
    try watch.loop.run(until: { watch.verdict(1).state == .up && watch.failures[0] == nil })
    watch.agent.stop()
  }

  @Test func whoIsNotLetInIsToldWhyInTheServersWords() throws {
    try scratch.write("wrong-secret", to: "wrong")
    try primary.run("CREATE USER plain@'127.0.0.1' IDENTIFIED BY 'hush'")
    let readings = try firstReadings(
      of: [
        source(primary, password: "wrong"), source(primary, user: "nobody"),
        source(primary, user: "plain"), source(primary, password: "absent"),
      ])
    for reading in readings.prefix(2) {
      guard case .login(let words)? = reading.failure else {
        Issue.record("\(reading)")
        continue
      }
      #expect(words.contains("Access denied"))
      #expect(!"\(reading)".contains("wrong-secret") && !"\(reading)".contains("hush"))
    }
    if case .transfer(let words)? = readings[2].failure {
      #expect(words.contains("SLAVE MONITOR"))
    } else {
      Issue.record("\(readings[2])")
    }
    #expect(readings[3].failure == .secretMissing(name: scratch.file("absent")))
  }

  @Test func aServerThatHangsIsGivenUpAtTheDeadlineAndHoldsUpNobody() throws {
    let watch = try Watching([source(primary)])
    try watch.polls(2)
    #expect(connections(to: primary.port) == 1)
    primary.server?.child.send(SIGSTOP)
    var rounds = 0
    let timer = watch.loop.timer { _ in rounds += 1 }
    timer.arm(after: .milliseconds(50))
    try watch.loop.run(until: { watch.failures[0].map { $0.isTimeOut } ?? false })
    #expect(rounds == 1)
    // Those that follow hang in the greeting, and none of them leaves anything behind.
    for _ in 0..<2 {
      watch.failures[0] = nil
      try watch.loop.run(until: { watch.failures[0].map { $0.isTimeOut } ?? false })
    }
    #expect(connections(to: primary.port) <= 1)
    primary.server?.child.send(SIGCONT)
    try watch.loop.run(until: { watch.failures[0] == nil })
    #expect(watch.statuses(of: 0).last?.connections != nil)
    watch.agent.stop()
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a network namespace for it"))
  func itIsReadFromWithinItsNetworkNamespace() throws {
    primary.kill()
    try primary.start(inOwnNetwork: true)
    let child = try #require(primary.server?.child)
    let readings = try firstReadings(
      of: [source(primary, via: .namespace(path: "/proc/\(child.pid)/ns/net")), source(primary)])
    #expect((readings[0].database?.connections ?? 0) > 0, "\(String(describing: readings[0].failure))")
    // Here nobody listens.
    #expect(readings[1].failure == .refused)
  }

  @Test func aConnectionThatWasEndedBetweenPollsIsMadeAgainInTheSamePoll() throws {
    let watch = try Watching([source(primary)])
    try watch.polls(2)
    try primary.run("KILL USER tiertop@'127.0.0.1'")
    let before = watch.statuses(of: 0)
    try watch.polls(before.count + 2)
    #expect(watch.everFailed.isEmpty)
    let after = try #require(watch.statuses(of: 0).last)
    #expect(after.connections == 1 && after.aborted == before.last?.aborted)
    watch.agent.stop()
  }
}
