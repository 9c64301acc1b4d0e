extension Endpoint {
  /// Reads where a system of a node can be asked, as a layout writes it; credentials and names of metrics stand
  /// beside it there.
  public init(parsing text: String, of system: Source.System) throws(EndpointFault) {
    switch system {
    case .haproxy: try self.init(haproxy: text)
    case .nginx: try self.init(nginx: text)
    case .keepalived: self = .directory(path: try checkedPath(text))
    case .apache: self = .http(try HTTPEndpoint(parsing: text).asking(for: "auto"))
    case .host: self = .metrics(try HTTPEndpoint(parsing: text), MetricNames())
    case .metrics: self = .metrics(try HTTPEndpoint(parsing: text), MetricNames())
    case .gunicorn:
      let (host, port) = try place(text, scheme: "udp://")
      self = .udp(host: host, port: port)
    case .uwsgi:
      if text.hasPrefix("/") {
        self = .unix(path: try checkedSocketPath(text))
      } else if text.hasPrefix("http") {
        self = .http(try HTTPEndpoint(parsing: text))
      } else {
        let (host, port) = try place(text, scheme: "tcp://")
        self = .tcp(host: host, port: port)
      }
    case .phpFPM: self = try Endpoint.phpFPM(text)
    case .mariadb, .mysql, .postgresql:
      if text.hasPrefix("/") {
        self = .database(DatabaseEndpoint(place: .unix(path: try checkedSocketPath(text))))
      } else {
        let (host, port) = try place(text, scheme: "tcp://")
        self = .database(DatabaseEndpoint(place: .tcp(host: host, port: port)))
      }
    case .dns, .vip, .firewall, .path: throw .scheme
    }
  }

  /// A page through a web server, or of FastCGI itself: `fcgi://host:port/page`, `fcgi+unix:///path.sock:/page`.
  private static func phpFPM(_ text: String) throws(EndpointFault) -> Endpoint {
    if text.hasPrefix("http") { return .http(try HTTPEndpoint(parsing: text).asking(for: "json")) }
    if text.hasPrefix("fcgi+unix://") {
      let rest = text.dropFirst("fcgi+unix://".count)
      guard let colon = rest.firstIndex(of: ":") else { throw rest.hasPrefix("/") ? .page : .path }
      let path = try checkedSocketPath(String(rest[..<colon]))
      return .fastCGI(
        FastCGIEndpoint(place: .unix(path: path), page: try page(rest[rest.index(after: colon)...])))
    }
    guard text.hasPrefix("fcgi://") else { throw .scheme }
    let rest = text.dropFirst("fcgi://".count)
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    if rest[..<end].contains("@") { throw .secret }
    let (host, port) = try hostAndPort(rest[..<end])
    guard let port else { throw .port }
    return .fastCGI(FastCGIEndpoint(place: .tcp(host: host, port: port), page: try page(rest[end...])))
  }
}

extension HTTPEndpoint {
  /// The same page with this option in its query, unless it is there.
  fileprivate func asking(for option: String) -> HTTPEndpoint {
    var page = self
    let query = page.url.firstIndex(of: "?").map { page.url[page.url.index(after: $0)...] }
    if query?.split(separator: "&").contains(Substring(option)) != true {
      page.url += (query == nil ? "?" : "&") + option
    }
    return page
  }
}

extension Passage {
  /// Reads `ssh://[user@]host[:port]` or `netns:/absolute/path`.
  public init(parsing text: String) throws(EndpointFault) {
    if text.hasPrefix("netns:") {
      self = .namespace(path: try checkedPath(String(text.dropFirst("netns:".count))))
    } else {
      self = .ssh(try SSHHost(parsing: text))
    }
  }
}

/// `scheme://host:port` and nothing more.
private func place(_ text: String, scheme: String) throws(EndpointFault) -> (host: String, port: UInt16) {
  guard text.hasPrefix(scheme) else { throw .scheme }
  let authority = text.dropFirst(scheme.count)
  if authority.contains("@") { throw .secret }
  let (host, port) = try hostAndPort(authority)
  guard let port else { throw .port }
  return (host, port)
}

/// A path that the system takes, and that can be seen.
private func checkedPath(_ text: String) throws(EndpointFault) -> String {
  guard text.hasPrefix("/"), text.utf8.count <= 4095, text == printable(text) else { throw .path }
  return text
}
