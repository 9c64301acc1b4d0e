public import Cluster

extension Incident {
  /// How bad it was, in a word: `outage` where somewhere nobody served, else the worst state of a node.
  public var word: String { isOutage ? "outage" : worst.word }

  /// The state whose glyph and colour it has.
  var state: HealthState { isOutage ? .down : worst }

  /// Its nodes, as many as fit into so many columns: `web1, web2 and 3 more`.
  public func nodeWords(width: Int) -> String {
    var words = nodes.map(\.text).joined(separator: ", ")
    var count = nodes.count
    while words.columns > width, count > 1 {
      count -= 1
      words =
        nodes.prefix(count).map(\.text).joined(separator: ", ") + " and \(nodes.count - count) more"
    }
    return words
  }

  /// How long it lasted: `3m`; while it lasts it is more than that: `>3m`.
  public func lasted(at now: WallTime) -> String {
    (end == nil ? ">" : "") + Figures.span(duration(at: now))
  }

  /// A count of it: `41`; where it is of all minutes that it touches, `~41`.
  public func countWords(_ count: Int64?) -> String {
    (isByMinute && count != nil ? "~" : "") + Figures.count(count)
  }

  /// All about it in one line: `web1: down for 3m, errors up to 8.10 %, 41 of 1200 requests failed`.
  public func words(at now: WallTime) -> String {
    var words = "\(nodeWords(width: 40)): \(word) for \(Figures.span(duration(at: now)))"
    if end == nil { words += " and still" }
    if let rate = worstErrorRate { words += ", errors up to \(Figures.percent(rate))" }
    if let requests, let failed { words += ", \(failed) of \(requests) requests failed" }
    return words
  }
}

extension ServiceScope {
  /// What it is of: `cluster`, or the tier's name.
  public var words: String {
    switch self {
    case .cluster: "cluster"
    case .tier(let name): name.text
    }
  }
}
