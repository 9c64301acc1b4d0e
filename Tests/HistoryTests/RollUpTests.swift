import Cluster
import TestSupport
import Testing

@testable import History

struct RollUpTests {
  private static let layout = Layout(
    cluster: "test", interval: .seconds(10),
    tiers: [
      Layout.Tier(
        name: TierName("web"),
        nodes: ["web1", "web2"].map { Layout.Node(name: NodeName($0), nginx: .unix(path: "/run/\($0).sock")) }
      )
    ])
  /// The beginning of an hour.
  private static let start = WallTime(nanoseconds: 1_699_999_200_000_000_000)

  private func snapshot(
    _ seconds: Double, qps: [Double?], latency: Double? = nil, errors: Int64 = 0, state: HealthState = .up
  ) -> Snapshot {
    var snapshot = ClusterModel(layout: RollUpTests.layout).snapshot
    snapshot.at = Moment(
      wall: RollUpTests.start + seconds, uptime: Uptime(nanoseconds: Int64(seconds * 1e9)))
    snapshot.health = state
    for (place, value) in qps.enumerated() {
      guard let value else { continue }
      var traffic = Traffic()
      traffic.qps = value
      traffic.requests = Int64(value * 10)
      traffic.attempts = traffic.requests
      traffic.errors = errors
      traffic.errorRate = value > 0 ? Double(errors) / (value * 10) : nil
      traffic.latency = latency
      snapshot.nodes[place].traffic = traffic
      snapshot.nodes[place].age = .zero
      snapshot.nodes[place].sessions = Int64(place + 1)
    }
    return snapshot
  }

  @Test func meansAreWeightedByWhatTheyAreMeansOf() throws {
    var window = MinuteWindow()
    window.add(snapshot(0, qps: [1, nil], latency: 100))
    window.add(snapshot(10, qps: [9, nil], latency: 10, errors: 9))
    #expect(window.minute == 28_333_320)
    let values = Dictionary(uniqueKeysWithValues: window.take().map { ($0.series, $0.rollUps) })
    let web1 = try #require(values[.node(NodeName("web1"))])
    #expect(web1[.qps] == RollUp(minimum: 1, mean: 5, maximum: 9, count: 2, weight: 2))
    #expect(web1[.latency] == RollUp(minimum: 10, mean: 19, maximum: 100, count: 2, weight: 100))
    let rate = try #require(web1[.errorRate])
    #expect(abs(rate.mean * Double(rate.weight) - 9) < 1e-9)
    #expect(rate.maximum == 0.1)
    #expect(web1[.sessions] == RollUp(minimum: 1, mean: 1, maximum: 1, count: 2, weight: 2))
    // Who said nothing has no figures, not figures of 0.
    #expect(values[.node(NodeName("web2"))] == nil)
    #expect(values[.tier(TierName("web"))]?[.qps]?.mean == 5)
  }

  @Test func whatIsOldIsNotCountedAgain() {
    var window = MinuteWindow()
    window.add(snapshot(0, qps: [4, 4]))
    var stale = snapshot(10, qps: [4, 4])
    stale.nodes[1].age = .seconds(10)
    window.add(stale)
    let values = Dictionary(uniqueKeysWithValues: window.take().map { ($0.series, $0.rollUps) })
    #expect(values[.node(NodeName("web1"))]?[.qps]?.count == 2)
    #expect(values[.node(NodeName("web2"))]?[.qps]?.count == 1)
  }

  @Test func partsMergeToTheWholeInAnyOrder() {
    let values: [(Double, Int64)] = [(1, 10), (5, 1), (0, 0), (1e9, 3), (2, 1_000_000)]
    func merged(_ values: [(Double, Int64)]) -> RollUp? {
      values.reduce(nil) { sum, value in
        var next = sum
        next?.merge(RollUp(value.0, weight: value.1))
        return next ?? RollUp(value.0, weight: value.1)
      }
    }
    let forward = merged(values)
    let backward = merged(values.reversed())
    let mean = values.reduce(0) { $0 + $1.0 * Double($1.1) } / 1_000_014
    for rollUp in [forward, backward] {
      #expect(rollUp?.minimum == 0)
      #expect(rollUp?.maximum == 1e9)
      #expect(rollUp?.weight == 1_000_014)
      #expect(rollUp?.count == 5)
      #expect(abs((rollUp?.mean ?? 0) - mean) < mean * 1e-10)
    }
  }

  /// Ticks of ten seconds from one time to another, with a rate that is the number of the minute.
  private func record(_ store: Store, seconds: ClosedRange<Int>) throws {
    let recorder = try Recorder(
      path: store.path, cluster: "test", options: store.options, now: RollUpTests.start
    ) { _ in RollUpTests.layout }
    recorder.begin(layout: "cluster: test", description: "")
    for second in stride(from: seconds.lowerBound, through: seconds.upperBound, by: 10) {
      let snapshot = snapshot(
        Double(second), qps: [Double(second / 60), 1], state: second / 60 == 70 ? .down : .up)
      let trouble = recorder.record(Frame(at: snapshot.at, readings: []), snapshot, events: [])
      #expect(trouble == nil)
    }
  }

  @Test func howItServedIsKeptMinuteByMinuteAcrossRestarts() throws {
    let store = try Store()
    // The second program goes on in the minute in which the first one ended.
    try record(store, seconds: 0...150)
    try record(store, seconds: 160...400)
    let minutes = try #require(try store.timeline().service(since: RollUpTests.start)[.cluster])
    #expect(minutes.map(\.at) == minutes.map(\.at).sorted())
    #expect(Set(minutes.map(\.at)).count == minutes.count)
    #expect(minutes.count >= 5)
    #expect(minutes.allSatisfy { $0.known + $0.unknown == ServiceMinute.length && $0.down == .zero })
    let later = try store.timeline().service(since: RollUpTests.start.advanced(by: .seconds(200)))
    #expect((later[.cluster]?.count ?? 0) < minutes.count)
  }

  @Test func minutesAndHoursAreThereWhenTheyAreOver() throws {
    let store = try Store()
    try record(store, seconds: 0...9000)
    let timeline = try store.timeline()
    #expect(
      try timeline.series() == [
        .cluster, .tier(TierName("web")), .node(NodeName("web1")), .node(NodeName("web2")),
      ]
        || Set(timeline.series()).count == 3)
    let minutes = try timeline.rollUps(of: .node(NodeName("web1")), in: always, by: .minute)
    #expect(minutes.map(\.start) == (0..<150).map { RollUpTests.start + Double($0 * 60) })
    #expect(minutes.map { $0.rollUps[.qps]?.mean } == (0..<150).map { Double($0) })
    #expect(minutes.allSatisfy { $0.rollUps[.qps]?.count == 6 })
    let hours = try timeline.rollUps(of: .node(NodeName("web1")), in: always, by: .hour)
    #expect(hours.map(\.start) == [RollUpTests.start, RollUpTests.start + 3600])
    #expect(hours.map { $0.rollUps[.qps]?.mean } == [29.5, 89.5])
    #expect(hours.map { $0.rollUps[.qps]?.minimum } == [0, 60])
    #expect(hours.map { $0.rollUps[.qps]?.count } == [360, 360])
    let span = (RollUpTests.start + 3540)...(RollUpTests.start + 3660)
    #expect(try timeline.rollUps(of: .tier(TierName("web")), in: span, by: .minute).count == 3)
    #expect(try timeline.rollUps(of: .node(NodeName("nobody")), in: span, by: .minute).isEmpty)
    // The bar of a day is made of minutes, and has the bad one.
    let strip = try timeline.strip(of: RollUpTests.start..<RollUpTests.start + 36_000, buckets: 100)
    #expect(strip.indices.filter { strip[$0].worst == .down } == [11])
    #expect(strip.map(\.ticks).reduce(0, +) == 901)
  }

  /// Of the last hours some are in blocks, one is on the way there, and one is not over.
  @Test(arguments: [600, 3600, 7210, 7400, 7600, 9000]) func aFileHasTheMinutesOfAllHours(seconds: Int) throws
  {
    let store = try Store()
    try record(store, seconds: 0...seconds)
    let timeline = try store.timeline()
    let span = TimeSpan(from: RollUpTests.start, to: RollUpTests.start + Double(seconds))
    let file = store.scratch.file("saved.tiertop")
    let export = try StoreExport(
      of: span, in: timeline, to: file,
      StoreExport.Options(cluster: "test", madeBy: "", now: span.end, shareable: { $0 }))
    while try export.step() == nil {}
    let saved = try ReplayFile(path: file).timeline
    let minutes = try timeline.rollUps(of: .node(NodeName("web1")), in: always, by: .minute)
    #expect(minutes.count == seconds / 60)
    for series in try timeline.series() {
      let minutes = try timeline.rollUps(of: series, in: always, by: .minute)
      #expect(try saved.rollUps(of: series, in: always, by: .minute) == minutes)
    }
  }

  @Test func anHourThatIsOnItsWayIntoBlocksIsThereOnce() throws {
    let store = try Store()
    try record(store, seconds: 0...3590)
    let database = try Database(path: store.path, mode: .recording)
    let zstd = Zstd()
    var rollUps = RollUpStore()
    let before = try store.timeline().rollUps(of: .node(NodeName("web2")), in: always, by: .minute)
    #expect(before.count == 59)
    var steps = 0
    while try rollUps.step(now: RollUpTests.start + 7300, database, zstd) {
      steps += 1
      let timeline = try store.timeline()
      #expect(try timeline.rollUps(of: .node(NodeName("web2")), in: always, by: .minute) == before)
    }
    #expect(steps > 2)
    #expect(try database.number("SELECT count(*) FROM minutes") == 0)
  }

  @Test func aMinuteThatARecorderLeftIsMadeOfItsFrames() throws {
    let store = try Store()
    var options = store.options
    options.chunkFrames = 8
    var script = WebScript()
    func record(_ ticks: Int) throws {
      let recorder = try Recorder(
        path: store.path, cluster: "test", options: options, now: script.now
      ) { _ in WebScript.layout }
      recorder.begin(layout: "cluster: test", description: "")
      var model = ClusterModel(layout: WebScript.layout)
      for _ in 0..<ticks {
        let frame = script.frame()
        let events = model.advance(with: frame)
        #expect(recorder.record(frame, model.snapshot, events: events) == nil)
      }
    }
    // In the middle of a minute it ends, as a program does that is killed; the next goes on within it.
    try record(100)
    try record(100)
    let timeline = try store.timeline()
    let points = try timeline.rollUps(of: .cluster, in: always, by: .minute)
    let whole = points.compactMap { $0.rollUps[.qps]?.count }
    // Each recorder's first tick has no rate: there is nothing before it.
    #expect(whole.reduce(0, +) >= 180 - 2 - 20)
    #expect(points.count == 3)
    #expect(whole[1] >= 58)
  }

  /// Large frames, one web server, and a recorder that ends in the middle of a minute: what is there of its minutes
  /// in the end, where so many slices of what was left are summed up with each frame of the next one.
  private func minutes(slicesAFrame slices: Int) throws -> (Int, [RollUpPoint], [StripBucket]) {
    let layout = Layout(
      cluster: "test",
      tiers: [
        Layout.Tier(
          name: TierName("web"),
          nodes: [
            Layout.Node(name: NodeName("web1"), nginx: .unix(path: "/run/w.sock")),
            Layout.Node(name: NodeName("lb1"), haproxy: .unix(path: "/run/lb1.sock")),
          ])
      ])
    let store = try Store()
    var (script, crowd) = (WebScript(), Crowd(servers: 600, source: SourceID(1)))
    var left = 0
    for ticks in [30, 100] {
      let recorder = try Recorder(
        path: store.path, cluster: "test", options: store.options, now: script.now
      ) { _ in layout }
      recorder.begin(layout: "cluster: test", description: "")
      var model = ClusterModel(layout: layout)
      for _ in 0..<ticks {
        var frame = script.frame()
        frame.readings += crowd.frame().readings
        let events = model.advance(with: frame)
        #expect(recorder.record(frame, model.snapshot, events: events) == nil)
        for _ in 0..<slices where recorder.hasBacklog {
          left += 1
          _ = recorder.sumUp()
        }
      }
      #expect(!recorder.hasBacklog)
    }
    let timeline = try store.timeline()
    let points = try timeline.rollUps(of: .node(NodeName("web1")), in: always, by: .minute)
    let span = try #require(try timeline.span())
    let strip = try timeline.strip(of: span.start..<span.start.advanced(by: .seconds(36_000)), buckets: 100)
    return (left, points, strip)
  }

  @Test func whatARecorderLeftIsSummedUpInSlicesWithTheSameOutcome() throws {
    let (atOnce, wanted, strip) = try minutes(slicesAFrame: 1000)
    // A frame is a slice: 30 frames, and one that finds nothing more.
    #expect(atOnce == 31)
    #expect(wanted.map { $0.rollUps[.qps]?.count } == [57, 60])
    for slices in [0, 1, 2] {
      let (_, points, own) = try minutes(slicesAFrame: slices)
      #expect(points.map(\.start) == wanted.map(\.start), "\(slices)")
      for (point, other) in zip(points, wanted) {
        for metric in Metric.allCases {
          let (one, two) = (point.rollUps[metric], other.rollUps[metric])
          #expect(one?.count == two?.count && one?.weight == two?.weight, "\(slices) \(metric)")
          #expect(one?.minimum == two?.minimum && one?.maximum == two?.maximum)
          #expect(abs((one?.mean ?? 0) - (two?.mean ?? 0)) < 1e-4)
        }
      }
      #expect(own.map(\.ticks) == strip.map(\.ticks))
    }
  }
}

/// One web server that takes ten requests a second.
private struct WebScript {
  static let layout = Layout(
    cluster: "test",
    tiers: [
      Layout.Tier(
        name: TierName("web"), nodes: [Layout.Node(name: NodeName("web1"), nginx: .unix(path: "/run/w.sock"))]
      )
    ])
  private var second: Int64 = 0

  var now: WallTime { WallTime(nanoseconds: 1_699_999_200_000_000_000 + second * 1_000_000_000) }

  mutating func frame() -> Frame {
    second += 1
    let at = Moment(wall: now, uptime: Uptime(nanoseconds: second * 1_000_000_000))
    let status = StubStatus(
      active: 1, accepts: second * 10, handled: second * 10, requests: second * 11, reading: 0, writing: 1,
      waiting: 0)
    return Frame(
      at: at,
      readings: [Reading(source: SourceID(0), at: at, took: .milliseconds(1), outcome: .sample(.web(status)))]
    )
  }

  @Test func moreRequestsThanAnyNumberHoldsAreAsManyAsItHolds() {
    var sum = RollUp(10, weight: .max)
    sum.merge(RollUp(20, weight: .max))
    #expect(sum.weight == .max && sum.count == 2 && sum.mean >= 10 && sum.mean <= 20)
  }
}
