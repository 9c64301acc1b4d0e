extension ClusterModel {
  /// Joins nodes and rows anew where a load balancer has other rows than before. What is known of a node, a
  /// server or a proxy moves with its name.
  mutating func rebuildTopologyIfNeeded(_ events: inout [Event]) {
    let old = snapshot.topology
    var rosters = old.rosters
    for index in sources.indices where sources[index].isFresh {
      if case .proxy(let proxy)? = sources[index].latest?.sample { rosters[index] = proxy.stat.roster }
    }
    guard zip(rosters, old.rosters).contains(where: { $0 !== $1 }) else { return }

    let new = Topology(layout: old.layout, plan: old.plan, rosters: rosters)
    var blank = Snapshot(unread: new)
    // Another load balancer of the same nodes: all that belongs to nodes stays where it is.
    if !new.hasSamePlaces(as: old) {
      noteArrivals(from: old, to: new, &events)
      func placeBefore(_ place: Int) -> Int? { new.place(ofTrail: place, in: old) }
      trails = trails.moved(to: new.nodes.count + new.tiers.count + 1, from: placeBefore)
      errorWindows = errorWindows.moved(to: new.nodes.count, from: placeBefore)
      reasons = reasons.moved(to: new.nodes.count, from: placeBefore)
      for place in blank.nodes.indices {
        if let before = placeBefore(place) { blank.nodes[place] = snapshot.nodes[before] }
      }
      swap(&snapshot.nodes, &blank.nodes)
    }
    stillness = Stillness(servers: new.servers.count, nodes: new.nodes.count)
    let rows = RowPlaces(from: old, to: new)
    for (place, server) in new.servers.enumerated() {
      if let before = rows.place(ofServer: server) { blank.servers[place] = snapshot.servers[before] }
    }
    for (place, proxy) in new.proxies.enumerated() {
      if let before = rows.place(ofProxy: proxy) { blank.proxies[place] = snapshot.proxies[before] }
    }
    swap(&snapshot.servers, &blank.servers)
    swap(&snapshot.proxies, &blank.proxies)
    snapshot.edges = blank.edges
    snapshot.asked = blank.asked
    snapshot.topology = new
  }

  private func noteArrivals(from old: Topology, to new: Topology, _ events: inout [Event]) {
    for node in new.nodes where old.place(of: node.name) == nil {
      // The first look at a load balancer brings its servers, and no news.
      let isNews = new.servers[node.servers].contains { old.rosters[$0.balancer.index] != nil }
      if isNews { events.append(Event(at: snapshot.at.wall, node: node.name, change: .appeared)) }
    }
    for node in old.nodes where new.place(of: node.name) == nil {
      events.append(Event(at: snapshot.at.wall, node: node.name, change: .vanished))
    }
  }
}

extension Topology {
  /// Where what has a trail here has it in another topology; nil where it is not there.
  func place(ofTrail place: Int, in other: Topology) -> Int? {
    if place < nodes.count { return other.place(of: nodes[place].name) }
    // After the nodes come the tiers, then the cluster.
    let tier = place - nodes.count
    if tier == tiers.count { return other.nodes.count + other.tiers.count }
    return other.tiers.firstIndex { $0.name == tiers[tier].name }.map { other.nodes.count + $0 }
  }

  /// Whether the same nodes and tiers are at the same places.
  fileprivate func hasSamePlaces(as other: Topology) -> Bool {
    nodes.count == other.nodes.count && tiers.count == other.tiers.count
      && zip(tiers, other.tiers).allSatisfy { $0.name == $1.name }
      && zip(nodes, other.nodes).allSatisfy { $0.name == $1.name }
  }
}

/// Where the rows of a topology were in the one before it.
private struct RowPlaces {
  private let old: Topology
  private let new: Topology
  /// The rows of load balancers that list others now; those whose rows are the same are found by their numbers.
  private var servers: [RowKey: Int] = [:]
  private var proxies: [RowKey: Int] = [:]

  init(from old: Topology, to new: Topology) {
    (self.old, self.new) = (old, new)
    for (place, server) in old.servers.enumerated() where !isSame(server.balancer) {
      if servers[server.key] == nil { servers[server.key] = place }
    }
    for (place, proxy) in old.proxies.enumerated() where !isSame(proxy.balancer) {
      if proxies[proxy.key] == nil { proxies[proxy.key] = place }
    }
  }

  func place(ofServer server: Topology.Server) -> Int? {
    if isSame(server.balancer) { return place(server.row, of: server.balancer) }
    return servers.isEmpty ? nil : servers[server.key]
  }

  func place(ofProxy proxy: Topology.Proxy) -> Int? {
    if isSame(proxy.balancer) { return place(proxy.row, of: proxy.balancer) }
    return proxies.isEmpty ? nil : proxies[proxy.key]
  }

  private func isSame(_ balancer: SourceID) -> Bool {
    new.rosters[balancer.index] != nil && new.rosters[balancer.index] === old.rosters[balancer.index]
  }

  private func place(_ row: Int, of balancer: SourceID) -> Int? {
    let place = old.placeOfRow[balancer.index][row]
    return place < 0 ? nil : Int(place)
  }
}

/// What a row of a load balancer is, wherever it stands.
private struct RowKey: Hashable {
  var balancer: SourceID
  var kind: RowKind
  var proxy: String
  var name: String
}

extension Topology.Server {
  fileprivate var key: RowKey {
    RowKey(balancer: balancer, kind: .server, proxy: id.backend, name: id.server)
  }
}

extension Topology.Proxy {
  fileprivate var key: RowKey { RowKey(balancer: balancer, kind: kind, proxy: name, name: "") }
}
