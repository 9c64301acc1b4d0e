import Cluster

/// The figures of the minute that is under way: pure, one snapshot a tick.
struct MinuteWindow {
  /// Counted from 1970; nil before the first tick.
  private(set) var minute: Int64?
  private(set) var state = StateSum()
  private var values: [Series: RollUps] = [:]
  private var topology: Topology?
  private var nodes: [Series] = []
  private var tiers: [Series] = []

  /// Takes in one tick, of the minute that it belongs to.
  mutating func add(_ snapshot: Snapshot) {
    if topology !== snapshot.topology {
      topology = snapshot.topology
      nodes = snapshot.topology.nodes.map { .node($0.name) }
      tiers = snapshot.topology.tiers.map { .tier($0.name) }
    }
    minute = Resolution.minute.index(of: snapshot.at.wall)
    state.add(TickState(snapshot))
    let interval = snapshot.topology.plan.interval
    for (place, tier) in snapshot.topology.tiers.enumerated() {
      var sessions: Int64?
      for place in tier.nodes {
        let node = snapshot.nodes[place]
        // What is older is what an earlier tick has said already.
        guard let age = node.age, age < interval else { continue }
        add(node.traffic, sessions: node.sessions, to: nodes[place])
        if let own = node.sessions { sessions = (sessions ?? 0) &+ own }
      }
      add(MinuteWindow.sum(of: tier.nodes, in: snapshot), sessions: sessions, to: tiers[place])
    }
    add(snapshot.total, sessions: nil, to: .cluster)
  }

  /// What there is, and begins anew.
  mutating func take() -> [(series: Series, rollUps: RollUps)] {
    let result = values.filter { !$0.value.isEmpty }.map { (series: $0.key, rollUps: $0.value) }
    // The series stay, so that the next minute needs no memory of its own.
    for key in values.keys { values[key] = RollUps() }
    minute = nil
    state = StateSum()
    return result
  }

  private mutating func add(_ traffic: Traffic, sessions: Int64?, to series: Series) {
    var rollUps = values[series] ?? RollUps()
    if let requests = traffic.requests {
      if let qps = traffic.qps { rollUps.add(RollUp(qps), to: .qps) }
      if let latency = traffic.latency, requests > 0 {
        rollUps.add(RollUp(latency, weight: requests), to: .latency)
      }
      if let rate = traffic.errorRate, let attempts = traffic.attempts, attempts > 0 {
        rollUps.add(RollUp(rate, weight: attempts), to: .errorRate)
      }
    }
    if let sessions { rollUps.add(RollUp(Double(sessions)), to: .sessions) }
    values[series] = rollUps
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
