@testable import Cluster

/// A cluster that a test plays: load balancers whose counters it sets, one frame a second.
struct ClusterScript {
  var model: ClusterModel
  var seconds = 0.0
  private(set) var events: [Event] = []
  private let plan: PollPlan

  init(_ layout: Layout) {
    model = ClusterModel(layout: layout)
    plan = PollPlan(for: layout)
  }

  /// Two load balancers, two web servers, and nothing else.
  static func pair(
    health: HealthPolicy = HealthPolicy(), entry: Layout.Entry? = nil
  ) -> ClusterScript {
    ClusterScript(
      Layout(
        cluster: "test", entry: entry,
        tiers: [
          Layout.Tier(
            name: TierName("lb"),
            nodes: [
              Layout.Node(name: NodeName("lb1"), haproxy: .unix(path: "/run/lb1.sock")),
              Layout.Node(name: NodeName("lb2"), haproxy: .unix(path: "/run/lb2.sock")),
            ]),
          Layout.Tier(
            name: TierName("web"),
            nodes: [
              Layout.Node(name: NodeName("web1"), address: SocketAddress(parsing: "10.0.2.11:80")),
              Layout.Node(name: NodeName("web2"), address: SocketAddress(parsing: "10.0.2.12:80")),
            ]),
        ], health: health))
  }

  /// Lets time pass, and takes in what came meanwhile, from the source at each place of the plan.
  mutating func tick(
    _ outcomes: [Int: Reading.Outcome], after interval: Double = 1, isBetweenTicks: Bool = false
  ) {
    seconds += interval
    let at = moment
    let readings = outcomes.sorted { $0.key < $1.key }.map {
      Reading(source: SourceID($0.key), at: at, took: .milliseconds(1), outcome: $0.value)
    }
    events = model.advance(with: Frame(at: at, readings: readings, isBetweenTicks: isBetweenTicks))
  }

  var moment: Moment {
    let nanoseconds = Int64(seconds * 1e9)
    return Moment(
      wall: WallTime(nanoseconds: 1_700_000_000_000_000_000 + nanoseconds),
      uptime: Uptime(nanoseconds: nanoseconds))
  }

  func node(_ name: String) -> NodeReport {
    model.snapshot.report(on: NodeName(name)) ?? .unread
  }

  func changes(of node: String) -> [Event.Change] {
    events.filter { $0.node == NodeName(node) }.map(\.change)
  }
}

/// The rows of one HAProxy, as a test writes them.
struct ProxyScript {
  struct Row {
    var identity: Roster.Row
    var figures: [StatFigure: Int64]
    var notes: [StatNote: String]
  }

  var rows: [Row] = []
  var pid: Int64 = 100
  var admin: [ServerID: ServerStateTable.AdminFlags] = [:]
  var info = true

  /// A server that speaks HTTP and has counted nothing yet.
  mutating func server(
    _ backend: String = "web", _ name: String, _ address: String, status: String = "UP",
    check: String = "L7OK", _ figures: [StatFigure: Int64] = [:]
  ) {
    let zero: [StatFigure: Int64] = [
      .stot: 0, .reqTot: 0, .hrsp1xx: 0, .hrsp2xx: 0, .hrsp3xx: 0, .hrsp4xx: 0, .hrsp5xx: 0, .hrspOther: 0,
      .econ: 0, .eresp: 0, .wretr: 0, .wredis: 0, .scur: 0, .qcur: 0, .weight: 1, .uweight: 1, .rtime: 10,
    ]
    rows.append(
      Row(
        identity: Roster.Row(proxy: backend, name: name, kind: .server, address: address),
        figures: zero.merging(figures) { $1 }, notes: [.status: status, .checkStatus: check]))
  }

  mutating func proxy(_ name: String, _ kind: RowKind, status: String, _ figures: [StatFigure: Int64] = [:]) {
    let zero: [StatFigure: Int64] = [
      .stot: 0, .reqTot: 0, .hrsp2xx: 0, .hrsp5xx: 0, .scur: 0, .bin: 0, .bout: 0,
    ]
    rows.append(
      Row(
        identity: Roster.Row(proxy: name, name: kind == .frontend ? "FRONTEND" : "BACKEND", kind: kind),
        figures: zero.merging(figures) { $1 }, notes: [.status: status]))
  }

  /// The sample; with the roster of `other` where the rows are the same, as the parser shares it.
  func sample(like other: Reading.Outcome? = nil) -> Reading.Outcome {
    let identities = rows.map(\.identity)
    var roster = Roster(rows: identities)
    if case .sample(.proxy(let sample))? = other, sample.stat.roster.rows == identities {
      roster = sample.stat.roster
    }
    let table = StatTable(
      roster: roster,
      figures: rows.flatMap { row in StatFigure.allCases.map { row.figures[$0] ?? StatTable.absent } },
      notes: rows.flatMap { row in StatNote.allCases.map { row.notes[$0] ?? "" } })
    var details = ProxyInfo(version: "2.6.12")
    details.pid = pid
    let states = rows.filter { $0.identity.kind == .server }.map { row in
      ServerStateTable.Row(
        backend: row.identity.proxy, server: row.identity.name, operational: .running,
        admin: admin[ServerID(backend: row.identity.proxy, server: row.identity.name)] ?? [],
        weight: row.figures[.uweight] ?? 1, configuredWeight: 1)
    }
    return .sample(
      .proxy(
        ProxySample(
          stat: table, info: info ? details : nil, servers: info ? ServerStateTable(rows: states) : nil)))
  }
}

/// A load balancer with two web servers whose counters are as given.
func balancer(
  web1: [StatFigure: Int64] = [:], web2: [StatFigure: Int64] = [:], frontend: [StatFigure: Int64] = [:],
  backend: [StatFigure: Int64] = [:], _ edit: (inout ProxyScript) -> Void = { _ in }
) -> Reading.Outcome {
  var script = ProxyScript()
  script.proxy("www", .frontend, status: "OPEN", frontend)
  script.server("web", "web1", "10.0.2.11:80", web1)
  script.server("web", "web2", "10.0.2.12:80", web2)
  script.proxy("web", .backend, status: "UP", backend)
  edit(&script)
  return script.sample()
}
