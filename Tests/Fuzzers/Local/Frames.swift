import LayoutFile

@testable import Cluster

/// A few frames of a small cluster in which every system says something.
enum Frames {
  static let start = Moment(
    wall: WallTime(nanoseconds: 1_795_271_400_000_000_000), uptime: Uptime(nanoseconds: 5_000_000_000_000))

  static let layout: Layout = {
    let text = """
      cluster: demo
      entry: { dns: www.demo.test, vip: 10.0.0.100, frontends: www, probe: 80 }
      tiers:
        - tier: lb
          nodes:
            - { node: lb1, address: "10.0.0.1:80", haproxy: /run/lb1.sock, keepalived: /run/k1 }
        - tier: web
          nodes:
            - { node: web1, address: "10.0.0.2:80", nginx: "http://10.0.0.2/status", host: "http://10.0.0.2:9100/metrics" }
            - { node: app1, address: "10.0.0.3:80", uwsgi: "tcp://10.0.0.3:1717" }
        - tier: db
          nodes:
            - { node: db1, role: primary }
            - { node: db2, role: replica, of: db1, mariadb: "tcp://10.0.0.4:3306" }
      firewalls:
        - { between: [lb, web], allow: [80/tcp] }
      nftables: { table: "inet filter" }

      """
    do { return try LayoutFile.layout(from: Array(text.utf8)) } catch { fatalError("\(error)") }
  }()

  private static let plan = PollPlan(for: layout)

  static var sources: Int { plan.sources.count }

  static let all = (0..<3).map(frame)

  private static func frame(_ tick: Int64) -> Frame {
    let at = Moment(
      wall: WallTime(nanoseconds: start.wall.nanoseconds + tick * 1_000_000_000),
      uptime: Uptime(nanoseconds: start.uptime.nanoseconds + tick * 1_000_000_000))
    let readings = plan.sources.enumerated().map { index, source in
      let fails = tick == 1 && source.system == .nginx
      let outcome: Reading.Outcome =
        fails
        ? .failure(.timedOut(after: .seconds(1), received: 5)) : .sample(sample(of: source.system, tick))
      return Reading(source: SourceID(index), at: at, took: .milliseconds(3), outcome: outcome)
    }
    return Frame(at: at, readings: readings, isBetweenTicks: tick == 2)
  }

  private static func sample(of system: Source.System, _ tick: Int64) -> Sample {
    switch system {
    case .haproxy: return .proxy(proxy(tick))
    case .nginx:
      return .web(
        StubStatus(
          active: 3, accepts: 100 + tick, handled: 100 + tick, requests: 200 + tick, reading: 0, writing: 1,
          waiting: 2))
    case .apache, .phpFPM, .uwsgi, .gunicorn, .metrics:
      var workers = WorkerStatus(requests: tick, errors: 0, microseconds: 99, busy: 1, started: 7)
      workers.histogram = [WorkerStatus.Bucket(bound: 5, count: tick)]
      return .workers(workers)
    case .mariadb, .mysql, .postgresql:
      var database = DatabaseStatus(version: "10.11")
      database.queries = tick
      database.replication = DatabaseStatus.Replication(
        source: "db1:3306", receiving: .running, applying: .running, lag: 0, error: "")
      return .database(database)
    case .host:
      var host = HostStatus(mount: "/")
      host.received = tick
      return .host(host)
    case .keepalived:
      return .router(
        RouterStatus(instances: [
          RouterStatus.Instance(name: "VI_1", state: .master, since: start.wall, addresses: ["10.0.0.100"])
        ]))
    case .vip:
      return .address(
        AddressStatus(holder: "lb1", tries: 1, failures: 0, answers: true, outageBegan: nil, outage: nil))
    case .dns:
      return .name(NameAnswer(code: 0, addresses: ["10.0.0.100"], timeToLive: 60, server: "10.0.0.53"))
    case .firewall:
      return .firewall(
        FirewallCounters(counters: [FirewallCounters.Counter(name: "in", packets: tick, bytes: 9)]))
    case .path: return .path(.open)
    }
  }

  private static func proxy(_ tick: Int64) -> ProxySample {
    var figures = [Int64](repeating: StatTable.absent, count: Book.roster.count * StatFigure.count)
    for row in 0..<Book.roster.count {
      for figure in [StatFigure.reqTot, .hrsp2xx, .hrsp5xx, .scur, .slim, .weight, .rtime, .ttime] {
        figures[row * StatFigure.count + figure.rawValue] = 40 + tick * 5
      }
    }
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
}
