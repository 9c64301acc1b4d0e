public import Cluster

extension Timeline {
  /// How far an incident is looked for at first.
  private static let reach = Duration.seconds(6 * 3600)

  /// The newest events until a time, oldest first; without those that cannot be read.
  public func lastEvents(until time: WallTime, limit: Int) throws(StoreFailure) -> [Event] {
    try events(in: WallTime(nanoseconds: .min)...time, limit: limit, newestFirst: true)
      .reversed().compactMap { try? $0.event.get() }
  }

  /// Those incidents of which anything is within a stretch, oldest first.
  public func incidents(from start: WallTime, to end: WallTime) throws(StoreFailure) -> [Incident] {
    guard start <= end else { return [] }
    let events = try events(in: start...end, limit: .max).compactMap { try? $0.event.get() }
    let gaps = try gaps(in: start...end).filter { $0.reason != .clockBack }
      .map { TimeSpan(from: $0.start, to: $0.end) }
    return Incident.list(from: events, within: TimeSpan(from: start, to: end), gaps: gaps)
  }

  /// When the first incident begins that begins after a time; nil where there is none.
  public func incident(after time: WallTime, in span: RecordedSpan) throws(StoreFailure) -> WallTime? {
    var reach = Timeline.reach
    while true {
      let end = min(time.advanced(by: reach), span.end)
      let found = try incidents(from: time.advanced(by: .zero - Timeline.reach), to: end)
      if let next = found.first(where: { $0.start > time }) { return next.start }
      if end == span.end { return nil }
      reach = reach * 4
    }
  }

  /// When the last incident begins that begins before a time; nil where there is none.
  public func incident(before time: WallTime, in span: RecordedSpan) throws(StoreFailure) -> WallTime? {
    var reach = Timeline.reach
    while true {
      let start = max(time.advanced(by: .zero - reach), span.start)
      let found = try incidents(from: start, to: time)
      if let last = found.last(where: { $0.start < time }) { return last.start }
      if start == span.start { return nil }
      reach = reach * 4
    }
  }
}
