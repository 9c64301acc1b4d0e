import Cluster

/// A few frames of a small cluster in which every system says something.
enum Frames {
  static let start = Moment(
    wall: WallTime(nanoseconds: 1_795_271_400_000_000_000), uptime: Uptime(nanoseconds: 5_000_000_000_000))

  static let sources = 10

  static let all = (0..<3).map(frame)

  private static func frame(_ tick: Int64) -> Frame {
    let at = Moment(
      wall: WallTime(nanoseconds: start.wall.nanoseconds + tick * 1_000_000_000),
      uptime: Uptime(nanoseconds: start.uptime.nanoseconds + tick * 1_000_000_000))
    let outcomes: [Reading.Outcome] =
      [.sample(.proxy(proxy(tick)))]
      + (tick == 1 ? [.failure(.timedOut(after: .seconds(1), received: 5))] : [.sample(.web(web(tick)))])
      + others(tick).map { .sample($0) }
    return Frame(
      at: at,
      readings: outcomes.enumerated().map {
        Reading(source: SourceID($0), at: at, took: .milliseconds(3), outcome: $1)
      }, isBetweenTicks: tick == 2)
  }

  private static func web(_ tick: Int64) -> StubStatus {
    StubStatus(
      active: 3, accepts: 100 + tick, handled: 100 + tick, requests: 200 + tick, reading: 0, writing: 1,
      waiting: 2)
  }

  private static func proxy(_ tick: Int64) -> ProxySample {
    var figures = [Int64](repeating: StatTable.absent, count: Book.roster.count * StatFigure.count)
    for row in 0..<Book.roster.count { figures[row * StatFigure.count + 3] = 40 + tick }
    var info = ProxyInfo(version: "2.6.12", node: "lb1")
    info.pid = 4711
    return ProxySample(
      stat: StatTable(
        roster: Book.roster, figures: figures,
        notes: [String](repeating: tick == 2 ? "DOWN" : "UP", count: Book.roster.count * StatNote.count)),
      info: info,
      servers: ServerStateTable(
        rows: Book.servers.map {
          ServerStateTable.Row(
            backend: $0.backend, server: $0.server, operational: .running, admin: [], weight: 1,
            configuredWeight: 1)
        }), level: .admin)
  }

  private static func others(_ tick: Int64) -> [Sample] {
    var workers = WorkerStatus(requests: tick, errors: 0, microseconds: 99, busy: 1, started: 7)
    workers.histogram = [WorkerStatus.Bucket(bound: 5, count: tick)]
    var database = DatabaseStatus(version: "10.11")
    database.queries = tick
    database.replication = DatabaseStatus.Replication(
      source: "db1:3306", receiving: .running, applying: .running, lag: 0, error: "")
    var host = HostStatus(mount: "/")
    host.received = tick
    return [
      .workers(workers), .database(database), .host(host),
      .router(
        RouterStatus(instances: [
          RouterStatus.Instance(name: "VI_1", state: .master, since: start.wall, addresses: ["10.0.0.1"])
        ])),
      .address(
        AddressStatus(holder: "lb1", tries: 1, failures: 0, answers: true, outageBegan: nil, outage: nil)),
      .name(NameAnswer(code: 0, addresses: ["10.0.0.1"], timeToLive: 60, server: "10.0.0.53")),
      .firewall(FirewallCounters(counters: [FirewallCounters.Counter(name: "in", packets: tick, bytes: 9)])),
      .path(.open),
    ]
  }
}
