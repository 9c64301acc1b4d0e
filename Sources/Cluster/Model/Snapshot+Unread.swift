extension Snapshot {
  /// A cluster of which nothing has been read yet.
  init(unread topology: Topology) {
    self.topology = topology
    at = Moment(wall: WallTime(nanoseconds: 0), uptime: Uptime(nanoseconds: 0))
    nodes = topology.nodes.map { _ in .unread }
    servers = topology.servers.map { _ in .unread }
    proxies = topology.proxies.map { _ in .unread }
    edges = topology.edges.map { _ in nil }
    asked = topology.tiers.map { _ in nil }
    sources = topology.plan.sources.map { SourceReport(source: $0) }
    total = Traffic()
    health = .unknown
  }
}

extension NodeReport {
  static let unread = NodeReport(
    verdict: Verdict(.unknown, .neverRead(nil)), traffic: Traffic(), isReset: false)
}

extension ServerReport {
  static let unread = ServerReport(
    status: "", admin: .ready, state: .unknown, traffic: Traffic(),
    times: LatencyParts(queue: nil, connect: nil, response: nil, total: nil), checkStatus: "",
    lastCheck: "", isBackup: false, tracked: "")
}

extension ProxyReport {
  static let unread = ProxyReport(status: "", traffic: Traffic())
}
