/// The course of one incident after the other: what `IncidentWatch` and `Incident.list` have in common.
struct IncidentFold: Sendable {
  /// The one that lasts, or has not been quiet for long enough.
  private(set) var incident: Incident?
  /// When all was well, while it is not yet known whether it stays so; and what has come since.
  private var quietSince: WallTime?
  private var sinceQuiet = Meanwhile()

  private struct Meanwhile {
    var requests: Int64?
    var failed: Int64?
    var events: [Event] = []
  }

  /// Whether all is well at present, and that is not yet the end.
  var isQuiet: Bool { quietSince != nil }

  /// Something is wrong: begins an incident, or goes on with the one that there is; `note` adds to it.
  mutating func trouble(at time: WallTime, _ note: (inout Incident) -> Void) {
    var current = incident ?? Incident(start: time)
    // Moved out, so that what it holds is not copied each tick.
    incident = nil
    if quietSince != nil {
      current.add(requests: sinceQuiet.requests, failed: sinceQuiet.failed)
      current.add(sinceQuiet.events)
      quietSince = nil
      sinceQuiet = Meanwhile()
    }
    note(&current)
    incident = current
  }

  /// Something happened: it belongs to the incident, or will where that goes on.
  mutating func happened(_ events: [Event], requests: Int64? = nil, failed: Int64? = nil) {
    guard incident != nil else { return }
    if quietSince == nil {
      incident?.add(requests: requests, failed: failed)
      if !events.isEmpty { incident?.add(events) }
    } else {
      if let requests { sinceQuiet.requests = (sinceQuiet.requests ?? 0) &+ requests }
      if let failed { sinceQuiet.failed = (sinceQuiet.failed ?? 0) &+ failed }
      let room = max(0, Incident.mostEvents - sinceQuiet.events.count)
      sinceQuiet.events += events.prefix(room)
    }
  }

  /// All is well.
  mutating func calm(at time: WallTime) {
    if incident != nil, quietSince == nil { quietSince = time }
  }

  /// The incident, where it has been quiet for long enough (`quiet`): it is over.
  mutating func ended(afterQuiet quiet: Duration) -> Incident? {
    quiet >= Incident.quietPeriod ? end() : nil
  }

  /// Ends it where all was well, whatever comes after.
  mutating func end() -> Incident? {
    guard var over = incident, let quietSince else { return nil }
    over.end = max(over.start, quietSince)
    incident = nil
    self.quietSince = nil
    sinceQuiet = Meanwhile()
    return over
  }

  /// How long all has been well by `time`; negative where the clock was set back.
  func quiet(at time: WallTime) -> Duration { quietSince.map { time.distance(from: $0) } ?? .zero }
}
