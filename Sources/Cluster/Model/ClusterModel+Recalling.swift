extension ClusterModel {
  /// Learns what people had set, and what was lost of it, from an event that was recorded: what was known live
  /// came from files that only know the present. To be called before the frame that the event came with, so that a
  /// replay judges a node as it was judged then.
  ///
  /// Of a server that tracks another one it may learn a wish that was only the other's: events do not say that.
  public mutating func recall(_ event: Event) {
    guard let node = event.node else { return }
    switch event.change {
    case .changed(let news) where news.outcome == .done:
      for server in news.servers {
        guard let wish = Intent.Wish(news.action) else { continue }
        recall(
          Intent(
            row: ServerRow(balancer: node, server: server), wish: wish, actor: news.actor, note: news.note,
            since: event.at), isSetAgain: news.purpose == .reapply || news.purpose == .hold)
      }
    case .admin(let server, _, let state, let actor?):
      recall(seen: Intent.Wish(state), on: ServerRow(balancer: node, server: server), by: actor, at: event.at)
    case .weight(let server, _, let weight, let actor?):
      recall(seen: .weight(weight), on: ServerRow(balancer: node, server: server), by: actor, at: event.at)
    case .lost(let lost):
      // Somebody has wanted something else since.
      if let known = intents.byKey[lost.intent.key], known.since > lost.intent.since,
        known.wish != lost.intent.wish
      {
        return
      }
      intents.remember(lost.intent)
      intentWatch.recall(lost)
      intentWatch.invalidate()
    default: return
    }
  }

  /// Learns since when each node is as it is, from the last change of each that was recorded until the newest frame:
  /// who folds only a few frames has not seen it. Where none is known, or it led elsewhere, nobody saw it.
  public mutating func recall(_ changes: [NodeName: (state: HealthState, at: WallTime)]) {
    for place in snapshot.nodes.indices {
      let change = changes[snapshot.topology.nodes[place].name]
      let state = snapshot.nodes[place].verdict.state
      snapshot.nodes[place].since = change.flatMap { $0.state == state ? $0.at : nil }
    }
  }

  private mutating func recall(_ intent: Intent, isSetAgain: Bool) {
    var intent = intent
    if isSetAgain, let old = intents.byKey[intent.key], old.wish == intent.wish {
      intent.actor = old.actor
      intent.note = old.note
    }
    intents.remember(intent)
    intentWatch.restore(intent.key)
    intentWatch.invalidate()
  }

  /// What another program of a person's did is only known by what was seen of it.
  private mutating func recall(seen wish: Intent.Wish, on row: ServerRow, by actor: Actor, at time: WallTime)
  {
    let intent = Intent(row: row, wish: wish, actor: actor, note: "", since: time)
    // It has been told already, and better.
    if let known = intents.byKey[intent.key], known.wish == wish, known.actor == actor { return }
    recall(intent, isSetAgain: false)
  }
}
