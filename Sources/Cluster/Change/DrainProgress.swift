/// How the sessions of servers that drain go away.
public struct DrainProgress: Hashable, Sendable {
  private struct Sample: Hashable, Sendable {
    var at: Moment
    var sessions: Int64
  }

  /// Oldest first, of the last `span`.
  private var samples: [Sample] = []
  /// How many there were when it began; nil until they were counted.
  public private(set) var first: Int64?

  private static let span = Duration.seconds(10)

  public init() {}

  /// Notes how many are left, each time they are counted.
  public mutating func note(_ sessions: Int64, at moment: Moment) {
    if let last = samples.last, moment.since(last.at) <= .zero { return }
    if first == nil { first = sessions }
    samples.append(Sample(at: moment, sessions: sessions))
    // One sample older than the span stays, so that the span is always covered.
    while samples.count > 2, moment.since(samples[1].at) >= DrainProgress.span { samples.removeFirst() }
  }

  /// How many are left; nil until they were counted.
  public var left: Int64? { samples.last?.sessions }

  /// How many go per second, over the last ten seconds; negative where they become more; nil while that
  /// cannot be said.
  public var perSecond: Double? {
    guard let oldest = samples.first, let newest = samples.last else { return nil }
    let span = newest.at.since(oldest.at).seconds
    return span > 0 ? Double(oldest.sessions - newest.sessions) / span : nil
  }

  /// The time until none is left, as it goes now; nil while none goes.
  public var remaining: Duration? {
    guard let left else { return nil }
    if left == 0 { return .zero }
    guard let perSecond, perSecond > 0 else { return nil }
    return .nanoseconds(Int64(min(Double(left) / perSecond, 86_400 * 365) * 1e9))
  }
}
