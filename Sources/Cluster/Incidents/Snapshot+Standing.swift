extension Snapshot {
  /// What a recording that begins with this snapshot has to note, so that its events alone tell how nodes stood
  /// then: one for each node that is known not to be up. Without them nobody would know, because the state in
  /// which a node is first found is no change.
  public var standingEvents: [Event] {
    nodes.indices.compactMap { place in
      let verdict = nodes[place].verdict
      if verdict.state == .up || verdict.state == .unknown && !verdict.isTrouble { return nil }
      return Event(
        at: at.wall, node: topology.nodes[place].name, change: .health(from: .unknown, to: verdict))
    }
  }
}
