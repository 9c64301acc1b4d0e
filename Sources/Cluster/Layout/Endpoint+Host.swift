extension Endpoint {
  /// The host that answers, without brackets; nil for what is no other host's.
  var host: String? {
    switch self {
    case .unix, .udp, .directory, .counters, .name: return nil
    case .tcp(let host, _): return host
    case .path(let address, _): return address.host
    case .fastCGI(let page):
      if case .tcp(let host, _) = page.place { return host }
      return nil
    case .database(let database):
      if case .tcp(let host, _) = database.place { return host }
      return nil
    case .http(let page), .metrics(let page, _):
      // `http:`, nothing, `host:port`, the rest.
      let parts = page.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
      guard page.socketPath == nil, parts.count >= 3 else { return nil }
      if parts[2].hasPrefix("[") { return String(parts[2].dropFirst().prefix { $0 != "]" }) }
      return String(parts[2].prefix { $0 != ":" && $0 != "?" })
    }
  }
}
