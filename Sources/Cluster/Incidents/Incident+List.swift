extension Incident {
  /// The incidents that events alone tell of, oldest first: the same as watching would have found, without
  /// figures that only frames have (requests, failures, the error rate between changes of state).
  ///
  /// A transition tells of a change, and `Snapshot.standingEvents` of how things stood when a recording began.
  /// Whoever else was in trouble before the first event has to be given, or is seen only with its next change.
  /// After a gap nothing is known of before: what lasted ends where the gap begins, unless the gap is shorter
  /// than the quiet period.
  ///
  /// - Parameters:
  ///   - events: in the order of time.
  ///   - span: for which they are complete; the last incident has no end where it lasts then.
  ///   - standing: how nodes stood at its start.
  ///   - gaps: in which nothing was recorded, in the order of time.
  /// - Complexity: O(events).
  public static func list(
    from events: some Sequence<Event>, within span: TimeSpan, standing: [NodeName: Verdict] = [:],
    gaps: [TimeSpan] = []
  ) -> [Incident] {
    var history = TransitionFold(standing, at: span.start)
    var gaps = gaps[...]
    for event in events {
      while let gap = gaps.first, gap.start <= event.at {
        history.pass(gap)
        gaps.removeFirst()
      }
      history.take(event)
    }
    for gap in gaps where gap.start < span.end { history.pass(gap) }
    return history.incidents(until: span.end)
  }
}

/// Folds transitions: who is in trouble after each of them.
private struct TransitionFold {
  private var fold = IncidentFold()
  private var inTrouble: [NodeName: Verdict]
  private var found: [Incident] = []

  init(_ standing: [NodeName: Verdict], at time: WallTime) {
    inTrouble = standing.filter(\.value.isTrouble)
    guard !inTrouble.isEmpty else { return }
    fold.trouble(at: time) { incident in
      for (node, verdict) in inTrouble.sorted(by: { $0.key < $1.key }) { incident.involve(node, verdict) }
    }
  }

  mutating func take(_ event: Event) {
    if fold.isQuiet, let over = fold.ended(afterQuiet: fold.quiet(at: event.at)) { found.append(over) }
    guard let node = event.node else { return fold.happened([event]) }
    switch event.change {
    case .health(_, let verdict) where verdict.isTrouble:
      inTrouble[node] = verdict
      fold.trouble(at: event.at) { $0.involve(node, verdict) }
      fold.happened([event])
    // It tells more of a node that is in trouble; of none that it is.
    case .reason(_, let reason):
      if inTrouble[node] != nil {
        fold.trouble(at: event.at) { $0.involve(node, Verdict(.degraded, reason)) }
      }
      fold.happened([event])
    case .health, .vanished:
      inTrouble[node] = nil
      fold.happened([event])
      if inTrouble.isEmpty { fold.calm(at: event.at) }
    default: fold.happened([event])
    }
  }

  mutating func pass(_ gap: TimeSpan) {
    guard gap.length >= Incident.quietPeriod else { return }
    inTrouble = [:]
    fold.calm(at: gap.start)
    if let over = fold.end() { found.append(over) }
  }

  mutating func incidents(until end: WallTime) -> [Incident] {
    if fold.isQuiet, let over = fold.ended(afterQuiet: fold.quiet(at: end)) { found.append(over) }
    return found + (fold.incident.map { [$0] } ?? [])
  }
}
