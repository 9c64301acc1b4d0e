/// Where something can be asked.
public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A unix socket: `/run/haproxy/admin.sock`.
  case unix(path: String)
  /// `tcp://host:port`; `host` without the brackets of IPv6.
  case tcp(host: String, port: UInt16)
  /// `http://…`, `https://…` or `http+unix:///path/to.sock:/status`.
  case http(HTTPEndpoint)
  /// `fcgi://host:port/page` or `fcgi+unix:///path/to.sock:/page`.
  case fastCGI(FastCGIEndpoint)
  /// `udp://host:port`: where the agent listens for what is sent to it; `host` without brackets.
  case udp(host: String, port: UInt16)
  /// A page of Prometheus metrics, and which of them are meant.
  case metrics(HTTPEndpoint, MetricNames)
  /// A directory of this machine in which a program leaves its state.
  case directory(path: String)
  case database(DatabaseEndpoint)
  /// A name that is resolved; by the system's name servers where none is given.
  case name(String, server: SocketAddress?)
  /// The counters of a table of nftables: `inet tiertop`.
  case counters(table: String)
  /// A connection from one tier to another, and whether it should be possible.
  case path(to: SocketAddress, isAllowed: Bool)

  public var description: String {
    switch self {
    case .unix(let path), .directory(let path): path
    case .tcp(let host, let port): "tcp://\(SocketAddress(host: host, port: port))"
    case .udp(let host, let port): "udp://\(SocketAddress(host: host, port: port))"
    case .http(let page), .metrics(let page, _): page.description
    case .fastCGI(let page): page.description
    case .database(let database): database.description
    case .name(let name, let server): server.map { "\(name) at \($0)" } ?? name
    case .counters(let table): "nft \(table)"
    case .path(let address, let isAllowed): isAllowed ? "\(address)" : "\(address), closed"
    }
  }
}

/// A page over HTTP. It never holds a secret, only the name of the place where one is kept.
public struct HTTPEndpoint: Hashable, Sendable, CustomStringConvertible {
  /// `http://…` or `https://…`, without user and password. For a unix socket: `http://localhost/…`.
  public var url: String
  /// The unix socket through which the page is asked; nil for TCP.
  public var socketPath: String?
  public var credentials: Credentials?

  public init(url: String, socketPath: String? = nil, credentials: Credentials? = nil) {
    self.url = url
    self.socketPath = socketPath
    self.credentials = credentials
  }

  public var description: String {
    guard let socketPath else { return url }
    return "http+unix://\(socketPath):\(url.dropFirst("http://localhost".count))"
  }
}

/// Who asks, and where the password for it is kept.
public struct Credentials: Hashable, Sendable {
  public var user: String
  public var password: Secret

  public init(user: String, password: Secret) {
    self.user = user
    self.password = password
  }
}

/// Where a secret is kept; never the secret.
public enum Secret: Hashable, Sendable {
  case environment(variable: String)
  case file(path: String)
}

/// A numeric address and a port: `10.77.2.11:80`, `[::1]:80`.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// Without the brackets of IPv6, in canonical form.
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// `ssh://[user@]host[:port]`.
public struct SSHHost: Hashable, Sendable, CustomStringConvertible {
  public var user: String?
  public var host: String
  public var port: UInt16?

  public init(user: String? = nil, host: String, port: UInt16? = nil) {
    self.user = user
    self.host = host
    self.port = port
  }

  public var description: String {
    var text = "ssh://"
    if let user { text += user + "@" }
    text += host.contains(":") ? "[\(host)]" : host
    if let port { text += ":\(port)" }
    return text
  }
}
