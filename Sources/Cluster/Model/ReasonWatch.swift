/// Notices what else degraded nodes are degraded for than was told of them: their state stays, so no change of health
/// tells it.
///
/// Nothing that flickers is told: a kind of reason has to stay for more than one tick, and is told once in ten minutes
/// at most as long as the node is degraded. So what comes and goes all the time makes a handful of events, and what
/// lasts is told at last.
struct ReasonWatch: Sendable {
  /// By the place of the node.
  private var spells: [Int: Spell] = [:]

  private static let rest = Duration.seconds(600)

  /// What is known of a node since it is degraded.
  private struct Spell {
    /// The kind that was told last, and the newest reason of that kind.
    var kind: HealthReason.Kind
    var reason: HealthReason
    /// When each kind was told.
    var told: [HealthReason.Kind: Uptime]
    /// Another kind than the one that was told last, as of the last tick.
    var other: HealthReason.Kind?

    /// For the tick; what it is degraded for now, where that is to be told, is a change of that.
    mutating func take(_ reason: HealthReason, at now: Uptime) -> Event.Change? {
      let kind = reason.kind
      if kind == self.kind {
        self.reason = reason
        other = nil
        return nil
      }
      guard other == kind else {
        other = kind
        return nil
      }
      if let before = told[kind], now - before < ReasonWatch.rest { return nil }
      defer { (self.kind, self.reason, told[kind], other) = (kind, reason, now, nil) }
      return .reason(from: self.reason, to: reason)
    }
  }

  /// Takes in how the node at `place` is in a tick. O(1).
  mutating func take(_ verdict: Verdict, of place: Int, at now: Uptime) -> Event.Change? {
    guard verdict.state == .degraded, let reason = verdict.reason else {
      if !spells.isEmpty { spells[place] = nil }
      return nil
    }
    // How it became degraded is told by that.
    return spells[
      place, default: Spell(kind: reason.kind, reason: reason, told: [reason.kind: now])
    ].take(reason, at: now)
  }

  /// The same for nodes at other places.
  func moved(to count: Int, from placeBefore: (Int) -> Int?) -> ReasonWatch {
    var moved = ReasonWatch()
    guard !spells.isEmpty else { return moved }
    for place in 0..<count { moved.spells[place] = placeBefore(place).flatMap { spells[$0] } }
    return moved
  }
}
