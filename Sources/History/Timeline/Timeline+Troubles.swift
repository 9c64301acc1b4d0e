public import Cluster

extension Timeline {
  /// Changes that are looked through for the last of each node, at most.
  private static let mostChanges = 20_000

  /// The nodes that were in trouble when recording ended, and how they were: by the events since somebody began to
  /// record after a pause of `pause` or more. What was before that nobody goes on with.
  public func troubles(sincePausesOf pause: Duration) throws(StoreFailure) -> [NodeName: HealthState] {
    try database.view { () throws(StoreFailure) in
      guard let start = try start(afterPausesOf: pause) else { return [:] }
      let kinds = EventKind.up.rawValue...EventKind.unknown.rawValue
      let rows = try database.statement(
        """
        SELECT node, kind, line FROM events WHERE at>=? AND (+kind BETWEEN ? AND ? OR +kind=?)
        ORDER BY at DESC, id DESC LIMIT ?
        """
      ).with(
        .number(start.nanoseconds), .number(kinds.lowerBound), .number(kinds.upperBound),
        .number(EventKind.vanished.rawValue), .number(Int64(Timeline.mostChanges)))
      var seen: Set<String> = []
      var troubles: [NodeName: HealthState] = [:]
      while try rows.step() {
        guard !rows.isNull(0), seen.insert(rows.text(0)).inserted,
          let event = try? EventLine.event(from: rows.text(2)), case .health(_, let verdict) = event.change,
          verdict.isTrouble
        else { continue }
        troubles[NodeName(rows.text(0))] = verdict.state
      }
      return troubles
    }
  }

  /// When the oldest stretch began between which and the end there was no such pause.
  private func start(afterPausesOf pause: Duration) throws(StoreFailure) -> WallTime? {
    let rows = try database.statement("SELECT start, end FROM stretches ORDER BY id DESC")
    defer { rows.reset() }
    var start: WallTime?
    while try rows.step() {
      if let start, start.distance(from: WallTime(nanoseconds: rows.number(1))) >= pause { break }
      start = WallTime(nanoseconds: rows.number(0))
    }
    return start
  }
}
