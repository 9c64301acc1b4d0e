extension ChangePreview {
  /// What `change` would do in `live`. O(servers).
  public init(of change: Change, in live: LiveSnapshot) {
    let snapshot = live.snapshot
    let places = live.placesOfRows
    var forecast = Forecast(snapshot)
    for step in change.steps {
      guard let place = places[step.row] else { continue }
      forecast.apply(step.action, at: place)
    }
    forecast.dragTrackers()

    for step in change.steps {
      guard let place = places[step.row] else { continue }
      var role = Row.Role.told
      if case .follow(let leader) = step.kind {
        role = .follows(leader)
      } else if let leader = forecast.holder(of: place, against: step.action) {
        role = .held(by: leader)
      }
      rows.append(forecast.row(place, role))
    }
    for withheld in change.withheld {
      guard let place = places[withheld.row] else { continue }
      rows.append(forecast.row(place, .withheld(withheld.obstacle)))
    }
    for (place, leader) in forecast.dragged where !rows.contains(where: { $0.place == place }) {
      rows.append(forecast.row(place, .dragged(by: leader)))
    }
    for index in rows.indices {
      rows[index].author = live.author(of: rows[index].row, standing: rows[index].before)
    }
    loads = forecast.loads()
    backends = forecast.backends()
    breaches = forecast.breaches(of: backends)
    noteSticky(change, places, snapshot)
    noteAway(live)
    noteSilent(snapshot)
  }

  private mutating func noteSticky(_ change: Change, _ places: [ServerRow: Int], _ snapshot: Snapshot) {
    for step in change.steps where step.action == .set(.drain) || step.action == .weight(0) {
      guard let place = places[step.row], snapshot.topology.hasCookie(place),
        !sticky.contains(step.row.server)
      else { continue }
      sticky.append(step.row.server)
    }
  }

  private mutating func noteAway(_ live: LiveSnapshot) {
    let snapshot = live.snapshot
    let touched = Set(rows.map(\.place))
    let backends = Set(rows.map { Topology.BackendKey(snapshot.topology.servers[$0.place]) })
    for (place, server) in snapshot.topology.servers.enumerated()
    where !touched.contains(place) && backends.contains(Topology.BackendKey(server)) {
      let report = snapshot.servers[place]
      guard report.admin != .ready || report.weight == 0 else { continue }
      let row = snapshot.row(ofServer: place)
      away.append(
        Away(row: row, standing: report.standing, intent: live.author(of: row, standing: report.standing)))
    }
  }

  private mutating func noteSilent(_ snapshot: Snapshot) {
    for node in snapshot.topology.nodes {
      guard let balancer = node.balancer else { continue }
      let source = snapshot.sources[balancer.index]
      if let failure = source.failure {
        silent.append(Silent(balancer: node.name, age: source.age, failure: failure))
      }
    }
  }
}

extension LiveSnapshot {
  /// Who made a server what it is, where it is out of the ordinary; nil where nobody is known to have.
  fileprivate func author(of row: ServerRow, standing: Standing) -> Intent? {
    guard standing.admin != .ready || standing.weight == 0 else { return nil }
    let intent = standing.admin != .ready ? intents.state(of: row) : intents.weight(of: row)
    return intent.flatMap { standing.satisfies($0.wish.action) ? $0 : nil }
  }
}
