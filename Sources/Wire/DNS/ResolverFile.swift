public import Cluster

/// The system's name servers, as resolv.conf(5) lists them; its other lines are for names that are not whole.
public struct ResolverFile: Hashable, Sendable {
  /// In the order in which they are to be asked: three at most, as for every program.
  public var servers: [SocketAddress]

  public init(parsing file: Span<UInt8>) {
    servers = []
    var start = 0
    for end in 0...file.count where end == file.count || file[end] == ASCII.newline {
      let line = printable(file.extracting(start..<end))
      start = end + 1
      let words = line.split { $0 == " " || $0 == "␉" || $0 == "␍" }
      guard words.count >= 2, words[0] == "nameserver", servers.count < ResolverFile.most else { continue }
      // A zone is kept for the system: fe80::1%eth0.
      let parts = words[1].split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
      guard let address = IPAddress(parsing: parts[0]) else { continue }
      let zone = parts.count > 1 ? "%" + parts[1] : ""
      servers.append(SocketAddress(host: address.description + zone, port: ResolverFile.port))
    }
  }

  static let most = 3
  /// Where name servers listen.
  static let port: UInt16 = 53
}
