import Cluster
import Testing

@testable import History

/// A moment of the past is shown from a few frames; what its trails show of the minutes before comes afterwards, and
/// nothing else changes then.
@Suite struct TrailTests {
  /// A cluster as it was seen live: the snapshots of each frame, counted from 1, and the trails of some.
  private struct Seen {
    let store: Store
    var snapshots: [String] = []
    var trails: [Int: [[Float]]] = [:]

    init(_ seconds: Int, chunk: Int = 64, silence: Range<Int64> = 40..<45, trailsAt places: [Int]) throws {
      store = try Store()
      store.options.chunkFrames = chunk
      try store.open()
      var script = ClusterPlay()
      script.silence = silence
      var model = ClusterModel(layout: ClusterPlay.layout)
      for second in 1...seconds {
        let frame = script.frame()
        let events = model.advance(with: frame)
        #expect(store.recorder?.record(frame, model.snapshot, events: events) == nil)
        snapshots.append(text(of: model.snapshot))
        if places.contains(second) { trails[second] = TrailTests.trails(of: model) }
      }
    }
  }

  private static func text(of snapshot: Snapshot) -> String {
    let snapshot = snapshot.withoutTotals(keepsTimes: true)
    return "\(snapshot.at) \(snapshot.nodes) \(snapshot.servers) \(snapshot.proxies) \(snapshot.edges) "
      + "\(snapshot.total) \(snapshot.health) \(snapshot.sources) \(snapshot.lost)"
  }

  private static func trails(of model: ClusterModel) -> [[Float]] {
    let topology = model.snapshot.topology
    let places = topology.nodes.indices.flatMap { place in
      Metric.allCases.map { model.trail(of: place, $0).slots }
    }
    let tiers = topology.tiers.indices.map { model.trail(ofTier: $0, .qps).slots }
    return places + tiers + [model.trailOfCluster(.qps).slots]
  }

  private static func isSame(_ one: [[Float]], _ other: [[Float]]) -> Bool {
    one.map { $0.map(\.bitPattern) } == other.map { $0.map(\.bitPattern) }
  }

  private static let places = [1, 2, 7, 14, 21, 41, 46, 61, 64, 65, 100, 333, 605, 640, 790, 800]

  @Test func theFirstPictureIsWhatWasSeenAndOnlyItsTrailsComeLater() throws {
    let seen = try Seen(800, trailsAt: TrailTests.places)
    let timeline = try seen.store.timeline()
    for place in TrailTests.places {
      let replay = Replay(timeline) { _ in ClusterPlay.layout }
      let first = try #require(try replay.moment(at: Int64(place)))
      #expect(TrailTests.text(of: first.model.snapshot) == seen.snapshots[place - 1], "\(place)")
      let filled = try replay.filled(first)
      #expect(filled.sequence == first.sequence && filled.hasTrails)
      #expect(TrailTests.text(of: filled.model.snapshot) == seen.snapshots[place - 1], "\(place), filled")
      let live = try #require(seen.trails[place])
      #expect(TrailTests.isSame(TrailTests.trails(of: filled.model), live), "\(place)")
      // What is shown takes over the trails alone.
      var shown = first.model
      shown.adoptTrails(of: filled.model)
      #expect(TrailTests.isSame(TrailTests.trails(of: shown), TrailTests.trails(of: filled.model)))
    }
  }

  @Test func stepsAfterAJumpShowWhatWasSeenBeforeAndAfterTheTrailsCame() throws {
    let seen = try Seen(800, trailsAt: [])
    let replay = Replay(try seen.store.timeline()) { _ in ClusterPlay.layout }
    for place in [Array((560...600).reversed()), Array(560...620)].joined() {
      let moment = try #require(try replay.moment(at: Int64(place)))
      #expect(TrailTests.text(of: moment.model.snapshot) == seen.snapshots[place - 1], "\(place)")
    }
    _ = try replay.filled(try #require(try replay.moment(at: 620)))
    for place in (500...620).reversed() {
      let moment = try #require(try replay.moment(at: Int64(place)))
      #expect(moment.hasTrails)
      #expect(TrailTests.text(of: moment.model.snapshot) == seen.snapshots[place - 1], "\(place), filled")
    }
  }

  @Test func whoHasBeenSilentForLongIsShownAsItWasLast() throws {
    let seen = try Seen(1400, silence: 100..<1300, trailsAt: [1200])
    let timeline = try seen.store.timeline()
    for place in [99, 100, 103, 104, 140, 900, 1200, 1299, 1300, 1301, 1400] {
      let replay = Replay(timeline) { _ in ClusterPlay.layout }
      let moment = try #require(try replay.moment(at: Int64(place)))
      #expect(TrailTests.text(of: moment.model.snapshot) == seen.snapshots[place - 1], "\(place)")
      let filled = try replay.filled(moment)
      #expect(TrailTests.text(of: filled.model.snapshot) == seen.snapshots[place - 1], "\(place), filled")
    }
  }

  @Test func whatNobodySawIsAGapInTheTrails() throws {
    let store = try Store()
    try store.open()
    var script = ClusterPlay()
    func record(_ seconds: Int) {
      var model = ClusterModel(layout: ClusterPlay.layout)
      for _ in 0..<seconds {
        let frame = script.frame()
        let events = model.advance(with: frame)
        #expect(store.recorder?.record(frame, model.snapshot, events: events) == nil)
      }
    }
    record(99)
    store.close()
    script.pass(seconds: 100)
    try store.open()
    record(50)
    let replay = Replay(try store.timeline()) { _ in ClusterPlay.layout }
    let first = try #require(try replay.moment(at: 149))
    // Frames between two ticks are no slots: one of eleven.
    let trail = try replay.filled(first).model.trailOfCluster(.qps).slots
    #expect(trail.count == 600)
    #expect(trail.suffix(44).allSatisfy { !$0.isNaN })
    #expect(trail.suffix(145).prefix(100).allSatisfy { $0.isNaN })
    #expect(trail.suffix(150).prefix(4).allSatisfy { !$0.isNaN })
  }

  @Test func aReadingGoesOnTowardsWhatIsOnItsWayAndTowardsNothingElse() throws {
    let seen = try Seen(800, trailsAt: [745])
    let replay = Replay(try seen.store.timeline()) { _ in ClusterPlay.layout }
    _ = try replay.moment(at: 740)
    let reading = try #require(try replay.trails(until: 740))
    #expect(try reading.step())
    _ = try replay.moment(at: 745)
    #expect(!reading.go(to: 200))
    #expect(!reading.go(to: 5000))
    #expect(reading.go(to: 745))
    while try reading.step() {}
    let moment = try #require(reading.moment)
    #expect(moment.sequence == 745)
    let live = try #require(seen.trails[745])
    #expect(TrailTests.isSame(TrailTests.trails(of: moment.model), live))
    #expect(try replay.trails(until: 745) == nil)
  }
}

extension Replay {
  /// The same moment with its trails.
  func filled(_ moment: Moment) throws -> Moment {
    guard let reading = try trails(until: moment.sequence) else { return moment }
    while try reading.step() {}
    return try #require(reading.moment)
  }
}

extension Snapshot {
  /// Without what is summed up while somebody watches; and without since when each node is as it is.
  func withoutTotals(keepsTimes: Bool) -> Snapshot {
    var copy = self
    for place in nodes.indices {
      copy.nodes[place].watched = nil
      copy.nodes[place].highestQPS = nil
      if !keepsTimes { copy.nodes[place].since = nil }
    }
    return copy
  }
}
