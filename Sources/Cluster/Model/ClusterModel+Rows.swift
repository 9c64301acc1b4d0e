extension ClusterModel {
  /// Derives the rows of the load balancers that have sent something new; the others only lose their counts.
  mutating func deriveRows(_ events: inout [Event]) {
    for index in sources.indices {
      guard case .proxy(let proxy)? = sources[index].latest?.sample else { continue }
      if sources[index].isFresh {
        joins[index].update(roster: proxy.stat.roster, states: proxy.servers)
        deriveRows(of: index, proxy, &events)
      } else {
        forgetCounts(of: index)
      }
    }
  }

  private mutating func deriveRows(of source: Int, _ proxy: ProxySample, _ events: inout [Event]) {
    var older: ProxySample?
    if case .proxy(let before)? = sources[source].before?.sample { older = before }
    let window = StatWindow(newer: proxy.stat, older: older?.stat, window: sources[source].window)
    // Mostly the very same array, so that this costs nothing.
    let areStatesSame = older.map { $0.servers == proxy.servers } ?? false
    let places = snapshot.topology.placeOfRow[source]
    let rows = proxy.stat.roster.rows
    // Servers come before their backend's own row.
    var serverErrors: Int64 = 0
    for row in rows.indices where places[row] >= 0 {
      let place = Int(places[row])
      switch rows[row].kind {
      case .server:
        let isSame = areStatesSame && window.isSame(row)
        if stillness.takeServer(place, isSame: isSame) { continue }
        let state = joins[source].state(of: row, in: proxy.servers)
        let report = ServerReport(row: row, in: window, state: state)
        if hasChanged(to: report, at: place) {
          noteChanges(from: snapshot.servers[place], to: report, at: place, &events)
        }
        snapshot.servers[place] = report
        serverErrors &+= window.growth(row, .hrsp5xx) ?? 0
      case .frontend:
        snapshot.proxies[place] = ProxyReport(row: row, in: window)
      case .backend:
        var report = ProxyReport(row: row, in: window)
        report.ownErrors = window.growth(row, .hrsp5xx).map { max(0, $0 &- serverErrors) }
        snapshot.proxies[place] = report
        serverErrors = 0
      case .listener:
        continue
      }
    }
  }

  /// A count is shown once: with the reading that brought it.
  private mutating func forgetCounts(of source: Int) {
    let places = snapshot.topology.placeOfRow[source]
    guard let rows = snapshot.topology.rosters[source]?.rows else { return }
    for row in rows.indices where places[row] >= 0 {
      switch rows[row].kind {
      case .server:
        snapshot.servers[Int(places[row])].traffic.forgetCounts()
        stillness.moveServer(Int(places[row]))
      case .frontend, .backend:
        snapshot.proxies[Int(places[row])].traffic.forgetCounts()
        snapshot.proxies[Int(places[row])].ownErrors = nil
      case .listener: continue
      }
    }
  }

  /// Whether something was done to a server since the reading before. The first look brings no news.
  private func hasChanged(to new: ServerReport, at place: Int) -> Bool {
    (snapshot.servers[place].admin != new.admin || snapshot.servers[place].weight != new.weight)
      && !snapshot.servers[place].status.isEmpty
  }

  /// Notes what was done to a server since the reading before. What this program did itself has been told.
  private mutating func noteChanges(
    from old: ServerReport, to new: ServerReport, at place: Int, _ events: inout [Event]
  ) {
    let server = snapshot.topology.servers[place]
    let row = snapshot.row(ofServer: place)
    let before = sources[server.balancer.index].lookedBefore
    func author(of wish: Intent.Wish) -> Actor? {
      self.author(of: wish, on: row, leader: new.leader, since: before)
    }
    func note(_ change: Event.Change, _ wish: Intent.Wish) {
      let key = Intents.Key(row: row, isWeight: wish.isWeight)
      let isAnnounced = intentWatch.announced.removeValue(forKey: key) != nil
      if isAnnounced, author(of: wish) != nil { return }
      events.append(Event(at: snapshot.at.wall, node: row.balancer, change: change))
    }
    if old.admin != new.admin {
      let wish = Intent.Wish(new.admin)
      note(.admin(server.id, from: old.admin, to: new.admin, by: author(of: wish)), wish)
    }
    if let was = old.weight, let now = new.weight, was != now {
      let wish = Intent.Wish.weight(now)
      note(.weight(server.id, from: was, to: now, by: author(of: wish)), wish)
    }
  }
}

extension ProxyReport {
  /// One frontend or backend row, as its load balancer reports it.
  fileprivate init(row: Int, in window: borrowing StatWindow) {
    let table = window.newer
    status = table[row, .status]
    traffic = window.proxy(row)
    sessions = table[row, .scur]
    sessionLimit = table[row, .slim]
    queue = table[row, .qcur]
    usableServers = table[row, .act].map { $0 &+ (table[row, .bck] ?? 0) }
  }
}
