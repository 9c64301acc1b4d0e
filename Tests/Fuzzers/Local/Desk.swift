import FuzzerKit
import LayoutFile
import Wire

@testable import Cluster
@testable import Dashboard

/// A dashboard, and what happens to it.
struct Desk {
  var state: State
  private var now = Frames.start
  private var order: ChangeOrder?

  static let sizes = [
    Size(width: 40, height: 12), Size(width: 0, height: 0), Size(width: 1, height: 1),
    Size(width: 24, height: 8),
    Size(width: 60, height: 10), Size(width: 80, height: 7), Size(width: 33, height: 16),
    Size(width: 120, height: 9),
  ]

  /// One that is live, one that only shows, one that shows a file, one that looks at the past, one without
  /// anything, one in ASCII, one in trouble, one with hostile names, one that has drained a server, and one that does
  /// so while the past is looked at.
  static let all: [Desk] = [
    Desk(), Desk(isReadOnly: true), Desk(file: SavedStretch(name: "a.tiertop", span: span)),
    Desk(begun: [0x84]),
    Desk(layout: Layout(cluster: ""), ticks: []), Desk(isUnicode: false), Desk(ticks: [0, 1, 1]),
    Desk(ticks: [0, 5, 5]), Desk(begun: drain), Desk(begun: drain + [UInt8(ascii: "m"), 0x84]),
  ]

  /// The keys for it, and what the load balancers say to it.
  private static let drain = Array("jjdy".utf8) + [0x88, 0, 0x88, 1]

  private init(
    layout: Layout = Desk.layout, ticks: [Int] = [0, 0], isUnicode: Bool = true, isReadOnly: Bool = false,
    file: SavedStretch? = nil, begun: [UInt8] = []
  ) {
    state = State(
      model: ClusterModel(layout: layout), preferences: ScreenPreferences(), look: Look(isUnicode: isUnicode),
      actor: Actor(user: "u", host: "h", terminal: "pts/1"), isReadOnly: isReadOnly, file: file)
    take(.resize(Size(width: 40, height: 12)))
    for tick in ticks { take(.frame(frame(tick))) }
    play(begun.span)
  }

  // MARK: Actions

  /// A byte below 128 is a key; any other is something else that happens, and may take bytes behind it.
  mutating func play(_ bytes: Span<UInt8>) {
    var at = 0
    /// The next byte; 0 where there is none.
    func next() -> UInt8 {
      defer { at += 1 }
      return at < bytes.count ? bytes[at] : 0
    }
    while at < bytes.count {
      let byte = next()
      if byte < 0x80 { take(.key(Desk.key(byte))) } else { take(action(byte, next)) }
    }
  }

  private mutating func take(_ action: Action) {
    let isShowingNow = state.pictures.count == 1
    var isByPerson = false
    switch action {
    case .key, .mouse, .paste: isByPerson = true
    default: break
    }
    for case .apply(let order) in update(&state, action) {
      require(!order.change.steps.isEmpty, "a change of nothing")
      require(state.presentLive != nil, "a change while nothing is live: \(action)")
      require(state.file == nil, "a change of what is in a file: \(action)")
      require(!state.changes.isReadOnly, "a change where nothing may be changed: \(action)")
      require(!isByPerson || isShowingNow, "a change by somebody who looks at the past: \(action)")
      self.order = order
    }
  }

  private mutating func action(_ byte: UInt8, _ next: () -> UInt8) -> Action {
    switch byte & 0x1F {
    case 0: return .frame(frame(Int(next())))
    case 1:
      pass(seconds: Int64(next()))
      return .clock(now)
    case 2:
      let kinds: [MouseEvent.Kind] = [.click, .doubleClick, .wheelUp, .wheelDown]
      return .mouse(MouseEvent(kinds[Int(next() & 3)], x: Int(next()) - 4, y: Int(next() & 31) - 2))
    case 3: return .resize(Desk.sizes[Int(next()) % Desk.sizes.count])
    case 4:
      let place = PastPlace(sequence: Int64(next()), at: past(Int64(next())))
      return .past(
        PastPicture(
          place: place, model: Desk.model(frames: Int(place.sequence & 7)),
          at: Moment(wall: place.at, uptime: now.uptime),
          events: Desk.events, gap: place.sequence & 8 == 0 ? nil : "not recorded"))
    case 5: return .pastTrails(Desk.model(frames: 2), at: Int64(next()))
    case 6: return .paste(Desk.words[Int(next()) % Desk.words.count])
    case 7: return .notice(Desk.words[Int(next()) % Desk.words.count])
    case 8: return result(of: order, Int(next()))
    case 9: return .intents(intents(next()))
    case 10:
      let part = TimeStrip.Part(
        worst: .down, hasChange: next() & 1 == 0, hasFailover: true, isGap: next() & 1 == 0)
      return .strip(
        TimeStrip(
          span: TimeSpan(.seconds(Int(next()) * 9), until: past(0)), parts: Array(repeating: part, count: 30))
      )
    case 11: return graph(next)
    case 12: return .incidents(incidents(next))
    case 13:
      let program = RecordKeeper.Program(kind: .agent, pid: 7)
      let keepers: [RecordKeeper] = [
        .here, .other(program), .beside(program, .silence), .nobody(printable(Desk.words[3])),
      ]
      return .keeper(keepers[Int(next() & 3)])
    case 14: return .counts(next() & 1 == 0 ? nil : IncidentCounts(), incidentAt: past(Int64(next())))
    case 15: return .pastMinutes(Desk.model(frames: Int(next() & 7)))
    case 16: return .begin(Desk.model(frames: 3), at: now, events: Desk.events)
    default: return .key(Desk.named[Int(byte & 0x1F) % Desk.named.count])
    }
  }

  private static func key(_ byte: UInt8) -> Key {
    switch byte {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x1B: .escape
    case 0x7F: .backspace
    case 0x01...0x1A: .control(Unicode.Scalar(byte + 0x60))
    case 0x00, 0x1C...0x1F: .function(Int(byte & 15) + 1)
    default: .character(Unicode.Scalar(byte))
    }
  }

  private static let named: [Key] = [
    .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .escape, .backTab, .delete, .insert,
    .function(2), .function(3), .function(4), .function(5), .function(9), .function(10),
    .character("\u{65E5}"),
    .character("\u{301}"),
  ]

  private mutating func pass(seconds: Int64) {
    now.wall.nanoseconds += seconds * 1_000_000_000
    now.uptime.nanoseconds += seconds * 1_000_000_000
  }

  private func past(_ seconds: Int64) -> WallTime {
    WallTime(nanoseconds: now.wall.nanoseconds - seconds * 1_000_000_000)
  }

  // MARK: What is read

  private static let layout: Layout = {
    let text = """
      cluster: demo
      entry: { dns: www.demo.test, vip: 10.0.0.100, frontends: www }
      tiers:
        - tier: lb
          mode: active-passive
          nodes:
            - { node: lb1, address: "10.0.0.1:80", haproxy: /run/lb1.sock }
            - { node: lb2, address: "10.0.0.2:80", haproxy: /run/lb2.sock }
        - tier: web
          nodes:
            - { node: web1, address: "10.0.1.1:80", nginx: "http://10.0.1.1/status" }
            - { node: web2, address: "10.0.1.2:80" }
        - tier: db
          nodes:
            - { node: db1, address: "10.0.2.1:3306", role: primary }
            - { node: db2, address: "10.0.2.2:3306", role: replica, of: db1 }
      drain: { keep_up: 1 }

      """
    do { return try LayoutFile.layout(from: Array(text.utf8)) } catch { fatalError("\(error)") }
  }()

  private static let span = TimeSpan(.seconds(600), until: Frames.start.wall)

  /// What the load balancers may say, one tick unlike another: all well, one server down, one drained, other
  /// counters, one more server, hostile names, no sessions, no servers.
  private static let samples: [ProxySample] = {
    let header =
      "# pxname,svname,qcur,scur,slim,stot,econ,eresp,status,weight,act,bck,pid,type,rtime,check_status,"
      + "last_chk,addr,mode,req_tot,hrsp_2xx,hrsp_5xx,uweight\n"
    func row(_ name: String, _ address: String, _ status: String, _ requests: Int, sessions: Int = 3)
      -> String
    {
      "web,\(name),0,\(sessions),200,\(requests),0,0,\(status),100,1,0,7,2,12,L7OK,fine,\(address),http,"
        + "\(requests),\(requests - 5),5,100\n"
    }
    func table(_ rows: [String], requests: Int) -> String {
      let front = "www,FRONTEND,,41,2000,\(requests),,,OPEN,,,,7,0,,,,,http,\(requests),\(requests),0,\n"
      let back = "web,BACKEND,0,41,200,\(requests),0,0,UP,200,2,0,7,1,15,,,,http,\(requests),\(requests),0,\n"
      return header + front + rows.joined() + back + "\n"
    }
    let (one, two) = ("10.0.1.1:80", "10.0.1.2:80")
    let tables = [
      table([row("web1", one, "UP", 1000), row("web2", two, "UP", 900)], requests: 1900),
      table([row("web1", one, "DOWN", 1050), row("web2", two, "UP", 990)], requests: 2040),
      table([row("web1", one, "UP", 1100), row("web2", two, "DRAIN", 1000)], requests: 2100),
      table([row("web1", one, "UP", 9), row("web2", two, "MAINT", 9)], requests: 18),
      table(
        [row("web1", one, "UP", 2000), row("web2", two, "UP", 2000), row("new", "10.0.1.3:80", "UP 1/2", 5)],
        requests: 4005),
      table(
        [
          row("web1", one, "\u{1B}[31mUP", 2000),
          row("\u{202E}\u{1B}]0;x\u{7}日本語日本語e\u{301}\u{301}\u{85}", two, "DOWN 1/2", 2000),
        ], requests: 4000),
      table([row("web1", one, "DRAIN", 1200, sessions: 0), row("web2", two, "UP", 1100)], requests: 2300),
      table([], requests: 0),
    ]
    return tables.map { table in
      var parser = StatParser()
      do {
        let stat = try parser.parse(Array(table.utf8).span, ending: .emptyLine)
        return ProxySample(
          stat: stat, info: ProxyInfo(version: "2.6.12", node: "n"), servers: nil, level: .admin)
      } catch { fatalError("\(error)") }
    }
  }()

  private static let failures: [ReadFailure] = [
    .refused, .denied(words: printable("\u{1B}no")), .timedOut(after: .seconds(1), received: 5),
  ]

  /// A second later. The byte says what is read: three bits of what the load balancers say, two of who fails.
  private mutating func frame(_ byte: Int) -> Frame {
    pass(seconds: 1)
    return Desk.frame(byte, at: now)
  }

  private static let plan = PollPlan(for: layout)

  private static func frame(_ byte: Int, at: Moment) -> Frame {
    var readings: [Reading] = []
    for (index, source) in plan.sources.enumerated() {
      let outcome: Reading.Outcome
      switch source.system {
      case .haproxy where byte >> 3 & 3 == index + 1: outcome = .failure(failures[byte >> 5 % 3])
      case .haproxy: outcome = .sample(.proxy(samples[byte & 7]))
      case .nginx:
        outcome = .sample(
          .web(
            StubStatus(
              active: 3, accepts: 9, handled: 9, requests: Int64(byte) * 10, reading: 0, writing: 1,
              waiting: 2)))
      case .dns:
        let isGood = byte & 7 != 3
        outcome = .sample(
          .name(
            NameAnswer(
              code: isGood ? 0 : 3, addresses: isGood ? ["10.0.0.100"] : [], timeToLive: 60,
              server: "10.0.0.53")))
      default: continue
      }
      readings.append(Reading(source: SourceID(index), at: at, took: .milliseconds(3), outcome: outcome))
    }
    return Frame(at: at, readings: readings, isBetweenTicks: byte & 0x80 != 0)
  }

  // MARK: What else comes

  private static let models: [ClusterModel] = (0..<8).map { count in
    var model = ClusterModel(layout: layout)
    for tick in 0..<count {
      let second = Int64(tick - 100) * 1_000_000_000
      _ = model.advance(
        with: frame(
          tick,
          at: Moment(
            wall: WallTime(nanoseconds: Frames.start.wall.nanoseconds + second),
            uptime: Uptime(nanoseconds: Frames.start.uptime.nanoseconds + second))))
    }
    return model
  }

  private static func model(frames: Int) -> ClusterModel { models[frames] }

  private static let events: [Event] = [
    Event(at: span.start, node: NodeName("web1"), change: .health(from: .up, to: Verdict(.down))),
    Event(at: span.start, node: NodeName("gone"), change: .appeared),
    Event(at: span.end, node: nil, change: .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: nil)),
  ]

  private static let words = [
    "web", "theme light", "\u{1B}[2J\u{7}", "\u{202E}日本\u{9B}31m\u{E0041}", "3m ago\n", "e\u{301}\u{301}", "",
    String(repeating: "日", count: 90),
  ]

  private func result(of order: ChangeOrder?, _ byte: Int) -> Action {
    guard let order, let balancer = order.change.balancers.randomlyButSurely(byte) else {
      return .notice("nothing")
    }
    let standing = Standing(admin: .ready, weight: 1)
    let outcomes: [StepOutcome] = [
      .done, .refused(words: "no"), .ineffective(standing), .unsent(.refused), .unknown(.refused),
    ]
    let steps = order.change.steps.indices.filter { order.change.steps[$0].balancer == balancer }
    return .result(
      order.id,
      BalancerResult(
        balancer: balancer,
        outcomes: Dictionary(
          uniqueKeysWithValues: steps.map { ($0, outcomes[(byte >> 1) % outcomes.count]) }),
        at: now, took: .milliseconds(5)))
  }

  private func intents(_ byte: UInt8) -> Intents {
    let row = ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "web", server: "web1"))
    let wishes: [Cluster.Intent.Wish] = [.ready, .drain, .maint, .weight(Int64(byte))]
    return Intents([
      Cluster.Intent(
        row: row, wish: wishes[Int(byte & 3)], actor: state.changes.actor, note: "why",
        since: past(Int64(byte >> 2)))
    ])
  }

  private func graph(_ next: () -> UInt8) -> Action {
    let subject: GraphSubject = state.askedGraph?.subject ?? .cluster
    let span = TimeSpan(.seconds(Int(next()) * 30), until: past(Int64(next())))
    let columns = state.askedGraph?.columns ?? Int(next())
    let request = GraphRequest(subject: subject, span: span, columns: columns)
    var series: [Metric: GraphSeries] = [:]
    for metric in Metric.allCases {
      let points = (0..<3).map { place in
        GraphPoint(
          readAt: past(Int64(place) * 20), interval: .seconds(1), value: Double(next()) * 1e3, weight: 1)
      }
      series[metric] = GraphSeries(span: span, columns: columns, points: points)
    }
    return .graph(GraphPicture(request, series: series))
  }

  private func incidents(_ next: () -> UInt8) -> IncidentsPicture {
    let incidents = (0..<Int(next() & 7)).map { place in
      Incident(
        start: past(Int64(next()) * 60), end: next() & 1 == 0 ? nil : past(Int64(next())),
        nodes: [NodeName("web1")],
        worst: .down, isOutage: place == 1, worstErrorRate: Double(next()) / 255, requests: 5,
        failed: Int64(next()),
        events: Desk.events)
    }
    return IncidentsPicture(incidents: incidents)
  }
}

extension Array {
  /// One of them, by a number that may be larger than there are any.
  fileprivate func randomlyButSurely(_ number: Int) -> Element? { isEmpty ? nil : self[number % count] }
}
