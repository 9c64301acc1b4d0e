/// Which row of `show servers state` belongs to which row of `show stat`.
///
/// Both list backends and servers in the same order, so that one walk over both finds nearly all; the rest is
/// looked up by name. The result is kept until the roster changes.
struct StateJoin: Sendable {
  private var roster: Roster?
  private var places: [Int32] = []

  /// The state of the server in `row` of the table; nil where the peer does not say.
  func state(of row: Int, in states: ServerStateTable?) -> ServerStateTable.Row? {
    guard let states, let roster, row < places.count, places[row] >= 0, Int(places[row]) < states.rows.count
    else { return nil }
    let state = states.rows[Int(places[row])]
    // A server may have been added or removed between the two replies.
    guard state.server == roster.rows[row].name, state.backend == roster.rows[row].proxy else { return nil }
    return state
  }

  /// Joins anew where the roster or the number of states is another one. O(rows).
  mutating func update(roster: Roster, states: ServerStateTable?) {
    guard let states else { return }
    if self.roster === roster, isStillRight(for: states) { return }
    self.roster = roster
    places = [Int32](repeating: -1, count: roster.count)
    var byName: [ServerID: Int32]?
    var next = 0
    for (row, entry) in roster.rows.enumerated() where entry.kind == .server {
      if next < states.rows.count, states.rows[next].server == entry.name,
        states.rows[next].backend == entry.proxy
      {
        places[row] = Int32(next)
        next += 1
        continue
      }
      let index = byName ?? StateJoin.index(of: states)
      byName = index
      if let found = index[ServerID(backend: entry.proxy, server: entry.name)] {
        places[row] = found
        next = Int(found) + 1
      }
    }
  }

  /// The last joined row tells: if it still fits, nothing before it was added or removed alone.
  private func isStillRight(for states: ServerStateTable) -> Bool {
    guard let row = places.lastIndex(where: { $0 >= 0 }) else { return states.rows.isEmpty }
    return Int(places[row]) == states.rows.count - 1 && state(of: row, in: states) != nil
  }

  private static func index(of states: ServerStateTable) -> [ServerID: Int32] {
    var index: [ServerID: Int32] = [:]
    index.reserveCapacity(states.rows.count)
    for (place, row) in states.rows.enumerated() {
      index[ServerID(backend: row.backend, server: row.server)] = Int32(place)
    }
    return index
  }
}
