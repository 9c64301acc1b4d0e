/// The cluster as a pure function of the frames so far: each frame makes the next snapshot.
///
/// There is no other way to a figure: live, replay, `once`, export and tests all fold frames with this.
public struct ClusterModel: Sendable {
  public internal(set) var snapshot: Snapshot
  var sources: [SourceState]
  var joins: [StateJoin]
  var trails: Trails
  var errorWindows: ErrorWindows
  var reasons = ReasonWatch()
  var stillness: Stillness
  /// What people last set, as far as it is known here.
  public internal(set) var intents = Intents()
  var intentWatch = IntentWatch()
  /// Whether the newest frame came about an interval after the one before: a rate over less is mostly noise.
  var isWholeTick = false
  /// By the place of the node that is the virtual address.
  var lastHolders: [Int: LastHolder] = [:]
  var moving: [Int: Moving] = [:]
  /// Whether it sums up what passes while it watches.
  let keepsTotals: Bool
  private var lastFrame: Moment?

  /// A cluster of which nothing has been read yet.
  ///
  /// - Parameter keepsTotals: whether it sums up what passes while it is watched; false for who only looks at the
  ///   past, where totals would tell from when on somebody has read, and nothing of the cluster.
  public init(layout: Layout, keepsTotals: Bool = true) {
    self.keepsTotals = keepsTotals
    let plan = PollPlan(for: layout)
    let topology = Topology(
      layout: layout, plan: plan, rosters: [Roster?](repeating: nil, count: plan.sources.count))
    sources = plan.sources.map { _ in SourceState() }
    joins = plan.sources.map { _ in StateJoin() }
    trails = Trails(count: topology.nodes.count + topology.tiers.count + 1)
    errorWindows = ErrorWindows(count: topology.nodes.count)
    stillness = Stillness(servers: topology.servers.count, nodes: topology.nodes.count)
    snapshot = Snapshot(unread: topology)
  }

  /// Takes in one frame, and returns what changed with it.
  public mutating func advance(with frame: Frame) -> [Event] {
    var events: [Event] = []
    isWholeTick = frame.at.since(lastFrame ?? frame.at) * 2 > snapshot.topology.plan.interval
    lastFrame = frame.at
    snapshot.at = frame.at
    take(frame.readings, &events)
    rebuildTopologyIfNeeded(&events)
    deriveRows(&events)
    watchIntents(&events)
    if !frame.isBetweenTicks { errorWindows.beginTick() }
    deriveNodes(&events)
    let tiers = snapshot.topology.tiers.map { snapshot.sum(of: $0.nodes) }
    deriveWhole(of: tiers)
    noteTrails(of: tiers)
    if !frame.isBetweenTicks { trails.endTick() }
    return events
  }

  /// Lets everything grow older until `moment`, where no frame has come. What is stale by then is judged with
  /// the next frame; the agent makes one each tick, whatever happens.
  public mutating func age(to moment: Moment) {
    let passed = moment.since(snapshot.at)
    guard passed > .zero else { return }
    snapshot.at = moment
    for index in snapshot.sources.indices { snapshot.sources[index].age? += passed }
    for place in snapshot.nodes.indices {
      snapshot.nodes[place].age? += passed
      snapshot.nodes[place].web?.age += passed
    }
  }

  /// Takes over what trails remember from a model that saw the same cluster until shortly before this one began:
  /// what nobody saw between the two is a gap.
  ///
  /// - Parameter began: when the first frame of this one was complete.
  public mutating func precede(with older: ClusterModel, began: Moment) {
    let slot = snapshot.topology.plan.interval * trails.ticksPerSlot
    let passed = began.wall.distance(from: older.snapshot.at.wall)
    // A frame comes an interval after the one before.
    guard passed > .zero, slot > .zero, passed < slot * trails.capacity else { return }
    let gap = Int((passed.seconds / slot.seconds).rounded()) - 1
    let (new, old) = (snapshot.topology, older.snapshot.topology)
    trails.precede(with: older.trails, gap: gap) { new.place(ofTrail: $0, in: old) }
  }

  /// Takes over the trails of a model that has seen the same cluster for longer, up to the same moment.
  public mutating func adoptTrails(of other: ClusterModel) {
    let (own, old) = (snapshot.topology, other.snapshot.topology)
    trails =
      own === old ? other.trails : other.trails.moved(to: trails.count) { own.place(ofTrail: $0, in: old) }
  }

  /// Begins its trails anew with the next frame: what was folded until now is not of the minutes before that.
  public mutating func forgetTrails() { trails = Trails(count: trails.count) }

  /// The last minutes of one figure of the node at `place` of the topology.
  public func trail(of place: Int, _ metric: Metric) -> Trail {
    trails.trail(of: place, metric, interval: snapshot.topology.plan.interval)
  }

  /// The same for a whole tier.
  public func trail(ofTier place: Int, _ metric: Metric) -> Trail {
    trail(of: snapshot.topology.nodes.count + place, metric)
  }

  /// The same for what entered the cluster.
  public func trailOfCluster(_ metric: Metric) -> Trail {
    trail(ofTier: snapshot.topology.tiers.count, metric)
  }
}
