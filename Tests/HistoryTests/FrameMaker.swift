import Cluster
import TestSupport

/// Makes frames that are good, and as odd as a good frame may be: rosters that change, failures of every kind,
/// absent and extreme figures, hostile names.
struct FrameMaker {
  private struct Balancer {
    var roster: Roster
    var figures: [Int64]
    var notes: [String]
    var states: [ServerStateTable.Row]
  }

  private var random: SeededRandom
  private var balancers: [Int: Balancer] = [:]
  private(set) var moment: Moment
  private let sources: Int

  init(seed: UInt64, sources: Int = 4, at wall: Int64 = 1_700_000_000_000_000_000) {
    random = SeededRandom(seed: seed)
    self.sources = sources
    moment = Moment(wall: WallTime(nanoseconds: wall), uptime: Uptime(nanoseconds: 5_000_000_000))
  }

  mutating func frames(_ count: Int) -> [Frame] { (0..<count).map { _ in frame() } }

  /// The next frame, a second later, nearly.
  mutating func frame() -> Frame {
    move(by: 1_000_000_000 + number(-90_000...90_000))
    var readings: [Reading] = []
    for source in Array(0..<sources).shuffled(using: &random) where !chance(20) {
      readings.append(reading(of: source))
      if chance(40) { readings.append(reading(of: source)) }
    }
    return Frame(at: moment, readings: readings, isBetweenTicks: chance(15))
  }

  mutating func move(by nanoseconds: Int64) {
    moment.wall.nanoseconds += nanoseconds
    moment.uptime.nanoseconds += nanoseconds
  }

  mutating func setWall(_ wall: WallTime) { moment.wall = wall }

  private mutating func reading(of source: Int) -> Reading {
    let before = number(0...900_000_000)
    let at = Moment(
      wall: WallTime(nanoseconds: moment.wall.nanoseconds - before),
      uptime: Uptime(nanoseconds: moment.uptime.nanoseconds - before + number(-50...50)))
    let sample: Sample =
      source % 2 == 0 ? .proxy(proxy(source)) : source % 4 == 1 ? .web(web()) : system(place: source / 4)
    let outcome: Reading.Outcome = chance(10) ? .failure(failure()) : .sample(sample)
    return Reading(
      source: SourceID(source), at: at, took: .nanoseconds(number(0...5_000_000)), outcome: outcome)
  }

  private mutating func web() -> StubStatus {
    StubStatus(
      active: odd(), accepts: odd(), handled: odd(), requests: odd(), reading: odd(), writing: odd(),
      waiting: odd())
  }

  /// A sample of one of the other systems: mostly always of the same one.
  private mutating func system(place: Int) -> Sample {
    switch chance(10) ? Int(number(0...7)) : place % 8 {
    case 0:
      var workers = WorkerStatus(
        requests: maybe(), errors: maybe(), microseconds: maybe(), busy: maybe(), queue: maybe(),
        started: maybe())
      if chance(50) {
        workers.latencies = WorkerStatus.Latencies(
          count: number(1...9), p50: number(0...9), p95: number(0...9), p99: number(0...9),
          longest: number(0...9))
      }
      workers.histogram = (0..<number(0...4)).map { bound in
        WorkerStatus.Bucket(bound: bound, count: number(0...99))
      }
      return .workers(workers)
    case 1:
      var database = DatabaseStatus(version: text())
      database.queries = maybe()
      database.isReadOnly = chance(30) ? nil : chance(50)
      if chance(50) {
        database.replication = DatabaseStatus.Replication(
          source: text(), receiving: .running, applying: .stopped, lag: maybe(), error: text())
      }
      return .database(database)
    case 2:
      var host = HostStatus(mount: text())
      host.busyMilliseconds = maybe()
      host.received = maybe()
      return .host(host)
    case 3:
      return .router(
        RouterStatus(
          instances: (0..<number(0...3)).map { instance in
            RouterStatus.Instance(
              name: "VI_\(instance)", state: chance(50) ? .master : .fault,
              since: chance(50) ? moment.wall : nil, priority: maybe(), becameMaster: maybe(),
              addresses: chance(50) ? [] : ["10.0.0.1", "2001:db8::1"])
          }))
    case 4:
      return .address(
        AddressStatus(
          holder: text(), tries: number(0...9), failures: number(0...9), answers: chance(50),
          outageBegan: chance(50) ? moment.wall : nil, outage: chance(50) ? .milliseconds(240) : nil))
    case 5:
      return .name(
        NameAnswer(
          code: UInt8(number(0...255)), addresses: chance(50) ? [] : ["10.0.0.1", "::1"],
          timeToLive: chance(50) ? nil : 60, server: text()))
    case 6:
      return .firewall(
        FirewallCounters(
          counters: (0..<number(0...4)).map { _ in
            FirewallCounters.Counter(name: text(), packets: number(0...99), bytes: number(0...99))
          }))
    default: return .path(PathState.allCases[Int(number(0...3))])
    }
  }

  private mutating func maybe() -> Int64? { chance(20) ? nil : number(0...1_000_000) }

  private mutating func proxy(_ source: Int) -> ProxySample {
    var balancer = balancers[source] ?? newBalancer()
    if chance(25) { balancer = newBalancer() }
    for place in balancer.figures.indices where chance(4) {
      if chance(6) {
        balancer.figures[place] = odd()
      } else if balancer.figures[place] != StatTable.absent {
        balancer.figures[place] &+= number(0...300)
      }
    }
    for place in balancer.notes.indices where chance(30) { balancer.notes[place] = text() }
    for place in balancer.states.indices where chance(30) {
      balancer.states[place].weight = number(0...256)
      balancer.states[place].admin = .init(rawValue: UInt16(number(0...65535)))
    }
    balancers[source] = balancer
    var info: ProxyInfo?
    if !chance(30) {
      info = ProxyInfo(version: "2.6.12", node: chance(20) ? text() : "lb")
      info?.pid = chance(5) ? nil : 4711
      info?.uptimeSeconds = moment.uptime.nanoseconds / 1_000_000_000
      info?.stopping = chance(9) ? .max : 0
    }
    return ProxySample(
      stat: StatTable(roster: balancer.roster, figures: balancer.figures, notes: balancer.notes), info: info,
      servers: chance(30) ? nil : ServerStateTable(rows: balancer.states),
      level: chance(50) ? nil : AccessLevel.allCases.randomElement(using: &random))
  }

  private mutating func newBalancer() -> Balancer {
    let count = Int(number(0...9))
    let rows = (0..<count).map { _ in
      Roster.Row(
        proxy: text(), name: text(), kind: [.frontend, .backend, .server, .listener][Int(number(0...3))],
        address: text(), cookie: text(), mode: text())
    }
    let states = rows.filter { $0.kind == .server }.map {
      ServerStateTable.Row(
        backend: $0.proxy, server: $0.name, operational: .running, admin: [], weight: 1,
        configuredWeight: odd())
    }
    return Balancer(
      roster: Roster(rows: rows), figures: (0..<count * StatFigure.count).map { _ in odd() },
      notes: (0..<count * StatNote.count).map { _ in text() }, states: states)
  }

  mutating func failure() -> ReadFailure {
    let all = FrameMaker.failures
    return all[Int(number(0...Int64(all.count - 1)))]
  }

  /// Every case, with odd contents.
  static let failures: [ReadFailure] = [
    .missing(path: "/run/\u{2401}"), .accessDenied(path: ""), .refused, .unresolved(host: "é.example"),
    .system(errno: -5, doing: "connect"), .timedOut(after: .milliseconds(1500), received: .max),
    .timedOut(after: Duration(secondsComponent: 1, attosecondsComponent: 1), received: 0),
    .truncated(received: 3), .tooLarge(limit: 64 << 20), .denied(words: "Permission denied"),
    .http(status: 503), .transfer(words: "\"quoted\""), .tunnel(words: "gone = \\"),
    .secretMissing(name: "HAPROXY_PASSWORD"), .onlyAPage, .unsuited, .login(words: "no \"x\""),
    .notWritten(path: "/run/k/notify"), .command(words: ""), .nothingSent,
    .malformed(.notOf(.phpFPM, beginning: "<")),
    .malformed(.notStat(beginning: "<html>")), .malformed(.notInfo(beginning: "")),
    .malformed(.notServersState(beginning: "2")), .malformed(.notStubStatus(beginning: "x")),
    .malformed(.missingColumn("pxname")), .malformed(.brokenRow(line: 7)),
    .malformed(.notANumber("abc", column: "scur", line: 9)), .malformed(.truncated(line: 1)),
    .malformed(.tooManyRows(limit: 100_000)),
    .malformed(.missingServer(ServerID(backend: "a/b", server: "c d"))),
  ]

  private mutating func odd() -> Int64 {
    switch number(0...9) {
    case 0: StatTable.absent
    case 1: .max
    case 2: -.max
    case 3: 0
    case 4: -1
    default: number(0...1_000_000)
    }
  }

  private mutating func text() -> String {
    let texts = [
      "", "web1", "UP", "DOWN 1/2", "* L7OK", "L4CON", "Layer7 check passed: code 200 and many more words",
      "é", "e\u{301}", "\u{2400}\"'\\", "日本語", "a,b\tc", String(repeating: "x", count: 300),
    ]
    return texts[Int(number(0...Int64(texts.count - 1)))]
  }

  private mutating func chance(_ oneIn: Int64) -> Bool { number(1...oneIn) == 1 }
  private mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
    Int64.random(in: range, using: &random)
  }
}
