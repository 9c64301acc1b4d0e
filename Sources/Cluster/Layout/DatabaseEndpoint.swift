/// A database server, and who asks it. It never holds a secret, only the name of the place where one is kept.
public struct DatabaseEndpoint: Hashable, Sendable, CustomStringConvertible {
  public var place: Place
  /// nil for the user that runs tiertop, without a password.
  public var credentials: Credentials?

  public enum Place: Hashable, Sendable {
    case unix(path: String)
    /// `host` without brackets.
    case tcp(host: String, port: UInt16)
  }

  public init(place: Place, credentials: Credentials? = nil) {
    self.place = place
    self.credentials = credentials
  }

  public var description: String {
    switch place {
    case .unix(let path): path
    case .tcp(let host, let port): "tcp://\(SocketAddress(host: host, port: port))"
    }
  }
}
