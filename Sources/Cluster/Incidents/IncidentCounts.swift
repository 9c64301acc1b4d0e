/// What entered the cluster while an incident lasted, and what of it failed, as the load balancers answered: the
/// figures that events do not tell.
public struct IncidentCounts: Hashable, Sendable {
  /// Requests and connections not taken; nil where nobody counted.
  public private(set) var requests: Int64?
  public private(set) var failed: Int64?
  /// The highest share, 0…1, that failed in one tick, or minute, with enough requests to judge; nil where there was
  /// none.
  public private(set) var worstErrorRate: Double?
  /// They are those of all minutes that it touches: ticks of that time are not kept any more.
  public var isByMinute: Bool

  /// How long before the first node was in trouble requests may have failed because of it: checks and error
  /// rates take some seconds to tell.
  public static let runUp = Incident.quietPeriod
  /// Failures that are further apart, or from the start, have nothing to do with it.
  private static let patience = Duration.seconds(2)

  /// The last failure of the run-up; and whether that is over.
  private var lastFailure: WallTime?
  private var hasBegun = false

  public init(isByMinute: Bool = false) { self.isByMinute = isByMinute }

  /// Adds one frame of an incident that began at `start`, in the order of time, those of its run-up too: it counts
  /// from the first failure on after which they did not cease.
  public mutating func add(_ snapshot: Snapshot, startingAt start: WallTime) {
    if !hasBegun {
      let now = snapshot.at.wall
      if let last = lastFailure, now.distance(from: last) > IncidentCounts.patience {
        self = IncidentCounts()
      }
      if now >= start {
        hasBegun = true
      } else if snapshot.total.errors ?? 0 > 0 {
        lastFailure = now
      } else if lastFailure == nil {
        return
      }
    }
    add(requests: snapshot.total.attempts, failed: snapshot.total.errors)
    note(snapshot.judgedErrorRate)
  }

  /// Adds one minute of the whole cluster; `limits` say how many requests are enough to judge.
  public mutating func add(_ minute: ServiceMinute, _ limits: HealthLimits) {
    guard minute.known > .zero else { return }
    add(requests: minute.requests, failed: minute.errors)
    note(limits.judgedErrorRate(errors: minute.errors, attempts: minute.requests))
  }

  private mutating func add(requests: Int64?, failed: Int64?) {
    if let requests { self.requests = (self.requests ?? 0) &+ requests }
    if let failed { self.failed = (self.failed ?? 0) &+ failed }
  }

  private mutating func note(_ rate: Double?) {
    if let rate { worstErrorRate = max(worstErrorRate ?? 0, rate) }
  }
}

extension Incident {
  /// Takes over what was counted of it elsewhere.
  public mutating func take(_ counts: IncidentCounts) {
    requests = counts.requests
    failed = counts.failed
    isByMinute = counts.isByMinute
    if let rate = counts.worstErrorRate { worstErrorRate = max(worstErrorRate ?? 0, rate) }
  }
}

extension Snapshot {
  /// The share of what entered the cluster that failed in this tick; nil where there was too little to judge.
  var judgedErrorRate: Double? {
    guard let attempts = total.attempts, let errors = total.errors else { return nil }
    return topology.layout.health.defaults.judgedErrorRate(errors: errors, attempts: attempts)
  }
}

extension HealthLimits {
  /// The share that failed, 0…1; nil where that is too little to judge.
  func judgedErrorRate(errors: Int64, attempts: Int64) -> Double? {
    guard attempts >= max(1, minimumAttempts), errors >= HealthFigures.leastErrors else { return nil }
    return min(1, Double(errors) / Double(attempts))
  }
}
