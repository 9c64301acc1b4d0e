import Cluster
import TestSupport
import Testing

@testable import History

struct EventTests {
  static let time = WallTime(nanoseconds: 1_700_000_000_123_456_789)
  static let actor = Actor(user: "anna \"x\"", host: "bastion", terminal: "pts/3")
  static let server = ServerID(backend: "web,a/b%", server: "web 1=é")

  /// Every case, with contents that are hard to write.
  static let changes: [Event.Change] = {
    let lost = LostIntent(
      intent: Intent(
        row: ServerRow(balancer: NodeName("lb1"), server: server), wish: .weight(30), actor: actor,
        note: "kernel \\ update\n", since: time),
      found: Standing(admin: .ready, weight: 100), cause: .reset(.newProcess(pid: 7)), at: time)
    var other = lost
    other.intent.wish = .drain
    other.found = Standing(admin: .maint, weight: nil)
    other.cause = .other
    var all: [Event.Change] = [
      .admin(server, from: .ready, to: .drain, by: actor), .admin(server, from: .maint, to: .ready, by: nil),
      .weight(server, from: 100, to: 0, by: actor), .weight(server, from: .min, to: .max, by: nil),
      .lost(lost), .lost(other), .reset(.haproxy, reason: .restarted), .reset(.nginx, reason: .counterFell),
      .reset(.haproxy, reason: .newProcess(pid: 9)), .sourceBack(.nginx), .appeared, .vanished,
      .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: .milliseconds(240)),
      .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: nil),
    ]
    all += reasons.map { .health(from: .up, to: Verdict(.degraded, $0)) }
    all += zip(reasons, reasons.dropFirst()).map { .reason(from: $0, to: $1) }
    all += HealthState.allCases.map { .health(from: $0, to: Verdict($0)) }
    all += FrameMaker.failures.filter {
      $0 != .timedOut(after: Duration(secondsComponent: 1, attosecondsComponent: 1), received: 0)
    }
    .map { .sourceLost(.haproxy, $0) }
    let outcomes: [StepOutcome] = [
      .done, .refused(words: "Permission denied"), .ineffective(Standing(admin: .drain, weight: 3)),
      .unsent(.refused), .unknown(.timedOut(after: .milliseconds(5), received: 3)),
    ]
    let actions: [ServerAction] = [.set(.drain), .set(.ready), .weight(5), .shutdownSessions]
    let purposes: [Change.Purpose] = [.wish, .retry, .undo, .reapply, .hold]
    for (place, outcome) in outcomes.enumerated() {
      all.append(
        .changed(
          ChangeNews(
            action: actions[place % actions.count],
            servers: place == 0 ? [] : [server, ServerID(backend: "", server: "")],
            outcome: outcome, purpose: purposes[place], actor: actor, note: "why = \"this\"")))
    }
    return all
  }()

  static let reasons: [HealthReason] = [
    .errorRate(0.1, limit: 0.02), .latency(1.0 / 3, limit: 1e300), .queue(.max, limit: 10),
    .inUse(95, of: 100, .sessions, limit: 0.9), .inUse(60, of: 60, .connections, limit: 0.9),
    .inUse(.max, of: 0, .frontend("www \"2\""), limit: 1), .connectionsDropped(7),
    .check(code: "L4CON", words: "connection \"refused\""),
    .goingDown(passed: 1, of: 3), .comingUp(passed: 0, of: 2), .sessionsLeft(41),
    .disagreement(state: .down, count: 1, of: 2), .server(server, state: .maint, count: 1, of: 4),
    .lost(.drain, on: [NodeName("lb1"), NodeName("lb,2")], .other, at: time),
    .lost(.weight(3), on: [], .reset(.restarted), at: time), .zeroWeight,
    .maintenance(words: "MAINT (via a/b)"),
    .workersBusy(4, waiting: 17),
    .replicationBroken(.connecting, applying: .running, words: "error \"x\""),
    .replicationLag(41.5, limit: 10), .followsWrong(NodeName("db1"), follows: "10.0.0.9:3306"),
    .followsWrong(NodeName("db1"), follows: ""), .secondPrimary(NodeName("db1")), .readOnlyPrimary,
    .routerFault, .addressNotHeld, .addressHeldTwice([NodeName("lb1"), NodeName("lb2")]),
    .addressSilent(.milliseconds(1200)), .nameNotFound(code: 3), .nameElsewhere(["10.0.0.1", "::1"]),
    .pathClosed(
      SocketAddress(host: "10.77.2.11", port: 80), .silent,
      PathEnds(from: NodeName("lb1"), to: NodeName("web1"))),
    .slowerThanOthers(312.5, others: 9),
    .pathOpen(SocketAddress(host: "2001:db8::1", port: 3306), PathEnds()),
    .backendDown(backend: "web"), .stopping, .severalProcesses, .silent(.seconds(22), .refused),
    .silent(.nanoseconds(1), nil), .pageSilent(nil, .http(status: 404)), .pageSilent(.seconds(3), .onlyAPage),
    .neverRead(nil), .neverRead(.unresolved(host: "a")), .notSeen,
  ]

  @Test(arguments: changes) func anEventIsReadAgainAsItWas(change: Event.Change) throws {
    for node in [NodeName("lb 1"), nil] {
      let event = Event(at: EventTests.time, node: node, change: change)
      let line = EventLine.text(of: event)
      #expect(!line.contains("\n"))
      #expect(try EventLine.event(from: line) == event)
    }
  }

  @Test func aLineThatIsCutIsAFault() throws {
    for change in EventTests.changes {
      let line = EventLine.text(of: Event(at: EventTests.time, node: nil, change: change))
      for end in stride(from: 0, to: line.utf8.count, by: 3) {
        let cut = String(decoding: line.utf8.prefix(end), as: UTF8.self)
        // A cut at the end of a field may leave an event without a part that need not be there.
        if let event = try? EventLine.event(from: cut) { #expect(event.at == EventTests.time) }
      }
    }
  }

  @Test func aNewerKindIsKeptAndSaid() throws {
    let line = "time=2026-11-21T12:00:00.000000000Z kind=moon phase=full"
    #expect(throws: EventFault.newerKind("moon")) { try EventLine.event(from: line) }
    let store = try Store()
    try store.open()
    store.record(1)
    let database = try Database(path: store.path, mode: .recording)
    try database.run("INSERT INTO events(sequence, at, kind, line) VALUES(1, 5, 77, '\(line)')")
    let event = try #require(try store.timeline().events(in: always, limit: 10).first)
    #expect(event.kind == .other)
    #expect(event.event == .failure(.newerKind("moon")))
    #expect(event.line == line)
  }

  @Test func aChangeOfManyServersIsSplitAndNoneIsMissing() throws {
    let servers = (0..<2000).map {
      ServerID(backend: String(repeating: "b", count: 60), server: "server-\($0)")
    }
    let event = Event(
      at: EventTests.time, node: NodeName("lb1"),
      change: .changed(
        ChangeNews(
          action: .set(.drain), servers: servers, outcome: .done, purpose: .wish, actor: EventTests.actor,
          note: "")))
    let store = try Store()
    try store.open()
    store.record(store.maker.frame(), events: [event])
    var found: [ServerID] = []
    for event in try store.timeline().events(in: always, limit: 100) {
      guard case .changed(let news) = try event.event.get().change else { continue }
      found += news.servers
    }
    #expect(found == servers)
  }
}
