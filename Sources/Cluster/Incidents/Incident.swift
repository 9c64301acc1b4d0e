/// A stretch in which something was wrong: from the first node in trouble to all well again.
///
/// Trouble is what `Verdict.isTrouble` says: degraded, down, or not to be asked any more (stale, or never
/// answered) — a load balancer that cannot be asked may be doing anything. What an operator took out (drain,
/// maint) is none, unless a tier is left with nobody who serves.
///
/// All well for less than `quietPeriod` does not end it: what comes and goes is one incident, not fifty.
public struct Incident: Hashable, Sendable {
  public var start: WallTime
  /// When all was well again; nil while it lasts, and until that has held for the quiet period.
  public var end: WallTime?
  /// Those in trouble, each once, in the order in which they were hit.
  public private(set) var nodes: [NodeName]
  /// The worst state of any of its nodes.
  public var worst: HealthState
  /// A tier, or a backend of a load balancer, had nobody left who serves.
  public var isOutage: Bool
  /// The highest error rate, 0…1, that one of its nodes was judged by, or that the whole cluster had in one
  /// tick with enough requests to judge; nil where nothing is known of errors.
  public var worstErrorRate: Double?
  /// What entered the cluster while it lasted, and what of it failed; nil where nobody counted: an incident
  /// that is found in events has no counts of its own.
  public var requests: Int64?
  public var failed: Int64?
  /// They are those of all minutes that it touches: nobody knows it more finely any more.
  public var isByMinute = false
  /// What changed from its first to its last moment, oldest first: the first `mostEvents` of them.
  public var events: [Event]
  /// How many there were.
  public var eventCount: Int

  /// All well for less than this does not end an incident.
  public static let quietPeriod = Duration.seconds(10)
  /// An incident that lasts for days keeps no more events than these; all of them are in the store.
  public static let mostEvents = 500

  /// The same as `nodes`, to be found quickly where hundreds are in trouble.
  private var members: Set<NodeName>

  /// One that was kept somewhere; `eventCount` nil is as many as are given.
  public init(
    start: WallTime, end: WallTime?, nodes: [NodeName], worst: HealthState, isOutage: Bool,
    worstErrorRate: Double?, requests: Int64?, failed: Int64?, events: [Event] = [], eventCount: Int? = nil
  ) {
    self.start = start
    self.end = end
    self.nodes = nodes
    members = Set(nodes)
    self.worst = worst
    self.isOutage = isOutage
    self.worstErrorRate = worstErrorRate
    self.requests = requests
    self.failed = failed
    self.events = events
    self.eventCount = eventCount ?? events.count
  }

  /// One that has just begun, and of which nothing is known yet.
  init(start: WallTime) {
    self.init(
      start: start, end: nil, nodes: [], worst: .up, isOutage: false, worstErrorRate: nil, requests: nil,
      failed: nil)
  }

  /// How long it lasted, or has lasted by `now`.
  public func duration(at now: WallTime) -> Duration { max(.zero, (end ?? now).distance(from: start)) }

  /// What it covers, up to `now` where it still lasts.
  public func span(at now: WallTime) -> TimeSpan { TimeSpan(from: start, to: max(start, end ?? now)) }

  mutating func involve(_ node: NodeName, _ verdict: Verdict) {
    if members.insert(node).inserted { nodes.append(node) }
    if verdict.state.severity > worst.severity { worst = verdict.state }
    switch verdict.reason {
    case .errorRate(let rate, _)?: note(errorRate: rate)
    case .backendDown?: isOutage = true
    default: break
    }
  }

  mutating func note(errorRate rate: Double) { worstErrorRate = max(worstErrorRate ?? 0, rate) }

  mutating func add(requests: Int64?, failed: Int64?) {
    if let requests { self.requests = (self.requests ?? 0) &+ requests }
    if let failed { self.failed = (self.failed ?? 0) &+ failed }
  }

  mutating func add(_ more: [Event]) {
    eventCount += more.count
    events += more.prefix(max(0, Incident.mostEvents - events.count))
  }
}
