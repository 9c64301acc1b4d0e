/// How a tier, or the whole cluster, served over a stretch of time.
public struct Availability: Hashable, Sendable {
  /// Whole minutes.
  public let span: TimeSpan
  /// For how long it is known how it served.
  public private(set) var known = Duration.zero
  /// For how long of that nobody served.
  public private(set) var down = Duration.zero
  /// For how long of that it served, and not as it should.
  public private(set) var degraded = Duration.zero
  /// Requests and connections not taken.
  public private(set) var requests: Int64 = 0
  public private(set) var errors: Int64 = 0

  /// The stretches that are always shown.
  public static let windows: [Duration] = [
    .seconds(3600), .seconds(86_400), .seconds(7 * 86_400), .seconds(30 * 86_400),
  ]

  /// Sums up those minutes that begin within a stretch, which is widened to whole minutes. O(minutes).
  public init(of minutes: some Sequence<ServiceMinute>, over span: TimeSpan) {
    self.init(empty: span)
    for minute in minutes { add(minute) }
  }

  /// Each of `windows` until `end`, from one pass over the minutes, in any order. O(minutes).
  public static func overWindows(
    of minutes: some Sequence<ServiceMinute>, until end: WallTime
  ) -> [Availability] {
    var sums = windows.map { Availability(empty: TimeSpan($0, until: end)) }
    for minute in minutes {
      for place in sums.indices { sums[place].add(minute) }
    }
    return sums
  }

  private init(empty span: TimeSpan) {
    self.span = TimeSpan(from: ServiceMinute.start(of: span.start), to: span.end)
  }

  private mutating func add(_ minute: ServiceMinute) {
    guard span.contains(minute.at) else { return }
    known += minute.known
    down += minute.down
    degraded += minute.degraded
    requests &+= minute.requests
    errors &+= minute.errors
  }

  /// How much of the span is known.
  public var knowledge: Knowledge {
    if known <= .zero { return .nothing }
    if known * 2 < span.length { return .little }
    // The minute under way is not summed up yet, and a restart takes some seconds.
    return unknown <= max(.seconds(120), span.length / 100) ? .all : .much
  }

  /// How far a figure over a span can be trusted to be one of the span.
  public enum Knowledge: Hashable, Sendable {
    /// There is no figure.
    case nothing
    /// Less than half of it: a figure says little of the span.
    case little
    /// Half of it at least.
    case much
    /// All that is worth being told apart.
    case all
  }

  /// For how long it is not known how it served.
  public var unknown: Duration { max(.zero, span.length - known) }

  /// The share of the known time in which it served, 0…1; nil where nothing is known.
  public var timeShare: Double? {
    known > .zero ? max(0, 1 - down.seconds / known.seconds) : nil
  }

  /// The share of requests that succeeded, 0…1; nil where there was none.
  public var requestShare: Double? {
    requests > 0 ? max(0, 1 - Double(errors) / Double(requests)) : nil
  }

  /// What is left of what an objective allows to fail, of the time that is known: of what is not known nobody
  /// can say what it spent. The objective is a share such as 0.999.
  public func budget(objective: Double) -> ErrorBudget {
    ErrorBudget(objective: objective, timeShare: timeShare, requestShare: requestShare)
  }
}
