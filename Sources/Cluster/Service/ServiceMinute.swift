/// How one tier, or the whole cluster, served in one minute: what availability is computed from.
public struct ServiceMinute: Hashable, Sendable {
  /// Its first moment.
  public let at: WallTime
  /// Requests and connections not taken: what errors are measured against.
  public var requests: Int64
  /// Those of them that failed.
  public var errors: Int64
  /// For how long nobody served.
  public var down: Duration
  /// For how long it served, and not as it should.
  public var degraded: Duration
  /// For how long it is not known how it served: nothing was read, or nothing was recorded.
  public var unknown: Duration

  public static let length = Duration.seconds(60)

  /// A minute of which nothing is known.
  public init(at: WallTime) {
    self.init(at: at, requests: 0, errors: 0, down: .zero, degraded: .zero, unknown: ServiceMinute.length)
  }

  public init(
    at: WallTime, requests: Int64, errors: Int64, down: Duration, degraded: Duration, unknown: Duration
  ) {
    self.at = at
    self.requests = requests
    self.errors = errors
    self.down = down
    self.degraded = degraded
    self.unknown = unknown
  }

  /// For how long it is known how it served.
  public var known: Duration { max(.zero, ServiceMinute.length - unknown) }

  /// Adds what another recording knows of the same minute: one that was restarted in it, or whose clock was
  /// set back over it. No minute becomes longer than one.
  public mutating func merge(_ other: ServiceMinute) {
    requests &+= other.requests
    errors &+= other.errors
    let known = min(ServiceMinute.length, known + other.known)
    down = min(known, down + other.down)
    degraded = min(known - down, degraded + other.degraded)
    unknown = ServiceMinute.length - known
  }

  /// The first moment of the minute in which `time` lies.
  public static func start(of time: WallTime) -> WallTime {
    let length = ServiceMinute.length.nanoseconds
    let rest = time.nanoseconds % length
    return WallTime(nanoseconds: time.nanoseconds &- (rest < 0 ? rest + length : rest))
  }

  /// Adds time in which it stood so.
  mutating func add(_ duration: Duration, _ state: HealthState) {
    switch state {
    case .unknown, .stale: return
    case .down: down += duration
    case .degraded: degraded += duration
    case .up, .draining, .maint: break
    }
    unknown = max(.zero, unknown - duration)
  }
}

/// What availability is said of.
public enum ServiceScope: Hashable, Sendable {
  case cluster
  case tier(TierName)
}
