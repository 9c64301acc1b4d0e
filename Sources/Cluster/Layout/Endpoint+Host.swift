extension Endpoint {
  /// The host that answers, without brackets; nil for a unix socket.
  var host: String? {
    switch self {
    case .unix: return nil
    case .tcp(let host, _): return host
    case .http(let page):
      // `http:`, nothing, `host:port`, the rest.
      let parts = page.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
      guard page.socketPath == nil, parts.count >= 3 else { return nil }
      if parts[2].hasPrefix("[") { return String(parts[2].dropFirst().prefix { $0 != "]" }) }
      return String(parts[2].prefix { $0 != ":" && $0 != "?" })
    }
  }
}
