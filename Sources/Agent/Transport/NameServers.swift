import Cluster
import Platform
import Wire

/// Which name servers are asked: the one that a layout names, or those of the system.
struct NameServers {
  /// nil for those of the system, which may be others tomorrow.
  var given: SocketAddress?
  /// The system's lists, the first one that is there counts.
  var files = ["/etc/resolv.conf"]

  static let limit = 16 * 1024

  init(given: SocketAddress?) { self.given = given }

  /// Those of a network namespace, which may have a list of its own (ip-netns(8)).
  init(given: SocketAddress?, within path: String?) {
    self.given = given
    guard let path, let name = path.split(separator: "/").last else { return }
    files.insert("/etc/netns/\(name)/resolv.conf", at: 0)
  }

  /// In the order in which they are to be asked; at least one.
  func addresses() -> [SocketAddress] {
    if let given { return [given] }
    for file in files {
      guard let list = try? FileTail(file, limit: NameServers.limit) else { continue }
      let servers = ResolverFile(parsing: list.bytes.span).servers
      if !servers.isEmpty { return servers }
    }
    // As the system's own resolver does without a list.
    return [SocketAddress(host: "127.0.0.1", port: 53)]
  }
}
