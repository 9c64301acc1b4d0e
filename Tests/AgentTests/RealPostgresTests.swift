import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed PostgreSQL. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealPostgresTests {
  private let scratch: Scratch
  private let primary: RealPostgres

  init() throws {
    scratch = try Scratch()
    primary = try RealPostgres("primary", in: scratch)
    // What README tells to grant, and no more.
    try primary.run("CREATE ROLE tiertop LOGIN PASSWORD 'hush'; GRANT pg_monitor TO tiertop")
    try scratch.write("hush", to: "password")
  }

  private func source(
    _ server: RealPostgres, _ node: String = "db1", user: String = "tiertop", password: String = "password"
  ) -> Source {
    Source(
      node: NodeName(node), system: .postgresql,
      endpoint: .database(
        DatabaseEndpoint(
          place: .tcp(host: "127.0.0.1", port: server.port),
          credentials: Credentials(user: user, password: .file(path: scratch.file(password))))))
  }

  @Test func theLeastPrivilegesSufficeForItsStatus() throws {
    let reading = try #require(try firstReadings(of: [source(primary)]).first)
    let status = try #require(reading.database, "\(String(describing: reading.failure))")
    #expect(!status.version.isEmpty && status.queries != nil && status.uptimeSeconds != nil)
    #expect(status.connections == 1 && status.running == 0 && status.connectionLimit == 20)
    #expect(status.isReadOnly == false && status.replicas == 0)
    #expect(status.replication == nil && status.statements == nil && status.slow == nil)
  }

  @Test func itIsReadOverItsSocketAndByThatsDirectory() throws {
    let sources = [primary.socket, scratch.file("elsewhere/server.sock")].map { path in
      Source(
        node: NodeName("db1"), system: .postgresql,
        endpoint: .database(
          DatabaseEndpoint(
            place: .unix(path: path),
            credentials: Credentials(user: "tiertop", password: .file(path: scratch.file("password"))))))
    }
    let readings = try firstReadings(of: sources)
    #expect(readings[0].database?.queries != nil, "\(String(describing: readings[0].failure))")
    #expect(readings[1].failure == .missing(path: scratch.file("elsewhere/server.sock")))
  }

  @Test func anIdleServerHasNoTransactionsOfItsOwn() throws {
    let watch = try Watching([source(primary)])
    try watch.polls(7)
    let statuses = watch.statuses(of: 0)
    #expect(Set(statuses.compactMap(\.connections)) == [1])
    // The first one follows what the login itself has counted.
    let counts = zip(statuses.dropFirst(2), statuses.dropFirst()).map {
      ($0.queries ?? 0) - ($1.queries ?? 0)
    }
    #expect(counts == [1, 1, 1, 1, 1])
    #expect(watch.snapshots.last?.nodes[0].database?.qps == 0)
    watch.agent.stop()
  }

  @Test func howLongStatementsTookIsReadWhereTheServerCounts() throws {
    try primary.run("CREATE EXTENSION pg_stat_statements")
    let watch = try Watching([source(primary)])
    try watch.polls(3)
    try primary.run("SELECT pg_sleep(0.2)")
    try watch.loop.run(until: { watch.snapshots.contains { ($0.nodes[0].database?.latency ?? 0) > 20 } })
    #expect(watch.everFailed.isEmpty)
    watch.agent.stop()
  }

  @Test func aReplicaIsFollowedThroughAStopAndTheLossOfItsPrimary() throws {
    let replica = try RealPostgres("replica", following: primary, in: scratch)
    let watch = try Watching([source(primary, "db1"), source(replica, "db2")], replicaOf: 0)
    try watch.loop.run(until: { watch.statuses(of: 1).last?.replication?.lag == 0 })
    let following = try #require(watch.statuses(of: 1).last?.replication)
    #expect(following.source == "127.0.0.1:\(primary.port)")
    #expect(following.receiving == .running && following.applying == .running)
    #expect(watch.statuses(of: 1).last?.isReadOnly == true)
    try watch.loop.run(until: { watch.statuses(of: 0).last?.replicas == 1 })
    try watch.loop.run(until: { watch.verdict(1).state == .up })

    try replica.run("SELECT pg_wal_replay_pause()")
    try watch.loop.run(until: {
      watch.verdict(1).reason == .replicationBroken(.running, applying: .stopped, words: "")
    })
    #expect(watch.statuses(of: 1).last?.replication?.lag == nil)
    try replica.run("SELECT pg_wal_replay_resume()")
    try watch.loop.run(until: { watch.verdict(1).state == .up })

    primary.kill()
    try watch.loop.run(until: { watch.failures[0] == .refused })
    try watch.loop.run(until: {
      watch.verdict(1).reason == .replicationBroken(.connecting, applying: .running, words: "")
    })
    let alone = try #require(watch.statuses(of: 1).last?.replication)
    #expect(alone.lag == nil && alone.source == "127.0.0.1:\(primary.port)")

    try primary.start()
    try watch.loop.run(until: { watch.verdict(1).state == .up && watch.failures[0] == nil })
    watch.agent.stop()
  }

  @Test func whoIsNotLetInIsToldWhyInTheServersWords() throws {
    try scratch.write("wrong-secret", to: "wrong")
    let readings = try firstReadings(
      of: [
        source(primary, password: "wrong"), source(primary, user: "nobody"),
        source(primary, password: "absent"),
      ]
    )
    for reading in readings.prefix(2) {
      guard case .login(let words)? = reading.failure else {
        Issue.record("\(reading)")
        continue
      }
      #expect(words.hasPrefix("password authentication failed for user"))
      #expect(!"\(reading)".contains("wrong-secret") && !"\(reading)".contains("hush"))
    }
    #expect(readings[2].failure == .secretMissing(name: scratch.file("absent")))
  }

  @Test func aServerThatHangsIsGivenUpAtTheDeadlineAndHoldsUpNobody() throws {
    let watch = try Watching([source(primary)])
    try watch.polls(2)
    #expect(connections(to: primary.port) == 1)
    // The server's process for our connection hangs as well as the one that would make others.
    primary.hang(true)
    var rounds = 0
    let timer = watch.loop.timer { _ in rounds += 1 }
    timer.arm(after: .milliseconds(50))
    try watch.loop.run(until: { watch.failures[0].map { $0.isTimeOut } ?? false })
    #expect(rounds == 1)
    for _ in 0..<2 {
      watch.failures[0] = nil
      try watch.loop.run(until: { watch.failures[0].map { $0.isTimeOut } ?? false })
    }
    #expect(connections(to: primary.port) <= 1)
    primary.hang(false)
    try watch.loop.run(until: { watch.failures[0] == nil })
    watch.agent.stop()
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a network namespace for it"))
  func itIsReadFromWithinItsNetworkNamespace() throws {
    primary.kill()
    try primary.start(inOwnNetwork: true)
    let child = try #require(primary.server?.child)
    var far = source(primary)
    far.via = .namespace(path: "/proc/\(child.pid)/ns/net")
    let readings = try firstReadings(of: [far, source(primary)])
    #expect((readings[0].database?.connections ?? 0) > 0, "\(String(describing: readings[0].failure))")
    // Here nobody listens.
    #expect(readings[1].failure == .refused)
  }

  @Test func aConnectionThatWasEndedBetweenPollsIsMadeAgainInTheSamePoll() throws {
    let watch = try Watching([source(primary)])
    try watch.polls(2)
    try primary.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tiertop'")
    try watch.polls(4)
    #expect(watch.everFailed.isEmpty)
    watch.agent.stop()
  }
}
