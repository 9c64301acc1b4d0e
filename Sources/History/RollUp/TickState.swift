import Cluster

/// How the whole cluster was at one tick, in a byte: the state's place in `HealthState.allCases`, 0x08 where
/// an operator has taken a node out, 0x10 for a frame between two ticks.
struct TickState {
  var health: HealthState
  var hasDrain: Bool
  var isBetweenTicks = false

  init(_ snapshot: Snapshot) {
    health = snapshot.health
    hasDrain = snapshot.nodes.contains { $0.verdict.state == .draining || $0.verdict.state == .maint }
  }

  init(byte: UInt8) {
    let all = HealthState.allCases
    health = Int(byte & 0x07) < all.count ? all[Int(byte & 0x07)] : .unknown
    hasDrain = byte & 0x08 != 0
    isBetweenTicks = byte & 0x10 != 0
  }

  var byte: UInt8 {
    let place = HealthState.allCases.firstIndex(of: health) ?? 0
    return UInt8(place) | (hasDrain ? 0x08 : 0) | (isBetweenTicks ? 0x10 : 0)
  }
}

/// The worst of several ticks.
struct StateSum {
  var worst: HealthState?
  var hasDrain = false
  var ticks: Int64 = 0

  mutating func add(_ state: TickState) {
    merge(StateSum(worst: state.health, hasDrain: state.hasDrain, ticks: state.isBetweenTicks ? 0 : 1))
  }

  mutating func merge(_ other: StateSum) {
    if let more = other.worst, more.severity >= worst?.severity ?? .min { worst = more }
    hasDrain = hasDrain || other.hasDrain
    ticks += other.ticks
  }
}
