extension Snapshot {
  /// What passed through the nodes of a tier together; what is stale is no part of it. O(nodes of the tier).
  public func traffic(ofTier place: Int) -> Traffic { sum(of: topology.tiers[place].nodes) }

  /// Down where the tier serves no more; degraded where anything in it is not as it should be; unknown where
  /// nothing of it is known. What an operator took out is as it should be, unless nobody is left.
  /// O(nodes of the tier).
  public func health(ofTier place: Int) -> HealthState {
    var tally = HealthTally()
    tally.add(nodes[topology.tiers[place].nodes])
    return tally.state
  }

  /// The same for the whole: down where any tier serves no more.
  func healthOfTiers() -> HealthState {
    var tally = HealthTally()
    for tier in topology.tiers { tally.add(nodes[tier.nodes], canBeDown: tier.kind == .serving) }
    return tally.state
  }

  /// What passed through some nodes together; what is stale is no part of it.
  func sum(of places: some Sequence<Int>) -> Traffic {
    var sum = Traffic.Sum()
    for place in places where nodes[place].verdict.state != .stale { sum.add(nodes[place].traffic) }
    return sum.traffic
  }
}

/// What is found in one tier or several, for one judgement.
private struct HealthTally {
  private var isDown = false
  private var isDegraded = false
  private var isAnythingKnown = false

  var state: HealthState {
    isDown ? .down : !isAnythingKnown ? .unknown : isDegraded ? .degraded : .up
  }

  /// Adds one whole tier. A name that does not resolve, or a path that is closed, is trouble; whether the site
  /// serves is said by what serves.
  mutating func add(_ tier: ArraySlice<NodeReport>, canBeDown: Bool = true) {
    var dead = 0
    for report in tier {
      if report.verdict.isTrouble { isDegraded = true }
      switch report.verdict.state {
      case .up, .draining, .degraded: isAnythingKnown = true
      case .down, .maint:
        isAnythingKnown = true
        dead += 1
      case .stale, .unknown: break
      }
    }
    if canBeDown, dead > 0, dead == tier.count { isDown = true }
  }
}
