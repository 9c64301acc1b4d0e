/// Adds up minutes of service from snapshots: of each tier and of the whole cluster.
public struct ServiceRecorder: Sendable {
  private var minutes: [(scope: ServiceScope, minute: ServiceMinute)] = []
  private var last: Moment?

  public init() {}

  /// The minute that is not over yet, the cluster's first.
  public var current: [(scope: ServiceScope, minute: ServiceMinute)] { minutes }

  /// Takes in one snapshot, in the order of time: it says how things stood since the one before.
  ///
  /// Where that is longer ago than three intervals, nothing is known of the time between. A minute that was
  /// given may be given again, where the clock is set back: add it to what there is with
  /// `ServiceMinute.merge`.
  ///
  /// - Returns: the minutes that are over, oldest first, the cluster's before those of its tiers; most of the
  ///   time none. O(nodes).
  public mutating func advance(
    with snapshot: Snapshot
  ) -> [(scope: ServiceScope, minute: ServiceMinute)] {
    let topology = snapshot.topology
    let now = snapshot.at
    var passed = last.map { now.since($0) } ?? .zero
    if passed < .zero || passed > topology.plan.interval * 3 { passed = .zero }
    last = now

    let tiers = topology.tiers.indices
    let scopes = [ServiceScope.cluster] + tiers.map { .tier(topology.tiers[$0].name) }
    let states = [snapshot.health] + tiers.map { snapshot.health(ofTier: $0) }
    let traffic = [snapshot.total] + tiers.map { snapshot.traffic(ofTier: $0) }

    var over: [(scope: ServiceScope, minute: ServiceMinute)] = []
    var from = now.wall.advanced(by: .zero - passed)
    repeat {
      let start = ServiceMinute.start(of: from)
      if minutes.first?.minute.at != start || minutes.map(\.scope) != scopes {
        over += minutes
        minutes = scopes.map { ($0, ServiceMinute(at: start)) }
      }
      let end = min(now.wall, start.advanced(by: ServiceMinute.length))
      let part = end.distance(from: from)
      for place in minutes.indices { minutes[place].minute.add(part, states[place]) }
      if end == from { break }
      from = end
    } while from < now.wall
    for place in minutes.indices {
      minutes[place].minute.requests &+= traffic[place].attempts ?? 0
      minutes[place].minute.errors &+= traffic[place].errors ?? 0
    }
    return over
  }

  /// The minute that is not over, as far as it is known: at the end of a recording.
  public mutating func finish() -> [(scope: ServiceScope, minute: ServiceMinute)] {
    defer {
      minutes = []
      last = nil
    }
    return minutes
  }
}
