import Cluster
import History

/// Counts what entered the cluster while an incident lasted, and what failed, a little at a time: the ticks of thousands
/// of servers are large, and somebody waits for keys.
///
/// O(ticks) of ten minutes at most, and O(minutes).
final class IncidentCounting {
  /// nil until all is counted, and where nothing is kept of that time.
  private(set) var counts: IncidentCounts?

  private let timeline: Timeline
  private let incident: Incident
  private let limits: HealthLimits
  private var sum: IncidentCounts
  /// What is left, the next one at the end.
  private var parts: [Part]
  /// The ticks that are under way.
  private var walk: FrameWalk?

  private enum Part {
    case ticks(TimeSpan)
    case minutes(TimeSpan)
  }

  /// Up to this length every tick of an incident is looked at; of a longer one only those at its ends, which are no
  /// whole minutes.
  private static let shortIncident = Duration.seconds(600)
  /// A minute is summed up with the first frame after it.
  private static let patience = Duration.seconds(5)

  /// - Parameters:
  ///   - knownUntil: when an incident without an end still lasted.
  ///   - limits: how many requests are enough to judge.
  init(
    of incident: Incident, in timeline: Timeline, knownUntil: WallTime, _ limits: HealthLimits
  ) throws(StoreFailure) {
    self.timeline = timeline
    self.incident = incident
    self.limits = limits
    let end = (incident.end ?? knownUntil).advanced(by: .nanoseconds(1))
    guard let recorded = try timeline.span() else {
      (sum, parts) = (IncidentCounts(), [])
      return
    }
    // Where the recording began with the incident, there is no run-up: all minutes that it touches.
    let hasRunUp = recorded.start <= incident.start
    sum = IncidentCounts(isByMinute: !hasRunUp)
    let whole = TimeSpan(from: ServiceMinute.start(of: incident.start), to: end)
    parts = hasRunUp ? IncidentCounting.parts(of: incident, until: end).reversed() : [.minutes(whole)]
  }

  private static func parts(of incident: Incident, until end: WallTime) -> [Part] {
    let span = TimeSpan(from: incident.start.advanced(by: .zero - IncidentCounts.runUp), to: end)
    let first = ServiceMinute.start(of: incident.start.advanced(by: ServiceMinute.length))
    let last = ServiceMinute.start(of: end.advanced(by: .zero - patience))
    if span.length <= shortIncident || last <= first { return [.ticks(span)] }
    // A tick tells of the time before it: at the full minute it belongs to the minute that it ends.
    let instant = Duration.nanoseconds(1)
    return [
      .ticks(TimeSpan(from: span.start, to: first.advanced(by: instant))),
      .minutes(TimeSpan(from: first, to: last)),
      .ticks(TimeSpan(from: last.advanced(by: instant), to: end)),
    ]
  }

  /// Counts some more; false where all is counted.
  func step() throws(StoreFailure) -> Bool {
    switch parts.last {
    case nil:
      counts = sum.requests == nil ? nil : sum
      return false
    case .minutes(let span):
      for minute in try timeline.service(in: span) { sum.add(minute, limits) }
      parts.removeLast()
    case .ticks(let span):
      guard let walk else {
        walk = try timeline.walk(of: .cluster, in: span, layoutOf: Record.layout)
        return true
      }
      var sum = sum
      let hasMore = try walk.step { snapshot, _ in sum.add(snapshot, startingAt: incident.start) }
      self.sum = sum
      if !hasMore {
        self.walk = nil
        parts.removeLast()
      }
    }
    return true
  }
}
