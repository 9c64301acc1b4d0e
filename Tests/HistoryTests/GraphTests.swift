import Cluster
import TestSupport
import Testing

@testable import History

/// Graphs read from a store, against the same cluster folded by hand.
struct GraphTests {
  private struct Recorded {
    let store: Store
    let timeline: Timeline
    /// What each tick said, by what it is of.
    var points: [GraphSubject: [Metric: [GraphPoint]]] = [:]
    var end: WallTime

    static let subjects: [GraphSubject] = [
      .cluster, .tier(TierName("web")), .node(NodeName("web11")), .node(NodeName("lb1")),
      .node(NodeName("no")),
    ]
  }

  private func recorded(_ seconds: Int) throws -> Recorded {
    let store = try Store()
    try store.open()
    var script = ClusterPlay()
    var model = ClusterModel(layout: ClusterPlay.layout)
    var points: [GraphSubject: [Metric: [GraphPoint]]] = [:]
    for _ in 0..<seconds {
      let frame = script.frame()
      let events = model.advance(with: frame)
      #expect(store.recorder?.record(frame, model.snapshot, events: events) == nil)
      if frame.isBetweenTicks { continue }
      for subject in Recorded.subjects {
        for (metric, point) in model.snapshot.points(of: subject) {
          points[subject, default: [:]][metric, default: []].append(point)
        }
      }
    }
    return Recorded(
      store: store, timeline: try store.timeline(), points: points, end: model.snapshot.at.wall)
  }

  private func layout(_ text: String) -> Layout? { ClusterPlay.layout }

  @Test(arguments: [60, 118, 31]) func tickByTickItIsWhatWasSeen(columns: Int) throws {
    let recorded = try recorded(600)
    for length in [60, 300, 540] {
      let span = TimeSpan(.seconds(length), until: recorded.end).onGrid(columns: columns)
      guard Cluster.Resolution.choose(span: span.length, columns: columns) == .raw else { continue }
      for subject in Recorded.subjects {
        let graph = try recorded.timeline.graph(
          of: subject, in: span, columns: columns, layoutOf: layout)
        for metric in Metric.allCases {
          // A tick that ended before the span is no part of it.
          let seen = recorded.points[subject]?[metric]?.filter { $0.span.end >= span.start } ?? []
          #expect(
            graph[metric] == GraphSeries(span: span, columns: columns, points: seen), "\(subject) \(metric)")
        }
      }
    }
  }

  @Test func aCoarseGraphReachesUpToTheNewestTick() throws {
    let recorded = try recorded(3 * 3600 + 1234)
    for (hours, columns) in [(3, 60), (24, 20), (4, 40), (24, 10)] {
      let span = TimeSpan(.seconds(hours * 3600), until: recorded.end).onGrid(columns: columns)
      let chosen = Cluster.Resolution.choose(span: span.length, columns: columns)
      #expect(chosen == (hours == 24 ? .hour : .minute))
      for subject in Recorded.subjects {
        let graph = try recorded.timeline.graph(
          of: subject, in: span, columns: columns, layoutOf: layout)
        for metric in Metric.allCases {
          let series = try #require(graph[metric])
          let seen = recorded.points[subject]?[metric] ?? []
          let newest = seen.last { $0.span.end >= recorded.end }
          if newest != nil {
            #expect(series.columns.last.flatMap { $0 } != nil, "\(subject) \(metric) \(hours)")
          }
          // Every tick is in it once, and none is made up.
          let whole = GraphSeries(span: span, columns: 1, points: seen.filter { $0.span.start >= span.start })
          if hours == 24 {
            #expect(series.overall?.count == whole.columns[0]?.count, "\(subject) \(metric) \(hours)")
            #expect(series.overall?.max.rounded() == whole.columns[0]?.max.rounded())
            #expect(series.overall?.min.rounded() == whole.columns[0]?.min.rounded())
          }
        }
      }
    }
  }

  @Test func beforeTheFirstFrameAndAfterTheLastThereIsNothing() throws {
    let recorded = try recorded(90)
    let span = TimeSpan(.seconds(600), until: recorded.end.advanced(by: .seconds(300))).onGrid(columns: 60)
    let graph = try recorded.timeline.graph(of: .cluster, in: span, columns: 60, layoutOf: layout)
    let columns = try #require(graph[.qps]).columns
    #expect(columns.prefix(20).allSatisfy { $0 == nil })
    #expect(columns.suffix(29).allSatisfy { $0 == nil })
    #expect(columns.contains { $0 != nil })
    let early = TimeSpan(.seconds(600), until: recorded.end.advanced(by: .seconds(-3600)))
    #expect(
      try recorded.timeline.graph(of: .cluster, in: early, columns: 60, layoutOf: layout)[.qps]?.overall
        == nil)
  }

  @Test func aGapStaysOne() throws {
    let store = try Store()
    try store.open()
    var script = ClusterPlay()
    var model = ClusterModel(layout: ClusterPlay.layout)
    for second in 1...300 {
      let frame = script.frame()
      let events = model.advance(with: frame)
      // Nobody recorded for a minute.
      if second == 121 { store.close() }
      if (121..<181).contains(second) { continue }
      if second == 181 { try store.open() }
      #expect(store.recorder?.record(frame, model.snapshot, events: events) == nil)
    }
    let span = TimeSpan(.seconds(300), until: model.snapshot.at.wall).onGrid(columns: 300)
    let graph = try store.timeline().graph(of: .cluster, in: span, columns: 300, layoutOf: layout)
    let columns = try #require(graph[.qps]).columns
    #expect(columns.dropFirst(122).prefix(57).allSatisfy { $0 == nil })
    #expect(columns.suffix(100).compactMap { $0 }.count > 80)
  }

  /// What is read between two ticks comes once, and belongs to the minute all the same.
  @Test func aMinuteOfServiceHasEveryRequest() throws {
    let store = try Store()
    try store.open()
    var script = ClusterPlay()
    var model = ClusterModel(layout: ClusterPlay.layout)
    var sum: Int64 = 0
    for _ in 1...200 {
      let frame = script.frame()
      let events = model.advance(with: frame)
      #expect(store.recorder?.record(frame, model.snapshot, events: events) == nil)
      sum += model.snapshot.total.attempts ?? 0
    }
    store.recorder?.close()
    let minutes = try store.timeline().service(
      in: TimeSpan(from: WallTime(nanoseconds: 0), to: WallTime(nanoseconds: .max)))
    #expect(minutes.count == 4)
    #expect(minutes.map(\.requests).reduce(0, +) == sum)
    #expect(try store.timeline().service(since: WallTime(nanoseconds: 0))[.cluster] == minutes)
  }
}
