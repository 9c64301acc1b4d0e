/// Which servers and nodes say what they said in the tick before, so that only what has changed is derived anew: of
/// thousands of servers most carry nothing in a given second.
struct Stillness: Sendable {
  /// How long nothing has happened to a server.
  enum Server: UInt8, Sendable {
    /// Something has, or it is not known.
    case moving
    /// Its reading is that of the tick before, and its report was made of these two.
    case settled
    /// And its report is that of the tick before.
    case still
  }

  /// By the place of the server in the topology.
  private var servers: [Server]
  /// By the place of the node: whether its report was made of what it would be made of again.
  private var nodes: [Bool]

  init(servers: Int, nodes: Int) {
    self.servers = [Server](repeating: .moving, count: servers)
    self.nodes = [Bool](repeating: false, count: nodes)
  }

  /// Takes in whether the reading of the server at `place` is that of the tick before, and returns whether its report
  /// stays as it is.
  mutating func takeServer(_ place: Int, isSame: Bool) -> Bool {
    guard isSame else {
      servers[place] = .moving
      return false
    }
    if servers[place] == .moving {
      servers[place] = .settled
      return false
    }
    servers[place] = .still
    return true
  }

  /// Says that something else than a reading has changed the report of a server.
  mutating func moveServer(_ place: Int) { servers[place] = .moving }

  /// Whether the reports of all these servers are those of the tick before.
  func areStill(_ places: Range<Int>) -> Bool { servers[places].allSatisfy { $0 == .still } }

  /// Takes in whether nothing that the node at `place` is judged by has changed, and returns whether its report stays
  /// as it is but for its age.
  mutating func takeNode(_ place: Int, isSame: Bool) -> Bool {
    defer { nodes[place] = isSame }
    return isSame && nodes[place]
  }
}
