public import Cluster

extension Timeline {
  /// More ticks than these are not looked through where minutes are missing: they are summed up as they end.
  private static let longestTail = Duration.seconds(600)
  private static let longestTick = Duration.seconds(60)

  /// The figures of one thing over a span, in columns: as coarse as the columns allow, but up to the newest frame,
  /// and back as far as anything is kept.
  ///
  /// - Parameter layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  /// - Complexity: O(columns) where minutes or hours are fine enough, O(ticks) where they are not.
  public func graph(
    of subject: GraphSubject, in span: TimeSpan, columns: Int, layoutOf: (String) -> Layout?
  ) throws(StoreFailure) -> [Metric: GraphSeries] {
    var series: [Metric: GraphSeries] = [:]
    for metric in Metric.allCases { series[metric] = GraphSeries(span: span, columns: columns, points: []) }
    guard let recorded = try self.span() else { return series }
    // The newest frame is part of what it ends.
    let end = min(span.end, recorded.end.advanced(by: .nanoseconds(1)))
    guard span.start < end else { return series }
    let chosen = Cluster.Resolution.choose(span: span.length, columns: columns)
    func add(_ resolution: Resolution, from start: WallTime, to end: WallTime) throws(StoreFailure)
      -> TimeSpan?
    {
      guard start < end else { return nil }
      var found: TimeSpan?
      for point in try rollUps(of: Series(subject), in: start...end, by: resolution) {
        let last = point.start.advanced(by: resolution.duration)
        // A piece that reaches into what is known more finely would count twice.
        guard last <= end else { continue }
        found = TimeSpan(from: found?.start ?? point.start, to: last)
        for metric in Metric.allCases {
          guard let sum = point.rollUps[metric] else { continue }
          series[metric]?.add(
            GraphPoint(
              at: point.start, covering: resolution.duration, min: sum.minimum, mean: sum.mean,
              max: sum.maximum, count: Int(clamping: sum.count), weight: Double(sum.weight)))
        }
      }
      return found
    }

    // From the coarsest to the finest, each from where the one before ended.
    var next = span.start
    if chosen == .hour { next = try add(.hour, from: next, to: end)?.end ?? next }
    if chosen != .raw {
      // A minute that begins before the span is part of it.
      let first = next == span.start ? next.advanced(by: .zero - Resolution.minute.duration) : next
      let minutes = try add(.minute, from: first, to: end)
      // What was let go of by the minute is there by the hour.
      let hours = chosen == .minute ? try add(.hour, from: next, to: minutes?.start ?? end) : nil
      next = max(next, minutes?.end ?? hours?.end ?? next)
      next = max(next, end.advanced(by: .zero - Timeline.longestTail))
    } else if span.start < recorded.start {
      // What was let go of tick by tick is there by the minute, and before that by the hour.
      let minutes = try add(.minute, from: span.start, to: recorded.start)
      _ = try add(.hour, from: span.start, to: minutes?.start ?? recorded.start)
      next = max(next, recorded.start)
    }
    // A tick that is complete after the end tells of the time before it.
    let last = min(span.end.advanced(by: Timeline.longestTick), recorded.end.advanced(by: .nanoseconds(1)))
    try eachTick(of: subject, in: TimeSpan(from: next, to: last), layoutOf: layoutOf) { points in
      for (metric, point) in points { series[metric]?.add(point) }
    }
    return series
  }

  /// Calls `visit` with what each tick of a span says of one thing; without anything where it says nothing.
  public func eachTick(
    of subject: GraphSubject, in span: TimeSpan, layoutOf: (String) -> Layout?,
    _ visit: ([Metric: GraphPoint]) -> Void
  ) throws(StoreFailure) {
    try eachFrame(of: subject, in: span, layoutOf: layoutOf) { snapshot, isTick in
      // Between two ticks rates are over a part of one.
      if isTick { visit(snapshot.points(of: subject)) }
    }
  }

  /// Calls `visit` with each frame of a span, folded, and whether it is a tick's. Of the snapshots only the figures
  /// of that thing are those of the whole cluster. Over each gap it begins anew.
  public func eachFrame(
    of subject: GraphSubject, in span: TimeSpan, layoutOf: (String) -> Layout?,
    _ visit: (Snapshot, _ isTick: Bool) -> Void
  ) throws(StoreFailure) {
    guard span.start < span.end, let recorded = try self.span(), let last = try sequence(at: span.end) else {
      return
    }
    // Some frames before, so that the first tick has rates.
    var next = max(recorded.first, (try sequence(at: span.start) ?? recorded.first) - Timeline.lead)
    var readers: [Int64: ReducedReader?] = [:]
    var model: (folded: ClusterModel, layout: Int64, stretch: Int64)?
    while next <= last {
      guard let place = try loader.extent(of: next) else {
        // What lay between was let go of.
        guard let later = try loader.sequence(after: next) else { return }
        next = later
        continue
      }
      if readers[place.layout] == nil {
        let layout = try layout(place.layout).flatMap { layoutOf($0.text) }
        readers[place.layout] = .some(layout.map { ReducedReader(of: subject, in: $0, self) })
      }
      let end = min(last, place.last)
      if let reader = readers[place.layout] ?? nil {
        for recorded in try reader.frames(next, through: end) {
          if model?.layout != recorded.layout || model?.stretch != recorded.stretch {
            model = (ClusterModel(layout: reader.layout), recorded.layout, recorded.stretch)
          }
          _ = model?.folded.advance(with: recorded.frame)
          if span.contains(recorded.frame.at.wall), let snapshot = model?.folded.snapshot {
            visit(snapshot, !recorded.frame.isBetweenTicks)
          }
        }
      }
      next = end + 1
    }
  }

  private static let lead: FrameNumber = 10
}

extension Series {
  /// The series that a graph is drawn from.
  public init(_ subject: GraphSubject) {
    switch subject {
    case .cluster: self = .cluster
    case .tier(let name): self = .tier(name)
    case .node(let name): self = .node(name)
    }
  }
}
