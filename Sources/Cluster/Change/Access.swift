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
    let balancers = topology.nodes.compactMap(\.balancer)
    let obstacles = balancers.compactMap { sources[$0.index].obstacle }
    if balancers.isEmpty { return .readOnly(.noBalancer) }
    if obstacles.count == balancers.count, let first = obstacles.first { return .readOnly(.obstacle(first)) }
    return .readWrite(count: balancers.count - obstacles.count, of: balancers.count)
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
