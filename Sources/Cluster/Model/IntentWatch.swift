/// Which wishes are looked after in the topology of now, and which of them are lost.
struct IntentWatch: Sendable {
  /// Wishes that can be lost, each with its server's place in `topology.servers`.
  private(set) var watched: [(intent: Intent, place: Int)] = []
  private(set) var lost: [Intents.Key: LostIntent] = [:]
  /// Wishes of this program's own changes, whose effect is no news when it is read.
  var announced: [Intents.Key: WallTime] = [:]
  private var topology: Topology?
  private var isOutdated = false

  /// The wishes are other ones than before.
  mutating func invalidate() { isOutdated = true }

  /// Looks the places up anew where the servers or the wishes have changed. O(servers + wishes).
  mutating func update(_ snapshot: Snapshot, _ intents: Intents) {
    if topology === snapshot.topology, !isOutdated { return }
    topology = snapshot.topology
    isOutdated = false
    watched = []
    lost = lost.filter { key, lost in intents.byKey[key] == lost.intent }
    if intents.byKey.values.contains(where: \.wish.canBeLost) {
      for place in snapshot.topology.servers.indices {
        let row = snapshot.row(ofServer: place)
        for intent in [intents.state(of: row), intents.weight(of: row)] {
          if let intent, intent.wish.canBeLost { watched.append((intent, place)) }
        }
      }
    }
  }

  /// Notes how a server stands against a wish; true where the wish has just been lost.
  mutating func note(_ intent: Intent, stands: Standing, cause: LostIntent.Cause, at: WallTime) -> Bool {
    if stands.satisfies(intent.wish.action) {
      if lost[intent.key] != nil { lost[intent.key] = nil }
      return false
    }
    if lost[intent.key] != nil {
      lost[intent.key]?.found = stands
      return false
    }
    lost[intent.key] = LostIntent(intent: intent, found: stands, cause: cause, at: at)
    return true
  }

  /// It was lost by then, as an event has told.
  mutating func recall(_ lost: LostIntent) { self.lost[lost.intent.key] = lost }

  /// It has just been set again.
  mutating func restore(_ key: Intents.Key) { lost[key] = nil }
}
