extension ClusterModel {
  /// Takes over what people last set, as other programs have remembered it.
  public mutating func adopt(_ intents: Intents) {
    guard intents != self.intents else { return }
    self.intents = intents
    intentWatch.invalidate()
  }

  /// Learns how a change ended on one load balancer, and returns what is to be told of it: one event for each
  /// kind of outcome.
  public mutating func settle(
    _ change: Change, _ result: BalancerResult, by actor: Actor, note: String
  ) -> [Event] {
    for intent in intents.learn(change, result, by: actor, note: note) {
      intentWatch.announced[intent.key] = intent.since
      intentWatch.restore(intent.key)
    }
    intentWatch.invalidate()
    snapshot.lost = sortedLosses
    var news: [ChangeNews] = []
    for (place, outcome) in result.outcomes.sorted(by: { $0.key < $1.key }) {
      let step = change.steps[place]
      if let index = news.firstIndex(where: { $0.action == step.action && $0.outcome == outcome }) {
        news[index].servers.append(step.row.server)
      } else {
        news.append(
          ChangeNews(
            action: step.action, servers: [step.row.server], outcome: outcome, purpose: change.purpose,
            actor: actor, note: printable(note)))
      }
    }
    let balancer = snapshot.topology.plan[result.balancer].node
    return news.map { Event(at: result.at.wall, node: balancer, change: .changed($0)) }
  }

  /// Compares what people set with what was just read; O(wishes).
  mutating func watchIntents(_ events: inout [Event]) {
    intentWatch.update(snapshot, intents)
    if intentWatch.watched.isEmpty, snapshot.lost.isEmpty { return }
    for (intent, place) in intentWatch.watched {
      let server = snapshot.topology.servers[place]
      let source = sources[server.balancer.index]
      guard source.isFresh, let latest = source.latest else { continue }
      // What was asked before it was set says nothing of it.
      let asked = latest.at.wall.nanoseconds &- (source.took ?? .zero).nanoseconds
      guard asked > intent.since.nanoseconds else { continue }
      let standing = snapshot.servers[place].standing
      if intent.wish.isWeight, standing.weight == nil { continue }
      let cause = source.reset.map { LostIntent.Cause.reset($0) } ?? .other
      if intentWatch.note(intent, stands: standing, cause: cause, at: snapshot.at.wall),
        let lost = intentWatch.lost[intent.key]
      {
        events.append(
          Event(at: snapshot.at.wall, node: snapshot.topology.nodes[server.node].name, change: .lost(lost)))
      }
    }
    snapshot.lost = sortedLosses
  }

  /// What is lost of the node at a place, told with its verdict: a node that takes traffic against a person's
  /// will is not well. Whatever is worse is told first.
  func verdict(_ verdict: Verdict, onNode place: Int) -> Verdict {
    let servers = snapshot.topology.nodes[place].servers
    let lost = snapshot.lost.filter { lost in
      servers.contains { snapshot.topology.servers[$0].id == lost.intent.row.server }
    }
    guard let first = lost.first(where: { !$0.intent.wish.isWeight }) ?? lost.first else { return verdict }
    let same = lost.filter { $0.intent.wish == first.intent.wish }
    // In the order of the layout, whichever was the first to be found.
    let balancers = Set(same.map(\.intent.row.balancer)).sorted {
      (snapshot.topology.place(of: $0) ?? .max, $0.text) < (snapshot.topology.place(of: $1) ?? .max, $1.text)
    }
    let reason = HealthReason.lost(first.intent.wish, on: balancers, first.cause, at: first.at)
    switch verdict.state {
    case .up: return Verdict(first.intent.wish.isWeight ? .up : .degraded, reason)
    case .draining, .maint: return Verdict(verdict.state, reason)
    case .degraded, .down, .stale, .unknown: return verdict
    }
  }

  private var sortedLosses: [LostIntent] {
    intentWatch.lost.values.sorted {
      ($0.at, $0.intent.row.description) < ($1.at, $1.intent.row.description)
    }
  }

  /// Who has just made a server what it is now; nil where that was nobody who is known here. `since` is when
  /// the reading before was complete.
  func author(of wish: Intent.Wish, on row: ServerRow, leader: ServerID?, since: WallTime) -> Actor? {
    func matching(_ intent: Intent?) -> Actor? {
      guard let intent, intent.wish == wish, intent.since >= since else { return nil }
      return intent.actor
    }
    if let actor = matching(wish.isWeight ? intents.weight(of: row) : intents.state(of: row)) { return actor }
    // Who tracks a server changes with it.
    guard let leader, !wish.isWeight else { return nil }
    return matching(intents.state(of: ServerRow(balancer: row.balancer, server: leader)))
  }
}
