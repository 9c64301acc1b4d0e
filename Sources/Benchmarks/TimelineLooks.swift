import Cluster
import History

/// What it takes to look into a store that is recorded into, or was: each look for itself, again and again.
struct TimelineLooks {
  private(set) var all: [(name: String, figures: Figures)] = []
  /// Looks that failed, or found less than there is.
  private(set) var failures = 0

  private let timeline: Timeline
  private let span: RecordedSpan
  private var chance = Chance(seed: 7)

  init(into path: String) throws(StoreFailure) {
    all.append(("open", Figures(runs: 21) { _ = try? Timeline(path: path) }))
    timeline = try Timeline(path: path)
    guard let span = try timeline.span() else { throw .missing(path: path) }
    self.span = span
    try moments()
    try stretches()
    let mark = try timeline.mark()
    if let news = try timeline.news(since: mark) {
      measure("nothing new", runs: 1001) { looks in
        if try looks.timeline.news(since: news.mark) != nil { looks.failures += 1 }
      }
    }
  }

  private mutating func measure(
    _ name: String, runs: Int = 201, _ work: (inout TimelineLooks) throws -> Void
  ) {
    var looks = self
    let figures = Figures(runs: runs) { do { try work(&looks) } catch { looks.failures += 1 } }
    self = looks
    all.append((name, figures))
  }

  private mutating func anywhere() -> WallTime {
    let length = UInt64(span.end.nanoseconds - span.start.nanoseconds)
    return WallTime(nanoseconds: span.start.nanoseconds + Int64(chance.below(length)))
  }

  /// One moment, and the one beside it.
  private mutating func moments() throws(StoreFailure) {
    measure("jump anywhere, 15 frames") { looks in
      let end = looks.anywhere()
      if try looks.timeline.frames(endingAt: end, count: 15).isEmpty { looks.failures += 1 }
    }
    measure("jump to the end, 15 frames") { looks in
      _ = try looks.timeline.frames(endingAt: looks.span.end, count: 15)
    }
    var place = try timeline.sequence(at: anywhere()) ?? 1
    measure("step back", runs: 1001) { looks in
      place = try looks.timeline.frame(before: place)?.sequence ?? looks.span.last
    }
    measure("step forward", runs: 1001) { looks in
      place = try looks.timeline.frame(after: place)?.sequence ?? looks.span.first
    }
    measure("next incident") { looks in
      _ = try looks.timeline.event(after: looks.anywhere(), of: EventKind.troubles)
    }
    measure("previous incident") { looks in
      _ = try looks.timeline.event(before: looks.anywhere(), of: EventKind.troubles)
    }
  }

  /// A stretch as a whole.
  private mutating func stretches() throws(StoreFailure) {
    let node = Series.node(NodeName("web3"))
    for (name, hours) in [("24 h of a node by the minute", 24), ("7 d of a node by the minute", 168)] {
      measure(name) { looks in
        let span = looks.span
        let start = WallTime(nanoseconds: span.end.nanoseconds - Int64(hours) * 3_600_000_000_000)
        let points = try looks.timeline.rollUps(of: node, in: start...span.end, by: .minute)
        if points.count < min(hours * 60, Int(span.last) / 60) - 2 { looks.failures += 1 }
      }
    }
    measure("7 d of a node by the hour") { looks in
      _ = try looks.timeline.rollUps(of: node, in: looks.span.start...looks.span.end, by: .hour)
    }
    measure("strip of all, 200 pieces") { looks in
      _ = try looks.timeline.strip(of: looks.span.start..<looks.span.end, buckets: 200)
    }
    measure("strip of 10 min, 200 pieces") { looks in
      let end = looks.anywhere()
      let start = WallTime(nanoseconds: end.nanoseconds - 600_000_000_000)
      _ = try looks.timeline.strip(of: start..<end, buckets: 200)
    }
  }
}
