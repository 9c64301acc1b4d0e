import Cluster
import History

/// Folds frames into the figures of one thing, tick by tick, as they were shown when they were new.
struct TickFold {
  private let timeline: Timeline
  private let series: Series
  private var layouts: [Int64: Layout?] = [:]
  /// The model, the layout and stretch that it belongs to, and its last frame.
  private var current: (model: ClusterModel, layout: Int64, stretch: Int64, at: WallTime)?

  /// Frames before the span, so that its first tick has rates.
  private static let lead: Int64 = 10
  /// Frames that are held at a time, and figures in them.
  private static let bounds = FrameBounds(frames: 512, numbers: 2 << 20)

  init(_ timeline: Timeline, _ series: Series) {
    self.timeline = timeline
    self.series = series
  }

  /// A point for each tick, and one without figures where each gap begins.
  func points(in span: TimeSpan) throws(StoreFailure) -> [PastSeries.Point] {
    guard let recorded = try timeline.span(), let last = try timeline.sequence(at: span.end) else {
      return []
    }
    let first = try timeline.sequence(at: span.start) ?? recorded.first
    var fold = self
    var points: [PastSeries.Point] = []
    var next = max(recorded.first, first - TickFold.lead)
    while next <= last {
      let read = try timeline.frames(from: next, through: last, within: TickFold.bounds)
      for frame in read.frames {
        points += try fold.advance(with: frame).filter { span.start <= $0.at && $0.at <= span.end }
      }
      next = read.next
    }
    return points
  }

  private mutating func advance(with recorded: RecordedFrame) throws(StoreFailure) -> [PastSeries.Point] {
    let at = recorded.frame.at.wall
    var points: [PastSeries.Point] = []
    if current?.layout != recorded.layout || current?.stretch != recorded.stretch {
      if let current, current.stretch != recorded.stretch {
        // Where the next tick would have been, or halfway where there was no time for one.
        let interval = current.model.snapshot.topology.plan.interval
        let gap = at.distance(from: current.at)
        let place = gap > .zero ? min(interval, gap / 2) : interval
        points.append(PastSeries.Point(at: current.at.advanced(by: place), figures: nil))
      }
      guard let layout = try layout(recorded.layout) else {
        current = nil
        return points
      }
      current = (ClusterModel(layout: layout), recorded.layout, recorded.stretch, at)
    }
    _ = current?.model.advance(with: recorded.frame)
    current?.at = at
    // Between two ticks rates are over a part of one.
    guard !recorded.frame.isBetweenTicks, let snapshot = current?.model.snapshot else { return points }
    points.append(PastSeries.Point(at: at, figures: snapshot.figures(of: series)))
    return points
  }

  private mutating func layout(_ id: Int64) throws(StoreFailure) -> Layout? {
    if let known = layouts[id] { return known }
    let layout = try timeline.layout(id).flatMap { Record.layout(from: $0.text) }
    layouts[id] = layout
    return layout
  }
}

extension Snapshot {
  /// What this tick says of one thing; nil where there is no such thing, or nothing new of it.
  fileprivate func figures(of series: Series) -> RollUps? {
    switch series {
    case .cluster: return RollUps(total, sessions: nil)
    case .tier(let name):
      guard let place = topology.tiers.firstIndex(where: { $0.name == name }) else { return nil }
      let sessions = topology.tiers[place].nodes.compactMap { isNew(nodes[$0]) ? nodes[$0].sessions : nil }
      return RollUps(
        traffic(ofTier: place), sessions: sessions.isEmpty ? nil : sessions.reduce(0) { $0 &+ $1 })
    case .node(let name):
      guard let report = report(on: name), isNew(report) else { return nil }
      return RollUps(report.traffic, sessions: report.sessions)
    }
  }

  /// What is older is what an earlier tick has said already.
  private func isNew(_ report: NodeReport) -> Bool { report.age.map { $0 < topology.plan.interval } ?? false }
}

extension RollUps {
  /// The figures of one tick; nil where it says nothing.
  fileprivate init?(_ traffic: Traffic, sessions: Int64?) {
    self.init()
    if let requests = traffic.requests {
      self[.qps] = traffic.qps.map { RollUp($0) }
      if requests > 0 { self[.latency] = traffic.latency.map { RollUp($0, weight: requests) } }
      if let attempts = traffic.attempts, attempts > 0 {
        self[.errorRate] = traffic.errorRate.map { RollUp($0, weight: attempts) }
      }
    }
    self[.sessions] = sessions.map { RollUp(Double($0)) }
    if isEmpty { return nil }
  }
}
