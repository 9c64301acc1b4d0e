extension ClusterModel {
  /// Takes in what the sources said, and notes which of them were lost, came back or began again.
  mutating func take(_ readings: [Reading], _ events: inout [Event]) {
    for index in sources.indices { sources[index].beginFrame() }
    for reading in readings where sources.indices.contains(reading.source.index) {
      let index = reading.source.index
      let failedBefore = sources[index].waitsToBeTold ? nil : sources[index].failure
      sources[index].take(reading)
      let source = snapshot.topology.plan.sources[index]
      func note(_ change: Event.Change) {
        events.append(Event(at: reading.at.wall, node: source.node, change: change))
      }
      switch (failedBefore, sources[index].waitsToBeTold ? nil : sources[index].failure) {
      case (nil, let failure?): note(.sourceLost(source.system, failure))
      case (_?, nil): note(.sourceBack(source.system))
      default: break
      }
      if let reason = sources[index].newReset { note(.reset(source.system, reason: reason)) }
    }
    for index in sources.indices {
      snapshot.sources[index].failure = sources[index].failure
      snapshot.sources[index].took = sources[index].took
      snapshot.sources[index].age = age(of: index)
      if case .proxy(let proxy)? = sources[index].latest?.sample {
        snapshot.sources[index].info = proxy.info
        snapshot.sources[index].level = proxy.level
      }
    }
  }

  /// How old the last good reading of a source is; nil where there is none.
  func age(of source: Int) -> Duration? {
    sources[source].readAt.map { max(.zero, snapshot.at.since($0)) }
  }

  /// Nothing newer than three of its polls, or nothing at all.
  func isStale(_ source: Int) -> Bool {
    guard let age = age(of: source) else { return true }
    return age > snapshot.topology.plan.interval * (3 * snapshot.topology.plan.sources[source].every)
  }
}
