import Cluster

/// A change that was made from here: what has become of it so far, and what is still to come.
struct OngoingChange: Sendable {
  let order: ChangeOrder
  let began: Moment
  /// By load balancer, the newest of each.
  private(set) var results: [SourceID: BalancerResult] = [:]
  /// By place in `change.steps`; a load balancer that has not answered yet has none.
  private(set) var outcomes: [Int: StepOutcome] = [:]
  /// Steps and the places of their servers in the topology that they were looked up in.
  private(set) var places: [(step: Int, place: Int)] = []
  private var topology: Topology?
  var progress = DrainProgress()
  /// Once no session is left, its servers go into maintenance.
  var goesToMaint = false
  /// When the sessions that are left are shut down.
  var shutdownAt: Moment?
  var isUndone = false

  init(_ order: ChangeOrder, at moment: Moment) {
    self.order = order
    began = moment
  }

  var change: Change { order.change }

  /// A later result may be about some of the steps only: those that were unknown before.
  mutating func take(_ result: BalancerResult) {
    let known = results[result.balancer]?.outcomes ?? [:]
    results[result.balancer] = BalancerResult(
      balancer: result.balancer, outcomes: known.merging(result.outcomes) { _, new in new }, at: result.at,
      took: result.took)
    outcomes.merge(result.outcomes) { _, new in new }
  }

  /// Whether its sessions are still counted: until none is left, and nothing is to come after that.
  var isFollowed: Bool {
    drains && isKnown && !isUndone && (progress.left != 0 || goesToMaint || shutdownAt != nil)
  }

  /// Looks its servers up where the topology is another one than before. O(servers) then.
  mutating func place(in snapshot: Snapshot) {
    if topology === snapshot.topology { return }
    topology = snapshot.topology
    let steps = Dictionary(
      change.steps.enumerated().map { ($1.row, $0) }, uniquingKeysWith: { first, _ in first })
    places = snapshot.topology.servers.indices.compactMap { place in
      steps[snapshot.row(ofServer: place)].map { ($0, place) }
    }
  }

  /// Whether every load balancer has said something.
  var isKnown: Bool { change.balancers.allSatisfy { results[$0] != nil } }

  /// Load balancers on which all of it is done, and all that it should be done on.
  var confirmed: (count: Int, of: Int) {
    var isDone: [NodeName: Bool] = [:]
    for (place, step) in change.steps.enumerated() {
      isDone[step.row.balancer, default: true] = isDone[step.row.balancer] ?? true && outcomes[place] == .done
    }
    for withheld in change.withheld { isDone[withheld.row.balancer] = false }
    return (isDone.values.count { $0 }, isDone.count)
  }

  var isDoneEverywhere: Bool { confirmed.count == confirmed.of }

  /// Whether it takes traffic away, so that there are sessions to wait for.
  var drains: Bool { change.purpose != .hold && change.steps.contains { $0.action.takesAway } }

  /// Whether maintenance can follow it.
  var canGoToMaint: Bool { action == .set(.drain) }

  /// Whether there is, or may be, a time after which sessions are shut down.
  var canShutDown: Bool { drains || shutdownAt != nil }

  /// The action that most of it is; an undo may hold several.
  var action: ServerAction? { change.steps.first?.action }

  /// The servers that it told, each once, in order.
  var servers: [ServerID] {
    var seen: Set<ServerID> = []
    return change.steps.map(\.row.server).filter { seen.insert($0).inserted }
  }
}
