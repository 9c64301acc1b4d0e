extension Topology {
  /// One backend of one load balancer.
  struct BackendKey: Hashable {
    var balancer: SourceID
    var name: String

    init(balancer: SourceID, name: String) {
      self.balancer = balancer
      self.name = name
    }

    init(_ server: Server) { self.init(balancer: server.balancer, name: server.id.backend) }
  }

  /// Whether the load balancer makes clients stick to the server at a place with a cookie.
  func hasCookie(_ place: Int) -> Bool {
    let server = servers[place]
    guard let roster = rosters[server.balancer.index], server.row < roster.count else { return false }
    return !roster.rows[server.row].cookie.isEmpty
  }
}
