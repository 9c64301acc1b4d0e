extension Layout {
  /// What of a layout is told to others: what the screens show. Who may enter where, and where secrets are kept,
  /// is nobody's business elsewhere; a source stays one, so that frames find theirs.
  public var shareable: Layout {
    var copy = self
    for tier in copy.tiers.indices {
      for node in copy.tiers[tier].nodes.indices {
        var changed = copy.tiers[tier].nodes[node]
        changed.via = changed.via?.shareable
        changed.endpoints = changed.endpoints.mapValues(\.shareable)
        copy.tiers[tier].nodes[node] = changed
      }
    }
    copy.entry?.via = entry?.via?.shareable
    copy.filter?.via = filter?.via?.shareable
    copy.audit = []
    copy.unplaced = []
    return copy
  }
}

extension Passage {
  /// That there is one decides what is asked; where it leads is left out.
  fileprivate var shareable: Passage { .namespace(path: "/") }
}

extension Endpoint {
  /// Without users, and without what stands behind an address's `?`, where tokens may be.
  fileprivate var shareable: Endpoint {
    switch self {
    case .http(let page): return .http(page.shareable)
    case .metrics(let page, let names): return .metrics(page.shareable, names)
    case .database(var database):
      database.credentials = nil
      return .database(database)
    case .directory: return .directory(path: "/")
    case .unix, .tcp, .udp, .fastCGI, .name, .counters, .path: return self
    }
  }
}

extension HTTPEndpoint {
  fileprivate var shareable: HTTPEndpoint {
    var page = self
    page.credentials = nil
    page.url = String(page.url.prefix { $0 != "?" && $0 != "#" })
    return page
  }
}
