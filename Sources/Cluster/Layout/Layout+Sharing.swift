extension Layout {
  /// What of a layout is told to others: what the screens show. Who may enter where, and where secrets are kept,
  /// is nobody's business elsewhere; a source stays one, so that frames find theirs.
  public var shareable: Layout {
    var copy = self
    for tier in copy.tiers.indices {
      for node in copy.tiers[tier].nodes.indices {
        var changed = copy.tiers[tier].nodes[node]
        changed.via = nil
        changed.keepalived = nil
        changed.haproxy = changed.haproxy?.shareable
        changed.nginx = changed.nginx?.shareable
        copy.tiers[tier].nodes[node] = changed
      }
    }
    copy.audit = []
    copy.unplaced = []
    return copy
  }
}

extension Endpoint {
  /// Without users, and without what stands behind an address's `?`, where tokens may be.
  fileprivate var shareable: Endpoint {
    guard case .http(var page) = self else { return self }
    page.credentials = nil
    page.url = String(page.url.prefix { $0 != "?" && $0 != "#" })
    return .http(page)
  }
}
