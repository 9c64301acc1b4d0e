/// The servers as they would be.
struct Forecast {
  private let snapshot: Snapshot
  private var after: [Standing]
  /// By place: the server whose state it takes over.
  private(set) var dragged: [(place: Int, leader: ServerID)] = []
  private let placesOfBackends: [Topology.BackendKey: [Int]]
  private var touched: Set<Topology.BackendKey> = []

  init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
    after = snapshot.servers.map(\.standing)
    placesOfBackends = Dictionary(
      grouping: snapshot.topology.servers.indices,
      by: { Topology.BackendKey(snapshot.topology.servers[$0]) })
  }

  mutating func apply(_ action: ServerAction, at place: Int) {
    switch action {
    case .set(let state): after[place].admin = state
    case .weight(let weight): after[place].weight = weight
    case .shutdownSessions: return
    }
    touched.insert(Topology.BackendKey(snapshot.topology.servers[place]))
  }

  /// Who tracks a server that changes its state changes with it.
  mutating func dragTrackers() {
    let topology = snapshot.topology
    for (place, server) in topology.servers.enumerated() {
      guard let leader = snapshot.servers[place].leader, let leading = self.place(of: leader, on: server),
        after[leading].admin != snapshot.servers[leading].admin
      else { continue }
      // What it was set to itself still holds where it is more.
      let own = snapshot.servers[place].ownState
      after[place].admin = max(own, after[leading].admin, by: \.rank)
      dragged.append((place, leader))
      touched.insert(Topology.BackendKey(server))
    }
  }

  /// The tracked server that keeps this one from what it is told.
  func holder(of place: Int, against action: ServerAction) -> ServerID? {
    guard case .set(let state) = action, let leader = snapshot.servers[place].leader,
      let leading = self.place(of: leader, on: snapshot.topology.servers[place]),
      after[leading].admin.rank > state.rank
    else { return nil }
    return leader
  }

  func row(_ place: Int, _ role: ChangePreview.Row.Role) -> ChangePreview.Row {
    let report = snapshot.servers[place]
    return ChangePreview.Row(
      row: snapshot.row(ofServer: place), place: place, before: report.standing, after: after[place],
      role: role, sessions: report.sessions, qps: report.traffic.qps, author: nil)
  }

  private func place(of leader: ServerID, on server: Topology.Server) -> Int? {
    placesOfBackends[Topology.BackendKey(balancer: server.balancer, name: leader.backend)]?
      .first { snapshot.topology.servers[$0].id == leader }
  }

  // MARK: Who serves

  /// Whether it takes new requests now.
  private func serves(_ place: Int) -> Bool { snapshot.servers[place].state == .up }

  /// Whether it would. One that is made ready is taken to be well, unless its check says otherwise.
  private func wouldServe(_ place: Int) -> Bool {
    guard after[place].admin == .ready, after[place].weight != 0 else { return false }
    let report = snapshot.servers[place]
    return switch report.state {
    case .up: true
    case .draining, .maint: !report.isCheckFailing
    case .degraded, .down, .stale, .unknown: false
    }
  }

  func backends() -> [ChangePreview.Backend] {
    touchedInOrder.map { key in
      let places = placesOfBackends[key] ?? []
      return ChangePreview.Backend(
        balancer: snapshot.topology.nodes[snapshot.topology.servers[places[0]].balancerNode].name,
        name: key.name, before: places.count(where: serves), after: places.count(where: wouldServe))
    }
  }

  private var touchedInOrder: [Topology.BackendKey] {
    touched.sorted { (placesOfBackends[$0]?.first ?? 0) < (placesOfBackends[$1]?.first ?? 0) }
  }

  /// Each backend that would have fewer than the floor and has more now, where it is worst.
  func breaches(of backends: [ChangePreview.Backend]) -> [ChangePreview.FloorBreach] {
    let keepUp = snapshot.topology.layout.drain.keepUp
    var worst: [String: ChangePreview.FloorBreach] = [:]
    for backend in backends where backend.after < keepUp && backend.after < backend.before {
      if let known = worst[backend.name], known.left <= backend.after { continue }
      worst[backend.name] = ChangePreview.FloorBreach(
        backend: backend.name, balancer: backend.balancer, left: backend.after, keepUp: keepUp)
    }
    return worst.values.sorted { ($0.left, $0.backend) < ($1.left, $1.backend) }
  }

  // MARK: Who carries what

  /// What each node would carry.
  ///
  /// What a server that goes away has carried is shared by those that stay, by weight. Where one comes, or a
  /// weight changes, the whole of the backend is shared by weight. Backup servers serve where no other does,
  /// the first of them, as HAProxy does it without `option allbackups`.
  func loads() -> [ChangePreview.Load] {
    var gains: [Int: Double] = [:]
    for key in touched {
      let places = placesOfBackends[key] ?? []
      let carrying = carriers(places.filter(wouldServe))
      let total = places.reduce(0.0) { $0 + (snapshot.servers[$1].traffic.qps ?? 0) }
      let weights = Dictionary(
        carrying.map { ($0, Double(after[$0].weight ?? 1)) }, uniquingKeysWith: { first, _ in first })
      let sum = carrying.reduce(0.0) { $0 + (weights[$1] ?? 0) }
      let lost = places.reduce(0.0) {
        weights[$1] != nil ? $0 : $0 + (snapshot.servers[$1].traffic.qps ?? 0)
      }
      let isSharedAnew = carrying.contains { !serves($0) || after[$0].weight != snapshot.servers[$0].weight }
      for place in places {
        let now = snapshot.servers[place].traffic.qps ?? 0
        let then: Double
        if let weight = weights[place], sum > 0 {
          let share = weight / sum
          then = isSharedAnew ? total * share : now + lost * share
        } else {
          then = 0
        }
        gains[snapshot.topology.servers[place].node, default: 0] += then - now
      }
    }
    return gains.compactMap { node, gain in
      let report = snapshot.nodes[node]
      guard let now = report.traffic.qps, abs(gain) >= 0.05 else { return nil }
      return ChangePreview.Load(
        node: snapshot.topology.nodes[node].name, now: now, after: max(0, now + gain),
        highest: report.highestQPS)
    }.sorted { ($1.isBeyond ? 1 : 0, $1.after, $0.node) < ($0.isBeyond ? 1 : 0, $0.after, $1.node) }
  }

  private func carriers(_ serving: [Int]) -> [Int] {
    let active = serving.filter { !snapshot.servers[$0].isBackup }
    return active.isEmpty ? Array(serving.prefix(1)) : active
  }
}

extension AdminState {
  /// Which of two states a server is in that has both.
  fileprivate var rank: UInt8 {
    switch self {
    case .ready: 0
    case .drain: 1
    case .maint: 2
    }
  }
}

private func max(_ a: AdminState, _ b: AdminState, by rank: (AdminState) -> UInt8) -> AdminState {
  rank(a) >= rank(b) ? a : b
}

extension ServerReport {
  /// The state that it was set to itself, whatever the server that it tracks is.
  fileprivate var ownState: AdminState {
    guard let flags else { return admin }
    return flags.contains(.forcedMaint) ? .maint : flags.contains(.forcedDrain) ? .drain : .ready
  }

  /// Whether the check says that it would not serve, were it ready.
  fileprivate var isCheckFailing: Bool {
    let code = checkStatus.hasPrefix("* ") ? checkStatus.dropFirst(2) : checkStatus[...]
    return !["", "UNK", "INI", "L4OK", "L6OK", "L7OK", "L7OKC", "PROCOK"].contains(code)
  }
}
