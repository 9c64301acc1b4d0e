extension Endpoint {
  /// Reads where HAProxy can be asked: an absolute socket path, `tcp://host:port`, or the stats page over
  /// `http://`, `https://` or `http+unix://`.
  ///
  /// The page's URL always ends in `;csv`, written or not.
  public init(haproxy text: String) throws(EndpointFault) {
    if text.hasPrefix("/") {
      self = .unix(path: try checkedSocketPath(text))
    } else if text.hasPrefix("tcp://") {
      let authority = text.dropFirst("tcp://".count)
      if authority.contains("@") { throw .secret }
      let (host, port) = try hostAndPort(authority)
      guard let port else { throw .port }
      self = .tcp(host: host, port: port)
    } else {
      var page = try HTTPEndpoint(parsing: text)
      // Whatever follows the first ';' are options of the page.
      if let options = page.url.firstIndex(of: ";") { page.url.removeSubrange(options...) }
      page.url += ";csv"
      self = .http(page)
    }
  }

  /// Reads where nginx can be asked: `http://…`, `https://…` or `http+unix:///path/to.sock:/page`.
  public init(nginx text: String) throws(EndpointFault) {
    self = .http(try HTTPEndpoint(parsing: text))
  }
}

extension HTTPEndpoint {
  /// Reads `http://host[:port]/page`, `https://…` or `http+unix:///path/to.sock:/page`.
  public init(parsing text: String) throws(EndpointFault) {
    if text.hasPrefix("http+unix://") {
      let rest = text.dropFirst("http+unix://".count)
      guard let colon = rest.firstIndex(of: ":") else { throw rest.hasPrefix("/") ? .page : .path }
      let path = try checkedSocketPath(String(rest[..<colon]))
      self.init(url: "http://localhost" + (try page(rest[rest.index(after: colon)...])), socketPath: path)
      return
    }
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { throw .scheme }
    let rest = text.dropFirst(scheme.count)
    let end = rest.firstIndex { "/?#;".contains($0) } ?? rest.endIndex
    let authority = rest[..<end]
    if authority.contains("@") { throw .secret }
    _ = try hostAndPort(authority)
    let path = rest[end...].isEmpty ? "/" : try page(rest[end...])
    self.init(url: scheme + authority + path)
  }
}

extension SSHHost {
  /// Reads `ssh://[user@]host[:port]`.
  ///
  /// Host and user go to the command line of `ssh`: neither may begin with `-` or hold anything but
  /// letters, digits, `.`, `-` and `_` (and `:` in the brackets of IPv6).
  public init(parsing text: String) throws(EndpointFault) {
    guard text.hasPrefix("ssh://") else { throw .scheme }
    var authority = text.dropFirst("ssh://".count)
    var user: String?
    if let at = authority.lastIndex(of: "@") {
      let name = authority[..<at]
      if name.contains(":") { throw .secret }
      guard isPlainName(name) else { throw .user }
      user = String(name)
      authority = authority[authority.index(after: at)...]
    }
    let (host, port) = try hostAndPort(authority)
    self.init(user: user, host: host, port: port)
  }
}

/// A path that a unix socket may have.
func checkedSocketPath(_ text: String) throws(EndpointFault) -> String {
  guard text.hasPrefix("/"), text.utf8.count <= 107, text == printable(text) else { throw .path }
  return text
}

/// The page within a host: `/…` in the characters that RFC 3986 lets a URL have.
func page(_ text: Substring) throws(EndpointFault) -> String {
  let isURL = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}#"#.utf8.contains($0) }
  guard text.hasPrefix("/"), isURL else { throw .page }
  return String(text)
}

/// A host by name or number, without the brackets of IPv6.
func hostAndPort(_ text: Substring) throws(EndpointFault) -> (host: String, port: UInt16?) {
  var host = text
  var rest: Substring = ""
  if text.hasPrefix("[") {
    guard let end = text.firstIndex(of: "]") else { throw .host }
    host = text[text.index(after: text.startIndex)..<end]
    rest = text[text.index(after: end)...]
    guard host.contains(":"), let address = IPAddress(parsing: host) else { throw .host }
    return (address.description, try port(rest))
  }
  if let colon = text.firstIndex(of: ":") {
    host = text[..<colon]
    rest = text[colon...]
  }
  guard isPlainName(host), host.utf8.count <= 253 else { throw .host }
  return (String(host), try port(rest))
}

/// `:80`, or nothing.
private func port(_ text: Substring) throws(EndpointFault) -> UInt16? {
  if text.isEmpty { return nil }
  guard text.hasPrefix(":"), let port = UInt16(port: text.dropFirst()) else { throw .port }
  return port
}

/// Letters, digits, `.`, `-` and `_`, and not like an option of a command.
private func isPlainName(_ text: Substring) -> Bool {
  !text.isEmpty && !text.hasPrefix("-")
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
}
