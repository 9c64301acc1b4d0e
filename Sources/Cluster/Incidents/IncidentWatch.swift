/// Incidents as they happen: a fold over ticks, like all that is shown.
public struct IncidentWatch: Sendable {
  private var fold = IncidentFold()
  private var last: Moment?
  /// When all was well, on both clocks.
  private var quietSince: Moment?

  public init() {}

  /// The incident that lasts, or that has not been quiet for long enough to be over.
  public var current: Incident? { fold.incident }

  /// Takes in one snapshot and what changed with it, in the order of time.
  ///
  /// Where nothing was seen for longer than the quiet period and three intervals, what lasted ended with the
  /// last snapshot before that, as far as anybody knows; what is wrong after it is an incident of its own.
  ///
  /// - Returns: the incidents that have begun, go on or, where they have an end, are over: none where all is
  ///   well, seldom two. O(nodes).
  public mutating func advance(with snapshot: Snapshot, events: [Event]) -> [Incident] {
    var incidents: [Incident] = []
    if let last, isGap(from: last, to: snapshot) {
      if quietSince == nil { fold.calm(at: last.wall) }
      quietSince = nil
      if let over = fold.end() { incidents.append(over) }
    }
    last = snapshot.at

    let inTrouble = snapshot.nodes.indices.filter { snapshot.nodes[$0].verdict.isTrouble }
    if !inTrouble.isEmpty || snapshot.health == .down {
      quietSince = nil
      fold.trouble(at: snapshot.at.wall) { incident in
        IncidentWatch.note(inTrouble, of: snapshot, in: &incident)
      }
    } else if fold.incident != nil {
      if let over = calm(at: snapshot.at) { return incidents + [over] }
    }
    fold.happened(events, requests: snapshot.total.attempts, failed: snapshot.total.errors)
    // The requests and events that brought the end are its last.
    if quietSince == snapshot.at { fold.calm(at: snapshot.at.wall) }
    return incidents + (fold.incident.map { [$0] } ?? [])
  }

  /// The incident, where it is over.
  private mutating func calm(at now: Moment) -> Incident? {
    guard let since = quietSince else {
      quietSince = now
      return nil
    }
    let over = fold.ended(afterQuiet: IncidentWatch.passed(from: since, to: now))
    if over != nil { quietSince = nil }
    return over
  }

  private func isGap(from last: Moment, to snapshot: Snapshot) -> Bool {
    let passed = IncidentWatch.passed(from: last, to: snapshot.at)
    return passed > Incident.quietPeriod && passed > snapshot.topology.plan.interval * 3
  }

  /// The clock that only goes forward begins anew with each start of the machine; then the calendar has to do.
  private static func passed(from earlier: Moment, to later: Moment) -> Duration {
    let passed = later.since(earlier)
    return passed < .zero ? later.wall.distance(from: earlier.wall) : passed
  }

  private static func note(_ inTrouble: [Int], of snapshot: Snapshot, in incident: inout Incident) {
    for place in inTrouble {
      incident.involve(snapshot.topology.nodes[place].name, snapshot.nodes[place].verdict)
    }
    if snapshot.health == .down {
      incident.isOutage = true
      if inTrouble.isEmpty { involveEmptyTiers(of: snapshot, &incident) }
    }
    if let rate = snapshot.judgedErrorRate { incident.note(errorRate: rate) }
  }

  /// Where a tier serves no more and no node is in trouble, an operator has taken all of them out.
  private static func involveEmptyTiers(of snapshot: Snapshot, _ incident: inout Incident) {
    let topology = snapshot.topology
    for place in topology.tiers.indices where snapshot.health(ofTier: place) == .down {
      for node in topology.tiers[place].nodes {
        incident.involve(topology.nodes[node].name, snapshot.nodes[node].verdict)
      }
    }
  }
}
