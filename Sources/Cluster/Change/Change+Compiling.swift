extension Change {
  /// One action on everything that some targets mean, on all load balancers.
  ///
  /// Throws where a target means nothing, where one of the names could not be part of a command, or where no
  /// load balancer would take it. O(servers).
  public init(_ action: ServerAction, on targets: [Target], in live: LiveSnapshot) throws(ChangeFault) {
    if case .weight(let weight) = action, !ServerAction.weights.contains(weight) {
      throw .weightOutOfRange(weight)
    }
    var places: Set<Int> = []
    for target in targets { places.formUnion(try live.servers(of: target)) }
    let wishes = places.sorted().map { (place: $0, action: action) }
    try self.init(wishes, purpose: .wish, in: live)
  }

  /// What has not been done of a change, once more.
  public init(retrying change: Change, _ outcomes: [Int: StepOutcome], in live: LiveSnapshot)
    throws(ChangeFault)
  {
    let failed = change.steps.indices.filter { outcomes[$0] != .done }.map { change.steps[$0] }
    let rows = live.placesOfRows
    let wishes = failed.compactMap { step in rows[step.row].map { (place: $0, action: step.action) } }
    try self.init(wishes, purpose: .retry, in: live)
  }

  /// Puts back what was done of a change, and what may have been done: states and weights as they were on
  /// each load balancer. Sessions that were shut down stay so.
  public init(undoing change: Change, _ outcomes: [Int: StepOutcome], in live: LiveSnapshot)
    throws(ChangeFault)
  {
    let rows = live.placesOfRows
    let wishes = change.steps.indices.compactMap { index -> (place: Int, action: ServerAction)? in
      let step = change.steps[index]
      guard step.kind == .send, outcomes[index]?.mayHaveActed ?? true, let place = rows[step.row] else {
        return nil
      }
      switch step.action {
      case .set: return (place, .set(step.before.admin))
      case .weight: return step.before.weight.map { (place, .weight($0)) }
      case .shutdownSessions: return nil
      }
    }
    try self.init(wishes, purpose: .undo, in: live)
  }

  /// Sets again what people wanted and something else has changed.
  public init(reapplying intents: [Intent], purpose: Purpose = .reapply, in live: LiveSnapshot)
    throws(ChangeFault)
  {
    let rows = live.placesOfRows
    let wishes = intents.compactMap { intent in
      rows[intent.row].map { (place: $0, action: intent.wish.action) }
    }
    try self.init(wishes, purpose: purpose, in: live)
  }

  private init(
    _ wishes: [(place: Int, action: ServerAction)], purpose: Purpose, in live: LiveSnapshot
  ) throws(ChangeFault) {
    guard !wishes.isEmpty else { throw .nothing }
    let topology = live.snapshot.topology
    var steps: [Step] = []
    var withheld: [Withheld] = []
    let states = Dictionary(
      wishes.filter(\.action.isState).map { (topology.servers[$0.place].balanced, $0.action) },
      uniquingKeysWith: { first, _ in first })
    for (place, action) in wishes {
      let server = topology.servers[place]
      guard server.id.isSpeakable else { throw .unspeakable(server.id) }
      let row = live.snapshot.row(ofServer: place)
      if let obstacle = live.snapshot.sources[server.balancer.index].obstacle {
        withheld.append(Withheld(row: row, obstacle: obstacle))
        continue
      }
      let report = live.snapshot.servers[place]
      var kind = Step.Kind.send
      if let leader = report.leader, states[BalancedServer(balancer: server.balancer, id: leader)] == action,
        !report.hasOwnWish(against: action)
      {
        kind = .follow(leader)
      }
      steps.append(
        Step(row: row, balancer: server.balancer, action: action, before: report.standing, kind: kind))
    }
    if steps.isEmpty, let first = withheld.first { throw .readOnly(first.obstacle) }
    self.init(steps: steps, withheld: withheld, purpose: purpose)
  }
}

extension ServerAction {
  /// Whether it is about the state: what tracking servers take over.
  var isState: Bool {
    if case .set = self { true } else { false }
  }
}

extension StepOutcome {
  /// Whether it is, or may be, otherwise than before.
  var mayHaveActed: Bool {
    switch self {
    case .done, .unknown, .ineffective: true
    case .refused, .unsent: false
    }
  }
}

extension ServerReport {
  /// What an operator made of it.
  public var standing: Standing { Standing(admin: admin, weight: weight) }

  /// The server that it tracks on the same load balancer; nil for most.
  public var leader: ServerID? {
    guard let slash = tracked.firstIndex(of: "/") else { return nil }
    return ServerID(
      backend: String(tracked[..<slash]), server: String(tracked[tracked.index(after: slash)...]))
  }

  /// Whether following alone would not do: it has been set itself, to something else.
  fileprivate func hasOwnWish(against action: ServerAction) -> Bool {
    guard let flags else { return true }
    switch action {
    case .set(.ready): return !flags.isDisjoint(with: [.forcedMaint, .forcedDrain])
    case .set(.drain): return flags.contains(.forcedMaint)
    // Maintenance outweighs whatever it has been set to.
    case .set(.maint): return false
    case .weight, .shutdownSessions: return true
    }
  }
}

extension Snapshot {
  /// The names of the server row at a place of `topology.servers`.
  public func row(ofServer place: Int) -> ServerRow {
    let server = topology.servers[place]
    return ServerRow(balancer: topology.nodes[server.balancerNode].name, server: server.id)
  }
}

extension LiveSnapshot {
  /// The place in `topology.servers` of each row.
  var placesOfRows: [ServerRow: Int] {
    Dictionary(
      snapshot.topology.servers.indices.map { (snapshot.row(ofServer: $0), $0) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// A server's name on one load balancer.
private struct BalancedServer: Hashable {
  var balancer: SourceID
  var id: ServerID
}

extension Topology.Server {
  fileprivate var balanced: BalancedServer { BalancedServer(balancer: balancer, id: id) }
}
