/// A page of a FastCGI server, such as PHP-FPM's status.
public struct FastCGIEndpoint: Hashable, Sendable, CustomStringConvertible {
  public var place: Place
  /// The page: `/status`.
  public var page: String

  public enum Place: Hashable, Sendable {
    case unix(path: String)
    /// `host` without brackets.
    case tcp(host: String, port: UInt16)
  }

  public init(place: Place, page: String) {
    self.place = place
    self.page = page
  }

  public var description: String {
    switch place {
    case .unix(let path): "fcgi+unix://\(path):\(page)"
    case .tcp(let host, let port): "fcgi://\(SocketAddress(host: host, port: port))\(page)"
    }
  }
}
