/// What a person points at when something is to be changed.
public enum Target: Hashable, Sendable {
  /// A node, in all backends that it serves in, or in one.
  case node(NodeName, backend: String?)
  /// A server by its name on the load balancers.
  case server(ServerID)
}

/// Why a change cannot be compiled: nothing is sent, to nobody.
public enum ChangeFault: Error, Hashable, Sendable {
  /// There is no such node or server; what may have been meant.
  case unknown(String, meant: String?)
  /// It is a load balancer: nothing stands before it that could be told.
  case isBalancer(NodeName)
  /// No load balancer has a server that is this node.
  case notBalanced(NodeName)
  /// It does not serve in that backend; in which it does.
  case notInBackend(NodeName, backend: String, backends: [String])
  /// Its name has a character, or a length, that no command can have.
  case unspeakable(ServerID)
  case weightOutOfRange(Int64)
  /// None of its load balancers lets anybody change anything.
  case readOnly(WriteObstacle)
  /// There is nothing that could be put back, or set again.
  case nothing
}

extension LiveSnapshot {
  /// The target that a person's words mean: `web1`, or `web/web1` for a server of the load balancers.
  public func target(named words: String, backend: String? = nil) throws(ChangeFault) -> Target {
    let topology = snapshot.topology
    let name = NodeName(words)
    if topology.place(of: name) != nil { return .node(name, backend: backend) }
    let parts = words.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      let id = ServerID(backend: parts[0], server: parts[1])
      if topology.servers.contains(where: { $0.id == id }) { return .server(id) }
    }
    let known = topology.nodes.map(\.name.text) + topology.servers.map(\.id.description)
    throw .unknown(name.text, meant: nearest(to: words, in: known))
  }

  /// The server rows that a target means: places in `topology.servers`, in their order.
  public func servers(of target: Target) throws(ChangeFault) -> [Int] {
    let topology = snapshot.topology
    switch target {
    case .server(let id):
      let places = topology.servers.indices.filter { topology.servers[$0].id == id }
      if places.isEmpty { throw .unknown(printable(id.description), meant: nil) }
      return places
    case .node(let name, let backend):
      guard let place = topology.place(of: name) else { throw .unknown(name.text, meant: nil) }
      let node = topology.nodes[place]
      if node.balancer != nil { throw .isBalancer(name) }
      if node.servers.isEmpty { throw .notBalanced(name) }
      guard let backend else { return Array(node.servers) }
      let places = node.servers.filter { topology.servers[$0].id.backend == backend }
      if places.isEmpty {
        throw .notInBackend(name, backend: printable(backend), backends: backends(of: node.servers))
      }
      return places
    }
  }

  /// The backends of some server rows, each once, in order.
  public func backends(of places: some Sequence<Int>) -> [String] {
    var seen: Set<String> = []
    return places.map { snapshot.topology.servers[$0].id.backend }.filter { seen.insert($0).inserted }
  }
}
