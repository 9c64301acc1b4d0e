import Cluster

/// A cluster that never was: two load balancers before as many web and application servers as are wanted, with
/// traffic that follows the hours, chance, and now and then a server that fails or is drained.
struct ClusterScript {
  let layout: Layout
  private(set) var moment: Moment
  private var random = Chance(seed: 42)
  private let perTier: Int
  private var balancers: [Balancer]
  private var pages: [StubStatus]
  private var tick = 0

  private struct Balancer {
    var roster: Roster
    var figures: [Int64]
    var notes: [String]
    var states: [ServerStateTable.Row]
  }

  /// - Parameter servers: to each of the two tiers behind the load balancers.
  init(serversPerTier servers: Int, pages: Int, at wall: WallTime) {
    perTier = servers
    moment = Moment(wall: wall, uptime: Uptime(nanoseconds: 3_600_000_000_000))
    func node(_ name: String, _ address: String, _ page: Bool) -> Layout.Node {
      Layout.Node(
        name: NodeName(name), address: SocketAddress(parsing: address),
        nginx: page ? .unix(path: "/run/\(name).sock") : nil)
    }
    layout = Layout(
      cluster: "benchmark",
      tiers: [
        Layout.Tier(
          name: TierName("lb"),
          nodes: ["lb1", "lb2"].map {
            Layout.Node(name: NodeName($0), haproxy: .unix(path: "/run/\($0).sock"))
          }),
        Layout.Tier(
          name: TierName("web"),
          nodes: (0..<servers).map { node("web\($0)", ClusterScript.address(2, $0), $0 < pages) }),
        Layout.Tier(
          name: TierName("app"),
          nodes: (0..<servers).map { node("app\($0)", ClusterScript.address(3, $0), false) }),
      ])
    balancers = (0..<2).map { _ in ClusterScript.balancer(servers) }
    self.pages = (0..<min(servers, pages)).map { _ in
      StubStatus(active: 5, accepts: 0, handled: 0, requests: 0, reading: 0, writing: 1, waiting: 4)
    }
  }

  private static func address(_ tier: Int, _ place: Int) -> String {
    "10.\(tier).\(place / 250).\(place % 250):80"
  }

  private static func balancer(_ servers: Int) -> Balancer {
    var rows: [Roster.Row] = [Roster.Row(proxy: "www", name: "FRONTEND", kind: .frontend, mode: "http")]
    for (tier, name) in [(2, "web"), (3, "app")] {
      for place in 0..<servers {
        rows.append(
          Roster.Row(
            proxy: name, name: "\(name)\(place)", kind: .server, address: address(tier, place), mode: "http"))
      }
      rows.append(Roster.Row(proxy: name, name: "BACKEND", kind: .backend, mode: "http"))
    }
    // What HAProxy 2.6 does not report in a row of that kind.
    let absent: [RowKind: Set<StatFigure>] = [
      .frontend: [
        .qcur, .qmax, .econ, .eresp, .wretr, .wredis, .weight, .act, .bck, .chkfail, .chkdown, .lastchg,
        .downtime, .qlimit, .throttle, .lbtot, .checkCode, .checkDuration, .cliAbrt, .srvAbrt, .lastsess,
        .qtime,
        .ctime, .rtime, .ttime, .checkRise, .checkFall, .checkHealth, .connect, .reuse, .qtimeMax, .ctimeMax,
        .rtimeMax, .ttimeMax, .uweight, .srvIcur,
      ],
      .server: [
        .slim, .dreq, .ereq, .qlimit, .throttle, .rateLim, .reqRate, .reqRateMax, .connRate, .connTot,
        .intercepted, .dcon, .dses,
      ],
      .backend: [
        .ereq, .chkfail, .qlimit, .throttle, .rateLim, .checkCode, .checkDuration, .reqRate, .reqRateMax,
        .checkRise, .checkFall, .checkHealth, .connRate, .connTot, .intercepted, .dcon, .dses, .srvIcur,
      ],
    ]
    var figures: [Int64] = []
    var notes: [String] = []
    for row in rows {
      figures += StatFigure.allCases.map { absent[row.kind]?.contains($0) == true ? StatTable.absent : 0 }
      notes +=
        row.kind == .server
        ? ["UP", "L7OK", "", "", "", ""] : [row.kind == .backend ? "UP" : "OPEN", "", "", "", "", ""]
    }
    let states = rows.filter { $0.kind == .server }.map {
      ServerStateTable.Row(
        backend: $0.proxy, server: $0.name, operational: .running, admin: [], weight: 100,
        configuredWeight: 100)
    }
    return Balancer(roster: Roster(rows: rows), figures: figures, notes: notes, states: states)
  }

  /// The next second.
  mutating func frame() -> Frame {
    tick += 1
    let step = 1_000_000_000 + Int64(random.normal() * 60_000)
    moment.wall.nanoseconds += step
    moment.uptime.nanoseconds += step + Int64(random.normal() * 40)
    var readings: [Reading] = []
    for place in balancers.indices {
      // Taken out while it is changed, so that nothing is copied.
      var own = balancers[place]
      balancers[place].figures = []
      advance(&own)
      balancers[place] = own
      var info = ProxyInfo(version: "2.6.12", node: "lb\(place + 1)")
      info.pid = 4711
      info.uptimeSeconds = Int64(tick)
      info.startTimeSeconds = 1_700_000_000
      info.threads = 4
      info.processes = 1
      info.maxConnections = 20_000
      info.currentConnections = own.figures[StatFigure.scur.rawValue]
      info.idlePercent = 88 + Int64(random.normal() * 2)
      info.stopping = 0
      let sample = ProxySample(
        stat: StatTable(roster: own.roster, figures: own.figures, notes: own.notes), info: info,
        servers: ServerStateTable(rows: own.states), level: .admin)
      readings.append(reading(place, .proxy(sample)))
    }
    for place in pages.indices {
      let requests = random.poisson(50 * load) + 1
      pages[place].requests += requests
      let connections = random.poisson(6)
      pages[place].accepts += connections
      pages[place].handled += connections
      pages[place].waiting = random.poisson(4)
      pages[place].writing = 1 + random.poisson(1)
      pages[place].active = pages[place].waiting + pages[place].writing
      readings.append(reading(2 + place, .web(pages[place])))
    }
    return Frame(at: moment, readings: readings)
  }

  /// How much of the usual passes: a day has a low of a third and a high of the whole, nearly a triangle.
  private var load: Double {
    let hour = Double(tick % 86_400) / 86_400
    return 0.35 + 0.65 * (1 - abs(hour * 2 - 1))
  }

  private mutating func reading(_ source: Int, _ sample: Sample) -> Reading {
    let took = Int64(350_000 + abs(random.normal()) * 120_000)
    let before = Int64(200_000 + abs(random.normal()) * 500_000)
    let at = Moment(
      wall: WallTime(nanoseconds: moment.wall.nanoseconds - before),
      uptime: Uptime(nanoseconds: moment.uptime.nanoseconds - before + Int64(random.normal() * 40)))
    return Reading(source: SourceID(source), at: at, took: .nanoseconds(took), outcome: .sample(sample))
  }

  private mutating func advance(_ balancer: inout Balancer) {
    let width = StatFigure.count
    var sums = [Int64](repeating: 0, count: width)
    var total = [Int64](repeating: 0, count: width)
    var server = 0
    let rows = balancer.roster.rows
    for row in rows.indices where rows[row].kind != .frontend {
      if rows[row].kind == .server {
        advance(&balancer, row: row, server: server, &sums)
        server += 1
        continue
      }
      for figure in ClusterScript.summed {
        let place = row * width + figure.rawValue
        if balancer.figures[place] != StatTable.absent { balancer.figures[place] += sums[figure.rawValue] }
        total[figure.rawValue] += sums[figure.rawValue]
      }
      gauges(&balancer.figures, row * width, requests: sums[StatFigure.stot.rawValue])
      sums = [Int64](repeating: 0, count: width)
    }
    for figure in ClusterScript.summed {
      if balancer.figures[figure.rawValue] != StatTable.absent {
        balancer.figures[figure.rawValue] += total[figure.rawValue] / 2
      }
    }
    gauges(&balancer.figures, 0, requests: total[StatFigure.stot.rawValue] / 2)
  }

  private static let summed: [StatFigure] = [
    .stot, .reqTot, .lbtot, .bin, .bout, .hrsp2xx, .hrsp3xx, .hrsp4xx, .hrsp5xx, .connTot, .connect, .reuse,
    .cliAbrt,
  ]

  private mutating func advance(_ balancer: inout Balancer, row: Int, server: Int, _ sums: inout [Int64]) {
    let base = row * StatFigure.count
    let note = row * StatNote.count
    // Each six hours another server fails for five minutes; each day one is drained for ten.
    let isDown = server == tick / 21_600 % (perTier * 2) && tick % 21_600 > 15_000 && tick % 21_600 < 15_300
    let isDrained =
      server == (tick / 86_400 + 3) % (perTier * 2) && tick % 86_400 > 40_000 && tick % 86_400 < 40_600
    balancer.notes[note] = isDown ? "DOWN" : isDrained ? "DRAIN" : "UP"
    let isChecking = (tick + server) % 20 == 0
    balancer.notes[note + 1] = (isChecking ? "* " : "") + (isDown ? "L4CON" : "L7OK")
    balancer.states[server].admin = isDrained ? .forcedDrain : []
    balancer.states[server].operational = isDown ? .stopped : .running
    func add(_ figure: StatFigure, _ count: Int64) {
      balancer.figures[base + figure.rawValue] += count
      sums[figure.rawValue] += count
    }
    let requests = isDown || isDrained ? 0 : random.poisson(25 * load)
    let (missing, failed) = (random.poisson(Double(requests) / 60), random.poisson(Double(requests) / 3000))
    let moved = random.poisson(Double(requests) / 30)
    for figure in [StatFigure.stot, .reqTot, .lbtot] { add(figure, requests) }
    add(.hrsp2xx, max(0, requests - missing - failed - moved))
    add(.hrsp3xx, moved)
    add(.hrsp4xx, missing)
    add(.hrsp5xx, failed)
    add(.bin, requests * 740 + Int64(random.normal() * 90 * Double(requests).squareRoot()))
    add(.bout, max(0, requests * 9_300 + Int64(random.normal() * 4_000 * Double(requests).squareRoot())))
    let new = random.poisson(Double(requests) / 12)
    add(.connect, new)
    add(.reuse, max(0, requests - new))
    add(.cliAbrt, random.poisson(0.01))
    balancer.figures[base + StatFigure.lastchg.rawValue] += 1
    balancer.figures[base + StatFigure.weight.rawValue] = 100
    balancer.figures[base + StatFigure.uweight.rawValue] = 100
    balancer.figures[base + StatFigure.act.rawValue] = 1
    balancer.figures[base + StatFigure.pid.rawValue] = 1
    balancer.figures[base + StatFigure.sid.rawValue] = Int64(server + 1)
    balancer.figures[base + StatFigure.checkCode.rawValue] = 200
    if (tick + server) % 2 == 0 {
      balancer.figures[base + StatFigure.checkDuration.rawValue] = random.poisson(1)
    }
    balancer.figures[base + StatFigure.srvIcur.rawValue] = random.poisson(3)
    gauges(&balancer.figures, base, requests: requests)
  }

  private mutating func gauges(_ figures: inout [Int64], _ base: Int, requests: Int64) {
    func set(_ figure: StatFigure, _ value: Int64) {
      if figures[base + figure.rawValue] != StatTable.absent { figures[base + figure.rawValue] = value }
    }
    func raise(_ figure: StatFigure, _ value: Int64) {
      let place = base + figure.rawValue
      if figures[place] != StatTable.absent { figures[place] = max(figures[place], value) }
    }
    let sessions = random.poisson(Double(requests) / 25)
    set(.scur, sessions)
    raise(.smax, sessions)
    set(.rate, requests)
    raise(.rateMax, requests)
    set(.reqRate, requests)
    raise(.reqRateMax, requests)
    set(.connRate, requests / 8)
    set(.lastsess, requests > 0 ? 0 : 1)
    // Averages over the last 1,024 requests move slowly.
    if random.below(3) == 0 { set(.rtime, 18 + Int64(random.normal() * 1.2)) }
    if random.below(3) == 0 { set(.ttime, 24 + Int64(random.normal() * 1.6)) }
    if random.below(9) == 0 { set(.ctime, random.poisson(0.4)) }
    raise(.rtimeMax, 18 + random.poisson(30))
    raise(.ttimeMax, 24 + random.poisson(40))
  }
}
