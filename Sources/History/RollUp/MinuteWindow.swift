import Cluster

/// The figures of the minute that is under way: pure, one snapshot a tick.
struct MinuteWindow {
  /// Counted from 1970; nil before the first tick.
  private(set) var minute: Int64?
  private(set) var state = StateSum()
  private var topology: Topology?
  /// The topology's nodes, its tiers, and the cluster; and what there is of each, in the same order.
  private var series: [Series] = []
  private var values: [RollUps] = []
  /// What there is of those that the topology has no more.
  private var gone: [Series: RollUps] = [:]

  /// Those of a topology that are not numbered yet.
  private var unnumbered: ArraySlice<Series> = []

  /// Some of what there will be figures of when the minute ends, so that not all of it is numbered then; each once.
  mutating func takeUnnumbered() -> ArraySlice<Series> {
    let next = unnumbered.prefix(max(16, series.count / 40))
    unnumbered = unnumbered.dropFirst(next.count)
    return next
  }

  /// Takes in one tick, of the minute that it belongs to.
  mutating func add(_ snapshot: Snapshot) {
    if topology !== snapshot.topology { adopt(snapshot.topology) }
    let nodes = snapshot.topology.nodes.count
    minute = Resolution.minute.index(of: snapshot.at.wall)
    state.add(TickState(snapshot))
    let interval = snapshot.topology.plan.interval
    for (place, tier) in snapshot.topology.tiers.enumerated() {
      var sessions: Int64?
      for place in tier.nodes {
        // What is older is what an earlier tick has said already.
        guard let age = snapshot.nodes[place].age, age < interval else { continue }
        let own = snapshot.nodes[place].sessions
        add(snapshot.nodes[place].traffic, sessions: own, to: place)
        if let own { sessions = (sessions ?? 0) &+ own }
      }
      add(MinuteWindow.sum(of: tier.nodes, in: snapshot), sessions: sessions, to: nodes + place)
    }
    add(snapshot.total, sessions: nil, to: values.count - 1)
  }

  /// What there is, and begins anew.
  mutating func take() -> [(series: Series, rollUps: RollUps)] {
    var result = gone.map { (series: $0.key, rollUps: $0.value) }
    gone = [:]
    for place in values.indices where !values[place].isEmpty {
      result.append((series: series[place], rollUps: values[place]))
      values[place] = RollUps()
    }
    minute = nil
    state = StateSum()
    return result
  }

  private mutating func adopt(_ topology: Topology) {
    for place in values.indices where !values[place].isEmpty {
      gone[series[place], default: RollUps()].merge(values[place])
    }
    self.topology = topology
    series = topology.nodes.map { .node($0.name) } + topology.tiers.map { .tier($0.name) } + [.cluster]
    unnumbered = series[...]
    values = series.map { gone.removeValue(forKey: $0) ?? RollUps() }
  }

  /// What there is up to a frame, and begins anew; nil before the first tick.
  mutating func end(with sequence: FrameNumber) -> EndedMinute? {
    guard let minute else { return nil }
    let state = state
    return EndedMinute(minute: minute, values: take(), state: state, sequence: sequence)
  }

  /// Takes in what came before, of the same minute; false where that was another one.
  mutating func precede(with older: EndedMinute) -> Bool {
    if let minute, minute != older.minute { return false }
    minute = older.minute
    state.merge(older.state)
    let places = Dictionary(zip(series, series.indices), uniquingKeysWith: { first, _ in first })
    for (series, rollUps) in older.values {
      if let place = places[series] {
        values[place].merge(rollUps)
      } else {
        gone[series, default: RollUps()].merge(rollUps)
      }
    }
    return true
  }

  private mutating func add(_ traffic: Traffic, sessions: Int64?, to place: Int) {
    if let requests = traffic.requests {
      if let qps = traffic.qps { values[place].add(RollUp(qps), to: .qps) }
      if let latency = traffic.latency, requests > 0 {
        values[place].add(RollUp(latency, weight: requests), to: .latency)
      }
      if let rate = traffic.errorRate, let attempts = traffic.attempts, attempts > 0 {
        values[place].add(RollUp(rate, weight: attempts), to: .errorRate)
      }
    }
    if let sessions { values[place].add(RollUp(Double(sessions)), to: .sessions) }
  }

  /// What passed through a tier: counts and rates add, averages weigh by requests and attempts.
  private static func sum(of places: Range<Int>, in snapshot: Snapshot) -> Traffic {
    var sum = Traffic()
    var (latency, latencyWeight) = (0.0, 0.0)
    for place in places where snapshot.nodes[place].verdict.state != .stale {
      let part = snapshot.nodes[place].traffic
      if let requests = part.requests { sum.requests = (sum.requests ?? 0) &+ requests }
      if let errors = part.errors { sum.errors = (sum.errors ?? 0) &+ errors }
      if let attempts = part.attempts { sum.attempts = (sum.attempts ?? 0) &+ attempts }
      if let qps = part.qps { sum.qps = (sum.qps ?? 0) + qps }
      if let value = part.latency, let requests = part.requests, requests > 0 {
        latency += value * Double(requests)
        latencyWeight += Double(requests)
      }
    }
    if latencyWeight > 0 { sum.latency = latency / latencyWeight }
    if let errors = sum.errors, let attempts = sum.attempts, attempts > 0 {
      sum.errorRate = min(1, Double(errors) / Double(attempts))
    }
    return sum
  }
}
