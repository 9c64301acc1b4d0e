import Cluster
import TestSupport
import Testing

@testable import History

struct TimelineTests {
  @Test func framesAreFoundByTheirTime() throws {
    let store = try Store()
    try store.open()
    store.record(100)
    let timeline = try store.timeline()
    for place in [0, 1, 15, 16, 17, 50, 98, 99] {
      let wall = store.frames[place].at.wall
      for time in [wall, wall + 0.3] {
        let found = try timeline.frames(endingAt: time, count: 20)
        #expect(
          found.map { FramePicture($0.frame) }
            == store.frames[max(0, place - 19)...place].map(FramePicture.init))
        #expect(found.last?.sequence == Int64(place + 1))
      }
    }
    #expect(try timeline.frames(endingAt: store.frames[0].at.wall + -1, count: 5).isEmpty)
    let span = store.frames[20].at.wall...store.frames[60].at.wall
    #expect(try timeline.frames(in: span, limit: 1000).map(\.sequence) == Array(21...61))
    #expect(try timeline.frames(in: span, limit: 5).map(\.sequence) == Array(21...25))
    let between = (store.frames[20].at.wall + 0.1)...(store.frames[21].at.wall + -0.1)
    #expect(try timeline.frames(in: between, limit: 5).isEmpty)
  }

  @Test func stepsGoThroughEveryFrameBothWays() throws {
    let store = try Store()
    try store.open()
    store.record(70)
    let timeline = try store.timeline()
    var place: FrameNumber = 0
    var seen: [FramePicture] = []
    while let next = try timeline.frame(after: place) {
      seen.append(FramePicture(next.frame))
      place = next.sequence
    }
    #expect(seen == store.frames.map(FramePicture.init))
    while let next = try timeline.frame(before: place) {
      #expect(FramePicture(next.frame) == FramePicture(store.frames[Int(next.sequence) - 1]))
      place = next.sequence
    }
    #expect(place == 1)
  }

  @Test func aReaderSeesWhatIsWrittenMeanwhile() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    let timeline = try store.timeline()
    var mark = Timeline.Mark.beginning
    for round in 1...60 {
      store.record(1)
      let event = Event(at: store.maker.moment.wall, node: nil, change: .appeared)
      store.recorder?.record([event])
      let news = try #require(try timeline.news(since: mark))
      let expected = round == 1 ? store.frames[...] : store.frames.suffix(1)
      #expect(news.frames.map { FramePicture($0.frame) } == expected.map(FramePicture.init))
      #expect(try news.events.map { try $0.event.get() } == [event])
      mark = news.mark
      #expect(try timeline.news(since: mark) == nil)
    }
    #expect(try timeline.span()?.last == 63)
  }

  @Test func aFollowerThatWantsNoPastBeginsAtTheEnd() throws {
    let store = try Store()
    try store.open()
    store.record(20)
    let timeline = try store.timeline()
    let mark = try timeline.mark()
    store.record(2)
    #expect(try timeline.news(since: mark)?.frames.map(\.sequence) == [21, 22])
  }

  @Test func aStoreThatWasReplacedIsNoticed() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    let timeline = try store.timeline()
    #expect(!timeline.isReplaced)
    store.close()
    _ = try StoreFiles.setAside(store.path, at: store.maker.moment.wall)
    try store.open()
    #expect(timeline.isReplaced)
    #expect(try timeline.frames(in: 1...10).count == 3)
  }

  @Test func eventsAreFoundByTimeAndKind() throws {
    let store = try Store()
    try store.open()
    var events: [Event] = []
    for place in 0..<60 {
      let frame = store.maker.frame()
      let change: Event.Change =
        place % 10 == 0
        ? .health(from: .up, to: Verdict(.down))
        : place % 10 == 5 ? .health(from: .down, to: Verdict(.up)) : .appeared
      let event = Event(at: frame.at.wall, node: NodeName("a"), change: change)
      events.append(event)
      store.record(frame, events: [event])
    }
    let timeline = try store.timeline()
    let all = try timeline.events(in: always, limit: 100)
    #expect(try all.map { try $0.event.get() } == events)
    #expect(all.map(\.sequence) == Array(1...60))
    #expect(try timeline.events(in: always, limit: 3, newestFirst: true).map(\.id) == [60, 59, 58])
    #expect(try timeline.events(in: events[3].at...events[7].at, limit: 100).map(\.id) == Array(4...8))
    #expect(try timeline.events(in: always, kinds: [.down], limit: 2).map(\.id) == [1, 11])
    #expect(try timeline.event(after: events[0].at, of: EventKind.troubles)?.id == 11)
    #expect(try timeline.event(after: events[0].at, of: [.up, .down])?.id == 6)
    #expect(try timeline.event(before: events[50].at, of: EventKind.troubles)?.id == 41)
    #expect(try timeline.event(before: events[0].at, of: EventKind.troubles) == nil)
    #expect(try timeline.event(after: events[59].at, of: [.appeared]) == nil)
  }

  @Test func aTimeBarHasTheWorstOfEachPieceAndTheGaps() throws {
    let store = try Store()
    try store.open()
    store.record(100)
    store.record(1, health: .down)
    store.record(99)
    store.close()
    store.maker.move(by: 200_000_000_000)
    try store.open()
    store.record(200)
    let start = try #require(store.frames.first?.at.wall)
    let timeline = try store.timeline()
    let strip = try timeline.strip(of: start..<start + 600, buckets: 60)
    #expect(strip.count == 60)
    func piece(_ place: Int) -> Int {
      Int((store.frames[place].at.wall.nanoseconds - start.nanoseconds) / 10_000_000_000)
    }
    #expect(strip.indices.filter { strip[$0].worst == .down } == [piece(100)])
    #expect(strip[5].worst == .up)
    #expect(strip.indices.filter { strip[$0].hasGap } == Array(piece(199)...piece(200)))
    #expect(strip[30].worst == nil)
    #expect(strip.map(\.ticks).reduce(0, +) == Int64(store.frames.count { !$0.isBetweenTicks }))
    // A day of it: what is worst is seen from afar too.
    let day = try timeline.strip(of: start + -43_200..<start + 43_200, buckets: 100)
    #expect(day.contains { $0.worst == .down && $0.hasGap })
  }

  @Test func aGapInWhichTheClockWasSetBackIsWhereItEnded() throws {
    let store = try Store()
    try store.open()
    store.record(100)
    let end = store.maker.moment.wall
    store.close()
    // It was off for a while, and came back with a clock that is some seconds behind.
    store.maker.move(by: 30_000_000_000)
    store.maker.setWall(end + -50)
    try store.open()
    store.record(30)
    let start = try #require(store.frames.first?.at.wall)
    let timeline = try store.timeline()
    let gap = try #require(try timeline.gaps(in: start...end).last)
    #expect(gap.reason == .notRunning && gap.end < gap.start)
    let strip = try timeline.strip(of: start..<start + 120, buckets: 12)
    let place = Int((gap.end.nanoseconds - start.nanoseconds) / 10_000_000_000)
    #expect(strip.indices.filter { strip[$0].hasGap } == [place])
  }

  @Test func aBarWithMorePiecesThanTicksIsDrawnThroughBetweenThem() {
    let start = WallTime(nanoseconds: 1_700_000_000_000_000_000)
    func bucket(_ place: Int, _ worst: HealthState?, hasDrain: Bool = false, hasGap: Bool = false)
      -> StripBucket
    {
      let ticks: Int64 = worst == nil ? 0 : 1
      let time = start.advanced(by: .milliseconds(500 * place))
      return StripBucket(start: time, worst: worst, hasDrain: hasDrain, hasGap: hasGap, ticks: ticks)
    }
    // A tick a second, half a second a piece; then nothing for longer than anybody waits.
    let buckets =
      [bucket(0, .up), bucket(1, nil), bucket(2, .up, hasDrain: true), bucket(3, nil)]
      + (4..<12).map { bucket($0, nil) } + [bucket(12, .up), bucket(13, nil, hasGap: true), bucket(14, nil)]
    let span = TimeSpan(from: start, to: start.advanced(by: .milliseconds(7500)))
    let parts = TimeStrip(span: span, buckets: buckets, interval: .seconds(1)).parts
    #expect(parts[0] == parts[1] && parts[1] == .init(worst: .up))
    #expect(parts[2...8].allSatisfy { $0 == .init(worst: .up, hasChange: true) })
    #expect(parts[9...11].allSatisfy { $0.worst == nil && !$0.hasChange })
    #expect(parts[13] == .init(isGap: true) && parts[14].worst == nil)
    // What begins between two ticks begins with the one that ends there; what begins before all of them does not.
    func begun(_ silent: Int) -> [TimeStrip.Part] {
      let buckets = (0..<silent).map { bucket($0, nil) } + [bucket(silent, .up)]
      let span = TimeSpan(from: start, to: start.advanced(by: .milliseconds(500 * buckets.count)))
      return TimeStrip(span: span, buckets: buckets, interval: .seconds(1)).parts
    }
    #expect(begun(2) == Array(repeating: .init(worst: .up), count: 3))
    #expect(begun(3).map(\.worst) == [nil, nil, nil, .up])
  }

  @Test func whatASilentSourceSaidLastIsFound() throws {
    let store = try Store()
    try store.open()
    func record(_ count: Int, without silent: Int?) {
      for _ in 0..<count {
        var frame = store.maker.frame()
        frame.readings.removeAll { $0.source.index == silent }
        store.record(frame)
      }
    }
    record(40, without: nil)
    record(60, without: 2)
    let timeline = try store.timeline()
    for place in [50, 75, 99] {
      let found = try timeline.lastSamples(of: [SourceID(2)], before: Int64(place))
      let last = store.frames[..<40].enumerated().last { _, frame in
        frame.readings.contains { reading in
          if case .sample = reading.outcome { reading.source.index == 2 } else { false }
        }
      }
      #expect(found.map(\.sequence) == [Int64((last?.offset ?? -2) + 1)])
      #expect(found.first?.frame.readings.map(\.source.index) == [2])
    }
    #expect(try timeline.lastSamples(of: [SourceID(9)], before: 50).isEmpty)
    #expect(try timeline.lastSamples(of: [SourceID(2)], before: 99, chunks: 1).isEmpty)
  }

  @Test func thereIsNothingInAnEmptyStore() throws {
    let store = try Store()
    try store.open()
    let timeline = try store.timeline()
    #expect(try timeline.span() == nil)
    #expect(try timeline.frames(endingAt: WallTime(nanoseconds: .max), count: 10).isEmpty)
    #expect(try timeline.frame(after: 0) == nil)
    #expect(
      try timeline.strip(of: WallTime(nanoseconds: 0)..<WallTime(nanoseconds: 1000), buckets: 3).count == 3)
    #expect(throws: StoreFailure.missing(path: "/nowhere/at.all")) { try Timeline(path: "/nowhere/at.all") }
  }
}

struct ReplayTests {
  /// Everything that is shown is a function of frames: the past is folded like the present.
  @Test func theFoldedPastIsWhatWasSeen() throws {
    let store = try Store()
    try store.open()
    var script = ClusterPlay()
    var model = ClusterModel(layout: ClusterPlay.layout)
    var seen: [String] = []
    var events: [Event] = []
    for _ in 0..<90 {
      let frame = script.frame()
      let new = model.advance(with: frame)
      events += new
      #expect(store.recorder?.record(frame, model.snapshot, events: new) == nil)
      seen.append(picture(of: model.snapshot))
    }
    let timeline = try store.timeline()
    var replay = ClusterModel(layout: ClusterPlay.layout)
    var replayed: [Event] = []
    for (place, recorded) in try timeline.frames(in: 1...90).enumerated() {
      replayed += replay.advance(with: recorded.frame)
      #expect(picture(of: replay.snapshot) == seen[place], "frame \(place)")
    }
    #expect(replayed == events)
    #expect(!events.isEmpty)
    #expect(try timeline.events(in: always, limit: 1000).map { try $0.event.get() }.count == events.count)
  }

  /// What people set comes from no frame: it is folded from the events of the store.
  @Test func whatWasLostIsLostInTheReplayToo() throws {
    let store = try Store()
    try store.open()
    var script = ClusterPlay()
    var model = ClusterModel(layout: ClusterPlay.layout)
    let row = ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "web", server: "s12"))
    let actor = Actor(user: "ops", host: "bastion", terminal: "pts/3")
    var lost: [[LostIntent]] = []
    var verdicts: [[Verdict]] = []
    // It is drained by hand in the seventieth second, and ten seconds later it is not any more.
    for second in 1...120 {
      let frame = script.frame()
      if second == 70 {
        model.adopt(
          Intents([
            Intent(
              row: row, wish: .drain, actor: actor, note: "",
              since: WallTime(nanoseconds: frame.at.wall.nanoseconds - 500_000_000))
          ]))
      }
      let events = model.advance(with: frame)
      #expect(store.recorder?.record(frame, model.snapshot, events: events) == nil)
      lost.append(model.snapshot.lost)
      verdicts.append(model.snapshot.nodes.map(\.verdict))
    }
    #expect(lost.last?.count == 1)
    let timeline = try store.timeline()
    // From the end, and step by step: a model that is kept on the way goes on with what came since.
    for order in [Array(85...120), Array((60...120).reversed()), [120, 75, 119]] {
      let replay = Replay(timeline) { _ in ClusterPlay.layout }
      for second in order {
        let moment = try #require(try replay.moment(at: Int64(second)))
        let found = moment.model.snapshot
        #expect(found.lost.map(\.intent.row) == lost[second - 1].map(\.intent.row), "\(second)")
        #expect(found.lost.map(\.at) == lost[second - 1].map(\.at), "\(second)")
        #expect(found.lost.map(\.cause) == lost[second - 1].map(\.cause), "\(second)")
        #expect(found.nodes.map(\.verdict) == verdicts[second - 1], "\(second)")
      }
    }
  }

  private func picture(of snapshot: Snapshot) -> String {
    "\(snapshot.at) \(snapshot.nodes) \(snapshot.servers) \(snapshot.proxies) \(snapshot.total) \(snapshot.health) "
      + "\(snapshot.sources)"
  }
}

/// A load balancer with two servers, one of which fails, is drained, and once the load balancer begins anew.
struct ClusterPlay {
  static let layout = Layout(
    cluster: "test",
    tiers: [
      Layout.Tier(
        name: TierName("lb"),
        nodes: [Layout.Node(name: NodeName("lb1"), haproxy: .unix(path: "/run/lb1.sock"))]),
      Layout.Tier(
        name: TierName("web"),
        nodes: ["11", "12"].map {
          Layout.Node(name: NodeName("web\($0)"), address: SocketAddress(parsing: "10.0.2.\($0):80"))
        }),
    ])
  private var second: Int64 = 0
  /// When it does not answer.
  var silence: Range<Int64> = 40..<45
  private var roster = Roster(
    rows: [Roster.Row(proxy: "www", name: "FRONTEND", kind: .frontend, mode: "http")]
      + ["11", "12"].map {
        Roster.Row(proxy: "web", name: "s\($0)", kind: .server, address: "10.0.2.\($0):80", mode: "http")
      } + [Roster.Row(proxy: "web", name: "BACKEND", kind: .backend, mode: "http")])

  /// Lets time pass in which nobody looks.
  mutating func pass(seconds: Int64) { second += seconds }

  mutating func frame() -> Frame {
    second += 1
    let at = Moment(
      wall: WallTime(nanoseconds: 1_700_000_000_000_000_000 + second * 1_000_000_000),
      uptime: Uptime(nanoseconds: second * 1_000_000_000))
    if silence.contains(second) {
      return Frame(
        at: at,
        readings: [Reading(source: SourceID(0), at: at, took: .milliseconds(9), outcome: .failure(.refused))])
    }
    let counted = second > 60 ? second - 60 : second
    var figures: [Int64] = []
    var notes: [String] = []
    for row in 0..<4 {
      var own = [Int64](repeating: StatTable.absent, count: StatFigure.count)
      for figure in [StatFigure.stot, .reqTot, .hrsp2xx] { own[figure.rawValue] = counted * 10 }
      own[StatFigure.hrsp5xx.rawValue] = second > 20 && row == 1 ? second : 0
      own[StatFigure.scur.rawValue] = second % 5
      own[StatFigure.rtime.rawValue] = 20 + second % 3
      own[StatFigure.weight.rawValue] = 1
      figures += own
      notes += [row == 1 && (10..<15).contains(second) ? "DOWN" : "UP", "L7OK", "", "", "", ""]
    }
    var info = ProxyInfo(version: "2.6.12", node: "lb1")
    info.pid = second > 60 ? 8 : 7
    let states = ["11", "12"].map {
      ServerStateTable.Row(
        backend: "web", server: "s\($0)", operational: .running,
        admin: $0 == "12" && (70..<80).contains(second) ? .forcedDrain : [], weight: 1, configuredWeight: 1)
    }
    let sample = ProxySample(
      stat: StatTable(roster: roster, figures: figures, notes: notes), info: info,
      servers: ServerStateTable(rows: states), level: .admin)
    return Frame(
      at: at,
      readings: [
        Reading(source: SourceID(0), at: at, took: .milliseconds(1), outcome: .sample(.proxy(sample)))
      ], isBetweenTicks: second % 11 == 0)
  }

  @Test(arguments: 1...4) func whatIsKnownOfFramesWithoutReadingThemIsSo(seed: UInt64) throws {
    let store = try Store(seed: seed)
    try store.open()
    store.record(70)
    store.close()
    store.maker.move(by: 60_000_000_000)
    try store.open()
    store.record(45)
    let timeline = try store.timeline()
    for range in [1...200, 1...1, 30...31, 60...80, 115...115, 116...300] as [ClosedRange<FrameNumber>] {
      let frames = try timeline.frames(in: range)
      let marks = try timeline.marks(in: range)
      #expect(marks.map(\.sequence) == frames.map(\.sequence))
      #expect(marks.map(\.layout) == frames.map(\.layout))
      #expect(marks.map(\.stretch) == frames.map(\.stretch))
      #expect(marks.map(\.isBetweenTicks) == frames.map(\.frame.isBetweenTicks))
      for frame in frames { #expect(try timeline.wall(of: frame.sequence) == frame.frame.at.wall) }
    }
  }

  @Test func whoWasInTroubleWhenRecordingEndedIsKnownFromTheEvents() throws {
    let store = try Store()
    func record(_ node: String, _ change: Event.Change) {
      let frame = store.maker.frame()
      store.record(frame, events: [Event(at: frame.at.wall, node: NodeName(node), change: change)])
    }
    func health(_ state: HealthState, _ reason: HealthReason? = nil) -> Event.Change {
      .health(from: .up, to: Verdict(state, reason))
    }
    func troubles() throws -> [String: HealthState] {
      let found = try store.timeline().troubles(sincePausesOf: .seconds(10))
      return Dictionary(uniqueKeysWithValues: found.map { ($0.key.text, $0.value) })
    }
    try store.open()
    record("a", health(.down))
    record("b", health(.degraded))
    record("b", health(.up))
    record("c", health(.stale))
    record("c", .vanished)
    record("d", health(.maint))
    record("e", health(.unknown, .neverRead(.refused)))
    record("f", health(.unknown))
    #expect(try troubles() == ["a": .down, "e": .unknown])
    // A pause that is short is none, and a longer one begins anew.
    store.close()
    store.maker.move(by: 5_000_000_000)
    try store.open()
    store.record(3)
    record("b", health(.down))
    #expect(try troubles() == ["a": .down, "b": .down, "e": .unknown])
    store.close()
    store.maker.move(by: 15_000_000_000)
    try store.open()
    record("g", health(.degraded))
    #expect(try troubles() == ["g": .degraded])
  }
}
