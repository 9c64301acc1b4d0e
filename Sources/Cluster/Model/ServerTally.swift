/// What the load balancers say of one node, counted: the ground for its verdict.
struct ServerTally {
  /// By severity of the state.
  private var counts = InlineArray<7, Int>(repeating: 0)
  /// For each state the first server row that is in it and says why, else the first that is in it; -1.
  private var examples = InlineArray<7, Int>(repeating: -1)
  private var explained = InlineArray<7, Bool>(repeating: false)
  private var total = 0

  mutating func add(_ report: ServerReport, at place: Int) {
    let state = report.state.severity
    total += 1
    counts[state] += 1
    if explained[state] { return }
    explained[state] = report.reason != nil
    if explained[state] || examples[state] < 0 { examples[state] = place }
  }

  var isEmpty: Bool { total == 0 }

  /// The verdict on the node.
  ///
  /// Down everywhere is down; down in some rows is degraded, with how many. An operator's drain or maint is
  /// shown as such, with how many where it is not on all. A node that takes traffic is judged by figures.
  func verdict(
    by figures: HealthFigures, against limits: HealthLimits, reports: [ServerReport],
    servers: [Topology.Server], of places: Range<Int>
  ) -> Verdict {
    if let only = HealthState.allCases.first(where: { counts[$0.severity] == total }) {
      let reason = reports[examples[only.severity]].reason
      switch only {
      case .up:
        if case .goingDown? = reason { return Verdict(.degraded, reason) }
        return figures.verdict(against: limits)
      case .draining: return Verdict(.draining, reason ?? figures.allSessions.map { .sessionsLeft($0) })
      default: return Verdict(only, reason)
      }
    }
    // They disagree. What keeps traffic away against anybody's will comes first.
    let state: HealthState =
      counts[HealthState.down.severity] > 0
      ? .down
      : counts[HealthState.draining.severity] > 0
        ? .draining : counts[HealthState.maint.severity] > 0 ? .maint : .unknown
    let shown: HealthState = state == .down || state == .unknown ? .degraded : state
    let count = counts[state.severity]
    let example = servers[examples[state.severity]].id
    let isOneServer = servers[places].allSatisfy { $0.id == example }
    return Verdict(
      shown,
      isOneServer
        ? .disagreement(state: state, count: count, of: total)
        : .server(example, state: state, count: count, of: total))
  }
}
