import Testing

@testable import Cluster

@Suite struct GraphTests {
  /// 2026-11-21, 14:30:00 UTC.
  static let start = WallTime(nanoseconds: 1_795_271_400_000_000_000)

  private func at(_ seconds: Int) -> WallTime { Self.start.advanced(by: .seconds(seconds)) }

  private func span(_ seconds: Int) -> TimeSpan { TimeSpan(from: at(0), to: at(seconds)) }

  private func tick(_ second: Int, _ value: Double, weight: Double = 1) -> GraphPoint {
    GraphPoint(readAt: at(second + 1), interval: .seconds(1), value: value, weight: weight)
  }

  private func minute(_ start: Int, _ mean: Double, weight: Double = 60) -> GraphPoint {
    GraphPoint(
      at: at(start), covering: .seconds(60), min: mean - 1, mean: mean, max: mean + 1, count: 60,
      weight: weight)
  }

  @Test func ticksAreGatheredIntoTheirColumns() {
    let series = GraphSeries(span: span(60), columns: 6, points: (0..<60).map { tick($0, Double($0)) })
    #expect(series.columns.map { $0?.count } == [10, 10, 10, 10, 10, 10])
    #expect(series.columns.map { $0?.min } == [0, 10, 20, 30, 40, 50])
    #expect(series.columns.map { $0?.max } == [9, 19, 29, 39, 49, 59])
    #expect(series.columns.map { $0?.mean } == [4.5, 14.5, 24.5, 34.5, 44.5, 54.5])
    #expect(series.overall == GraphSeries.Column(min: 0, mean: 29.5, max: 59, count: 60))
  }

  @Test func aGapStaysAGap() {
    let points = [0, 1, 2, 40, 41].map { tick($0, 7) }
    let series = GraphSeries(span: span(60), columns: 6, points: points)
    #expect(series.columns.map { $0 != nil } == [true, false, false, false, true, false])
    #expect(GraphSeries(span: span(60), columns: 3, points: []).overall == nil)
  }

  @Test func meansAreWeighedByRequests() {
    let busy = [tick(0, 10, weight: 900), tick(1, 100, weight: 100)]
    #expect(GraphSeries(span: span(10), columns: 1, points: busy).columns[0]?.mean == 19)
    // Where nobody asked anything, every tick has the same weight.
    let idle = [tick(0, 10, weight: 0), tick(1, 100, weight: 0)]
    #expect(GraphSeries(span: span(10), columns: 1, points: idle).columns[0]?.mean == 55)
  }

  @Test func aPointThatIsWiderThanAColumnFillsAllThatItCovers() {
    let series = GraphSeries(span: span(180), columns: 18, points: [minute(0, 5), minute(120, 9)])
    #expect(
      series.columns.map { $0?.mean } == Array(repeating: 5, count: 6) + Array(repeating: nil, count: 6)
        + Array(repeating: 9, count: 6))
    let cut = GraphSeries(span: TimeSpan(from: at(30), to: at(90)), columns: 6, points: [minute(0, 5)])
    #expect(cut.columns.map { $0?.max } == [6, 6, 6, nil, nil, nil])
  }

  @Test func whatIsOutsideOrNoNumberIsLeftOut() {
    let points = [tick(-5, 1), tick(60, 1), tick(5, .nan), tick(6, .infinity)]
    #expect(GraphSeries(span: span(60), columns: 6, points: points).columns.allSatisfy { $0 == nil })
    #expect(GraphSeries(span: span(60), columns: 0, points: points).columns.isEmpty)
    #expect(GraphSeries(span: span(0), columns: 2, points: points).columns == [nil, nil])
  }

  @Test(
    arguments: [
      (60, 200, .raw), (3600, 200, .raw), (3600, 80, .raw), (6 * 3600, 200, .minute),
      (86_400, 200, .minute), (86_400, 80, .minute), (7 * 86_400, 200, .hour), (7 * 86_400, 400, .minute),
      (30 * 86_400, 200, .hour), (730 * 86_400, 80, .hour), (86_400, 0, .hour),
    ] as [(Int, Int, Resolution)])
  func theResolutionIsTheCoarsestThatStillFillsTheColumns(seconds: Int, columns: Int, chosen: Resolution) {
    #expect(Resolution.choose(span: .seconds(seconds), columns: columns) == chosen)
  }

  @Test func zoomingGoesThroughTheStepsAndBack() {
    var span = TimeSpan(.seconds(60), until: at(0))
    for step in TimeSpan.zoomSteps.dropFirst() {
      span = span.zoomedOut(around: at(0))
      #expect(span.length == step)
      #expect(span.end == at(0))
    }
    #expect(span.zoomedOut(around: at(0)) == span)
    for step in TimeSpan.zoomSteps.dropLast().reversed() {
      span = span.zoomedIn(around: at(0))
      #expect(span.length == step)
    }
    #expect(span.zoomedIn() == span)
    #expect(TimeSpan(from: at(0), to: at(100)).zoomedOut().length == .seconds(300))
    #expect(TimeSpan(from: at(0), to: at(100)).zoomedIn().length == .seconds(60))
  }

  @Test func theAnchorStaysWhereItIsInThePicture() {
    let zoomed = span(3600).zoomedIn(around: at(900))
    #expect(zoomed.length == .seconds(900))
    #expect(zoomed.start == at(675))
    #expect(span(3600).zoomedIn() == TimeSpan(from: at(1350), to: at(2250)))
  }

  @Test func panningKeepsTheLengthAndStaysWithinBounds() {
    let hour = span(3600)
    #expect(hour.panned(by: -0.5) == TimeSpan(from: at(-1800), to: at(1800)))
    let bounds = TimeSpan(from: at(-1000), to: at(5000))
    #expect(hour.panned(by: -1).kept(within: bounds) == TimeSpan(from: at(-1000), to: at(2600)))
    #expect(hour.panned(by: 9).kept(within: bounds) == TimeSpan(from: at(1400), to: at(5000)))
    #expect(span(9000).kept(within: bounds) == TimeSpan(from: at(-4000), to: at(5000)))
  }

  @Test func theEndsOfTheCalendarAreNotPassed() {
    let late = TimeSpan(.seconds(60), until: WallTime(nanoseconds: .max))
    #expect(late.panned(by: 1e18).end == late.end)
    for step in [
      late.zoomedOut(), late.zoomedIn(), TimeSpan(from: WallTime(nanoseconds: .min), to: late.end),
    ] {
      _ = GraphSeries(span: step, columns: 10, points: [tick(0, 1)])
      #expect(step.start(ofPart: 10, count: 10) == step.end)
    }
  }

  // MARK: Growing

  @Test func aGraphThatGrewIsTheOneThatIsReadAtOnce() {
    let columns = 30
    func points(_ seconds: Range<Int>) -> [GraphPoint] {
      // A gap, and ticks that do not come on time.
      seconds.filter { !(200..<230).contains($0) }.map { second in
        GraphPoint(
          readAt: at(second + 1).advanced(by: .milliseconds(second % 7 * 20)), interval: .seconds(1),
          value: Double(second % 50), weight: Double(second % 3))
      }
    }
    let before = TimeSpan(.seconds(240), until: at(100)).onGrid(columns: columns)
    var grown = GraphSeries(span: before, columns: columns, points: points(-200..<100))
    for second in 100..<450 {
      let point = points(second..<second + 1).first
      grown.moveOn(to: (point?.span.end ?? at(second + 1)).advanced(by: .nanoseconds(-1)))
      if let point { grown.add(point) }
    }
    let read = GraphSeries(span: grown.span, columns: columns, points: points(-200..<450))
    #expect(grown == read)
    #expect(grown.columns.contains { $0 == nil } && grown.columns.contains { $0 != nil })
    #expect(grown.span == TimeSpan(.seconds(240), until: at(450)).onGrid(columns: columns))
  }

  @Test func columnsStandStillWhileTimeGoesOn() {
    for second in 0..<40 {
      let span = TimeSpan(.seconds(900), until: at(second)).onGrid(columns: 58)
      let width = span.length.nanoseconds / 58
      #expect(span.length.nanoseconds % 58 == 0 && span.end.nanoseconds % width == 0)
      #expect(span.start < at(second) && at(second) <= span.end)
      #expect(span.end.distance(from: at(second)).nanoseconds < width)
      #expect(abs(span.length.seconds - 900) < 0.001)
    }
    let ends = TimeSpan(from: WallTime(nanoseconds: .min), to: WallTime(nanoseconds: .max))
    #expect(ends.onGrid(columns: 100) == ends)
    #expect(TimeSpan(.zero, until: at(0)).onGrid(columns: 0).length == .nanoseconds(1))
  }

  @Test func ticksThatAreNearlyAsWideAsColumnsLeaveNoGaps() {
    // Half a second to a column, and one and a little.
    for (length, columns) in [(60, 118), (60, 57), (60, 50)] {
      let points = (-5..<65).map { second in
        GraphPoint(
          readAt: at(second).advanced(by: .milliseconds(second % 5 * 30)), interval: .seconds(1), value: 1)
      }
      let series = GraphSeries(span: span(length), columns: columns, points: points)
      #expect(series.columns.allSatisfy { $0 != nil })
      // Three seconds without any are a gap all the same.
      let torn = points.filter { !at(30).distance(from: $0.span.end).seconds.magnitude.isLess(than: 1.6) }
      #expect(GraphSeries(span: span(length), columns: columns, points: torn).columns.contains { $0 == nil })
    }
  }

  @Test func theColumnOfAMomentIsFound() {
    let series = GraphSeries(span: span(60), columns: 6, points: [tick(12, 3), tick(14, 5)])
    #expect(series.column(at: at(19)) == GraphSeries.Column(min: 3, mean: 4, max: 5, count: 2))
    #expect(series.column(at: at(20)) == nil)
    #expect(series.column(at: at(60)) == nil)
  }

  // MARK: The strip

  private func event(_ second: Int, _ node: String, _ from: HealthState, _ to: HealthState) -> Event {
    Event(at: at(second), node: NodeName(node), change: .health(from: from, to: Verdict(to)))
  }

  private func strip(
    _ events: [Event], standing: [NodeName: HealthState] = [:], gaps: [TimeSpan] = [],
    recorded: TimeSpan? = nil
  ) -> TimeStrip {
    TimeStrip(
      span: span(100), count: 10, events: events, standing: standing, gaps: gaps, recorded: recorded)
  }

  @Test func eachPartHasTheWorstThatWasInIt() {
    let found = strip([
      event(12, "web1", .up, .degraded), event(31, "web2", .up, .down), event(45, "web2", .down, .up),
      event(60, "web1", .degraded, .up), event(75, "web1", .up, .down), event(75, "web1", .down, .up),
    ])
    #expect(
      found.parts.map(\.worst) == [
        .up, .degraded, .degraded, .down, .down, .degraded, .up, .down, .up, .up,
      ])
  }

  @Test func howItStoodBeforeIsGiven() {
    let before = event(-50, "web1", .up, .down)
    #expect(
      strip([before, event(30, "web1", .down, .up)]).parts.map(\.worst).prefix(4) == [
        .down, .down, .down, .up,
      ])
    let given = strip([event(30, "web1", .down, .up)], standing: [NodeName("web1"): .down])
    #expect(given.parts.map(\.worst).prefix(4) == [.down, .down, .down, .up])
  }

  @Test func gapsAndChangesAreMarked() {
    let server = ServerID(backend: "web", server: "web1")
    let drain = Event(
      at: at(15), node: NodeName("lb1"), change: .admin(server, from: .ready, to: .drain, by: nil))
    let found = strip(
      [event(5, "web1", .up, .down), drain, event(82, "web1", .down, .up)],
      gaps: [TimeSpan(from: at(35), to: at(61))])
    #expect(found.parts.map(\.hasChange) == (0..<10).map { $0 == 1 })
    #expect(found.parts.map(\.isGap) == (0..<10).map { (3...6).contains($0) })
    #expect(found.parts.map(\.worst) == [.down, .down, .down, .down, nil, nil, .up, .up, .up, .up])
  }

  @Test func whereAnAddressMovedIsMarked() {
    let moved = Event(
      at: at(25), node: NodeName("10.0.0.1"),
      change: .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: .milliseconds(300)))
    var found = strip([moved])
    #expect(found.parts.map(\.hasFailover) == (0..<10).map { $0 == 2 })
    #expect(!found.parts.contains { $0.hasChange })
    found.noteFailover(at: at(99))
    found.noteFailover(at: at(-1))
    found.noteFailover(at: at(100))
    #expect(found.parts.map(\.hasFailover) == (0..<10).map { $0 == 2 || $0 == 9 })
  }

  @Test func whatWasNotRecordedIsAGap() {
    let found = strip([], recorded: TimeSpan(from: at(45), to: at(90)))
    #expect(found.parts.map(\.isGap) == (0..<10).map { $0 < 4 || $0 == 9 })
    #expect(found.parts.map { $0.worst != nil } == (0..<10).map { $0 >= 4 && $0 < 9 })
  }
}
