/// Through what a node is reached, when it is not reached directly.
public enum Passage: Hashable, Sendable, CustomStringConvertible {
  /// Through `ssh`, with the user's own keys: sockets, pages and ports as that host sees them.
  case ssh(SSHHost)
  /// From within a network namespace of this machine, by the absolute path of its file: `/run/netns/web1`.
  case namespace(path: String)

  public var description: String {
    switch self {
    case .ssh(let host): host.description
    case .namespace(let path): "netns:\(path)"
    }
  }
}
