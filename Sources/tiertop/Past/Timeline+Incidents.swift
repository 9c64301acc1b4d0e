import Cluster
import History

extension Timeline {
  /// Up to this length every tick of an incident is looked at; of a longer one only those at its ends, which are no
  /// whole minutes.
  private static let shortIncident = Duration.seconds(600)
  /// A minute is summed up with the first frame after it.
  private static let patience = Duration.seconds(5)

  /// What entered the cluster while an incident lasted, and what failed; nil where nothing is kept of that time.
  ///
  /// - Parameters:
  ///   - knownUntil: when an incident without an end still lasted.
  ///   - limits: how many requests are enough to judge.
  /// - Complexity: O(ticks) of ten minutes at most, and O(minutes).
  func counts(
    of incident: Incident, knownUntil: WallTime, _ limits: HealthLimits
  ) throws(StoreFailure) -> IncidentCounts? {
    let end = (incident.end ?? knownUntil).advanced(by: .nanoseconds(1))
    let span = TimeSpan(from: incident.start.advanced(by: .zero - IncidentCounts.runUp), to: end)
    guard let recorded = try self.span() else { return nil }
    // Where the recording began with the incident, there is no run-up.
    guard recorded.start <= incident.start else { return try minuteCounts(of: incident.start, end, limits) }
    var counts = IncidentCounts()
    let first = ServiceMinute.start(of: incident.start.advanced(by: ServiceMinute.length))
    let last = ServiceMinute.start(of: end.advanced(by: .zero - Timeline.patience))
    if span.length <= Timeline.shortIncident || last <= first {
      try add(span, of: incident, to: &counts)
    } else {
      // A tick tells of the time before it: at the full minute it belongs to the minute that it ends.
      let instant = Duration.nanoseconds(1)
      try add(TimeSpan(from: span.start, to: first.advanced(by: instant)), of: incident, to: &counts)
      for minute in try service(in: TimeSpan(from: first, to: last)) { counts.add(minute, limits) }
      try add(TimeSpan(from: last.advanced(by: instant), to: end), of: incident, to: &counts)
    }
    return counts.requests == nil ? nil : counts
  }

  private func add(
    _ span: TimeSpan, of incident: Incident, to counts: inout IncidentCounts
  ) throws(StoreFailure) {
    var sum = counts
    try eachFrame(of: .cluster, in: span, layoutOf: Record.layout) { snapshot, _ in
      sum.add(snapshot, startingAt: incident.start)
    }
    counts = sum
  }

  /// Of all minutes that it touches.
  private func minuteCounts(
    of start: WallTime, _ end: WallTime, _ limits: HealthLimits
  ) throws(StoreFailure) -> IncidentCounts? {
    var counts = IncidentCounts(isByMinute: true)
    for minute in try service(in: TimeSpan(from: ServiceMinute.start(of: start), to: end)) {
      counts.add(minute, limits)
    }
    return counts.requests == nil ? nil : counts
  }
}
