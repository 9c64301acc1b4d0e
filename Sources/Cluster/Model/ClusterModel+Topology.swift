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
    let blank = Snapshot(unread: new)
    noteArrivals(from: old, to: new, &events)
    func placeBefore(_ place: Int) -> Int? { new.place(ofTrail: place, in: old) }
    trails = trails.moved(to: new.nodes.count + new.tiers.count + 1, from: placeBefore)
    errorWindows = errorWindows.moved(to: new.nodes.count, from: placeBefore)
    snapshot.nodes = blank.nodes.indices.map { place in
      placeBefore(place).map { snapshot.nodes[$0] } ?? blank.nodes[place]
    }
    snapshot.servers = carried(
      snapshot.servers, of: old.servers.map(\.key), to: new.servers.map(\.key), blank.servers)
    snapshot.proxies = carried(
      snapshot.proxies, of: old.proxies.map(\.key), to: new.proxies.map(\.key), blank.proxies)
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

  private func carried<Report>(
    _ reports: [Report], of old: [RowKey], to new: [RowKey], _ blank: [Report]
  ) -> [Report] {
    let places = Dictionary(zip(old, reports.indices), uniquingKeysWith: { first, _ in first })
    return new.indices.map { place in places[new[place]].map { reports[$0] } ?? blank[place] }
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
