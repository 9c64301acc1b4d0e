import Cluster

/// Where a web server shows how it is, as its configuration has to say it for what tiertop asks.
struct StatusPlace: Sendable, Hashable {
  /// As it stands behind `listen`: `10.77.2.11:8080`, `unix:/run/nginx/status.sock`.
  var listen: String
  var path: String
  /// The name by which it is asked, where that is no address.
  var name: String?
  var isEncrypted = false
  /// Who may see it; nil for all who reach it.
  var user: String?

  /// Whether only this machine reaches it.
  var isLocal: Bool {
    listen.hasPrefix("unix:") || listen.hasPrefix("127.") || listen.hasPrefix("[::1]")
  }

  init(at address: SocketAddress, path: String) {
    listen = address.description
    self.path = path
  }

  /// - Parameter host: the node's own address, where a name leads to.
  /// - Throws: what cannot stand in a configuration file.
  init(of endpoint: HTTPEndpoint, host: String) throws(LabError) {
    let hasTLS = endpoint.url.hasPrefix("https://")
    let rest = endpoint.url.drop { $0 != "/" }.dropFirst(2)
    let slash = rest.firstIndex { "/?;".contains($0) } ?? rest.endIndex
    let page = rest[slash...].prefix { !"?;".contains($0) }
    path = page.isEmpty ? "/" : String(page)
    isEncrypted = hasTLS
    user = try endpoint.credentials.map { (who) throws(LabError) in try plainText(who.user) }
    _ = try plainText(path)
    if let socket = endpoint.socketPath {
      listen = "unix:" + (try plainText(socket))
      return
    }
    let authority = rest[..<slash]
    let usual: UInt16 = hasTLS ? 443 : 80
    if let address = SocketAddress(parsing: authority) ?? SocketAddress(parsing: "\(authority):\(usual)") {
      listen = address.description
    } else {
      let colon = authority.lastIndex(of: ":") ?? authority.endIndex
      name = try plainText(String(authority[..<colon]))
      let port = UInt16(port: authority[colon...].dropFirst()) ?? usual
      listen = SocketAddress(host: host, port: port).description
    }
  }
}

/// What came from a layout and is to stand in a configuration file: letters, digits and a few signs that mean nothing to
/// any of the programs.
///
/// - Throws: `unwritable`.
func plainText(_ text: String) throws(LabError) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
  guard isPlain, !text.isEmpty, text.utf8.count <= 255 else { throw .unwritable(text) }
  return text
}
