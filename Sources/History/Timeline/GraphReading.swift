public import Cluster

/// Reads the figures of one thing over a span, in columns: as coarse as the columns allow, but up to the newest
/// frame, and back as far as anything is kept.
///
/// What is summed up is there at once; ticks are read step by step, so that whoever waits for keys may do so
/// between.
public final class GraphReading {
  /// As far as it has been read.
  public private(set) var series: [Metric: GraphSeries] = [:]

  private let timeline: Timeline
  private let subject: GraphSubject
  private let span: TimeSpan
  private let layoutOf: (String) -> Layout?
  private var walk: FrameWalk?
  /// How far the walk goes.
  private var end: WallTime

  /// More ticks than these are not looked through where minutes are missing: they are summed up as they end.
  private static let longestTail = Duration.seconds(600)
  private static let longestTick = Duration.seconds(60)

  /// - Parameter layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  /// - Complexity: O(columns).
  public init(
    _ timeline: Timeline, of subject: GraphSubject, in span: TimeSpan, columns: Int,
    layoutOf: @escaping (String) -> Layout?
  ) throws(StoreFailure) {
    self.timeline = timeline
    self.subject = subject
    self.span = span
    self.layoutOf = layoutOf
    end = span.start
    for metric in Metric.allCases { series[metric] = GraphSeries(span: span, columns: columns, points: []) }
    guard let recorded = try timeline.span() else { return }
    let chosen = Cluster.Resolution.choose(span: span.length, columns: columns)
    let next = try addSums(chosen, recorded)
    try walk(from: next, recorded)
  }

  /// Reads some ticks, or unpacks a chunk; false where there are no more.
  public func step() throws(StoreFailure) -> Bool {
    guard let walk else { return false }
    let isLeft = try walk.step { snapshot, isTick in
      // Between two ticks rates are over a part of one.
      guard isTick else { return }
      for (metric, point) in snapshot.points(of: subject) { series[metric]?.add(point) }
    }
    if isLeft { return true }
    self.walk = nil
    // What was recorded meanwhile.
    if let recorded = try timeline.span() { try self.walk(from: end, recorded) }
    return self.walk != nil
  }

  private func walk(from start: WallTime, _ recorded: RecordedSpan) throws(StoreFailure) {
    // A tick that is complete after the end of the span tells of the time before it.
    let last = min(
      span.end.advanced(by: GraphReading.longestTick), recorded.end.advanced(by: .nanoseconds(1)))
    guard start < last else { return }
    walk = try FrameWalk(
      timeline, of: subject, in: TimeSpan(from: start, to: last), layoutOf: layoutOf)
    end = last
  }

  /// Adds minutes and hours, and returns from where on ticks are wanted.
  private func addSums(
    _ chosen: Cluster.Resolution, _ recorded: RecordedSpan
  ) throws(StoreFailure) -> WallTime {
    // The newest frame is part of what it ends.
    let end = min(span.end, recorded.end.advanced(by: .nanoseconds(1)))
    var next = span.start
    if chosen == .raw {
      guard next < recorded.start else { return next }
      // What was let go of tick by tick is there by the minute, and before that by the hour.
      let minutes = try add(.minute, from: next, to: min(end, recorded.start))
      _ = try add(.hour, from: next, to: minutes?.start ?? min(end, recorded.start))
      return recorded.start
    }
    // From the coarsest to the finest, each from where the one before ended.
    if chosen == .hour { next = try add(.hour, from: next, to: end)?.end ?? next }
    // A minute that begins before the span is part of it.
    let first = next == span.start ? next.advanced(by: .zero - Resolution.minute.duration) : next
    let minutes = try add(.minute, from: first, to: end)
    // What was let go of by the minute is there by the hour.
    let hours = chosen == .minute ? try add(.hour, from: next, to: minutes?.start ?? end) : nil
    next = max(next, minutes?.end ?? hours?.end ?? next)
    return max(next, end.advanced(by: .zero - GraphReading.longestTail))
  }

  /// What is known of a stretch by the minute or the hour, and from where to where that reaches; nil where there is
  /// nothing.
  private func add(
    _ resolution: Resolution, from start: WallTime, to end: WallTime
  ) throws(StoreFailure) -> TimeSpan? {
    guard start < end else { return nil }
    var found: TimeSpan?
    for point in try timeline.rollUps(of: Series(subject), in: start...end, by: resolution) {
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
}
