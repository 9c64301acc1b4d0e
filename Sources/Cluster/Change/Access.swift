/// Whether anything can be changed on the load balancers.
public enum Access: Hashable, Sendable {
  /// On `count` of `of` load balancers.
  case readWrite(count: Int, of: Int)
  case readOnly(Reason)

  public enum Reason: Hashable, Sendable {
    /// The program was told so.
    case asked
    /// What is shown was saved in a file; there is no cluster.
    case file
    /// None of the load balancers lets anybody change anything; what the first of them says.
    case obstacle(WriteObstacle)
    /// There is no load balancer.
    case noBalancer
  }
}

extension Snapshot {
  /// What the load balancers allow. One that does not say (before HAProxy 1.9), or has not been read yet, is
  /// taken to allow it: it will say no itself.
  public var access: Access {
    var (balancers, writable) = (0, 0)
    var obstacle: WriteObstacle?
    for node in topology.nodes {
      guard let source = node.balancer else { continue }
      balancers += 1
      if let found = sources[source.index].obstacle { obstacle = obstacle ?? found } else { writable += 1 }
    }
    if balancers == 0 { return .readOnly(.noBalancer) }
    if writable == 0, let obstacle { return .readOnly(.obstacle(obstacle)) }
    return .readWrite(count: writable, of: balancers)
  }
}

extension SourceReport {
  /// Why nothing can be changed through this source; nil where that is not known.
  public var obstacle: WriteObstacle? {
    if case .http = source.endpoint { return .page }
    guard let level, level != .admin else { return nil }
    return .level(level)
  }
}
