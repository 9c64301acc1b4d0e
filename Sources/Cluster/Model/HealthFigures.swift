/// The figures by which a node that takes traffic is judged.
struct HealthFigures {
  /// Within the judged window.
  var errors: Int64
  /// Within the judged window.
  var attempts: Int64
  /// In the newest tick alone.
  var newest = (errors: Int64(0), attempts: Int64(0))
  /// Milliseconds.
  var latency: Double?
  var queue: Int64?
  var sessions: Int64?
  var sessionLimit: Int64?
  /// On all load balancers together, whether or not there is a limit.
  var allSessions: Int64?
  /// What `sessions` counts.
  var slots = HealthReason.Slots.sessions

  /// Fewer failures than this are chance, whatever their share: one in thirty requests is no rate.
  static let leastErrors: Int64 = 3

  /// Up, or degraded by the first limit that is passed, the gravest kind first.
  func verdict(against limits: HealthLimits) -> Verdict {
    // Where nobody can connect any more, all else follows from that.
    if slots != .sessions, let sessions, let sessionLimit, sessions >= sessionLimit,
      let full = fullness(against: limits)
    {
      return full
    }
    if let rate = errorRate(of: limits) {
      return Verdict(.degraded, .errorRate(rate, limit: limits.errorRate))
    }
    let longest = limits.latency.seconds * 1000
    if let latency, latency > longest { return Verdict(.degraded, .latency(latency, limit: longest)) }
    if let queue, queue > limits.queue { return Verdict(.degraded, .queue(queue, limit: limits.queue)) }
    return fullness(against: limits) ?? Verdict(.up)
  }

  private func fullness(against limits: HealthLimits) -> Verdict? {
    guard let sessions, let sessionLimit, sessionLimit > 0,
      Double(sessions) / Double(sessionLimit) > limits.sessionShare
    else { return nil }
    return Verdict(.degraded, .inUse(sessions, of: sessionLimit, slots, limit: limits.sessionShare))
  }

  /// So many failures in one tick are no chance where they are also far beyond the limit: nobody need wait for the
  /// window to fill.
  private static let burst = (errors: Int64(5), times: 2.0)

  /// The error rate where it is beyond the limit; nil where it is not.
  private func errorRate(of limits: HealthLimits) -> Double? {
    let least = max(1, limits.minimumAttempts)
    if attempts >= least, errors >= HealthFigures.leastErrors {
      let rate = min(1, Double(errors) / Double(attempts))
      if rate > limits.errorRate { return rate }
    }
    guard newest.attempts >= least, newest.errors >= HealthFigures.burst.errors else { return nil }
    let rate = min(1, Double(newest.errors) / Double(newest.attempts))
    return rate > limits.errorRate * HealthFigures.burst.times ? rate : nil
  }
}
