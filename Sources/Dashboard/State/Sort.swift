import Cluster

/// The order of the table.
struct Sort: Hashable, Sendable {
  var key: Key
  var isDescending: Bool

  enum Key: Hashable, Sendable {
    /// Tier by tier, as the layout says: nothing moves.
    case layout
    case node
    case column(ScreenPreferences.Column)

    /// The name by which `:sort` knows it.
    var word: String {
      switch self {
      case .layout: "layout"
      case .node: "node"
      case .column(let column): column.rawValue
      }
    }

    /// Whether the most interesting comes first when it is descending.
    var prefersDescending: Bool {
      switch self {
      case .layout, .node: false
      case .column(let column):
        switch column {
        case .tier, .address: false
        case .state, .qps, .errors, .latency, .max, .sessions, .queue, .weight, .age, .spark, .reason: true
        }
      }
    }

    /// The column can be sorted by; a sparkline cannot.
    static func sortable(_ column: ScreenPreferences.Column) -> Bool { column != .spark }
  }

  static let layout = Sort(key: .layout, isDescending: false)

  init(key: Key, isDescending: Bool) {
    self.key = key
    self.isDescending = isDescending
  }

  /// By `key`, the most interesting first.
  init(by key: Key) {
    self.init(key: key, isDescending: key.prefersDescending)
  }

  /// The places of `kept`, in this order. Equal ones stay in the order of the layout; what is not known
  /// comes last either way. O(n log n).
  func ordered(_ kept: [Int], in snapshot: Snapshot) -> [Int] {
    switch key {
    case .layout: return isDescending ? kept.reversed() : kept
    case .node, .column(.tier), .column(.address):
      let texts = kept.map { text(of: $0, in: snapshot.topology) }
      let order = kept.indices.sorted { a, b in
        let isBefore = isDescending ? Self.natural(texts[b], texts[a]) : Self.natural(texts[a], texts[b])
        if isBefore != .same { return isBefore == .before }
        return a < b
      }
      return order.map { kept[$0] }
    case .column(let column):
      let figures = kept.map { figure(column, of: $0, in: snapshot) }
      let order = kept.indices.sorted { a, b in
        switch (figures[a], figures[b]) {
        case (let x?, let y?) where x != y: isDescending ? x > y : x < y
        case (.some, nil): true
        case (nil, .some): false
        default: a < b
        }
      }
      return order.map { kept[$0] }
    }
  }

  private func text(of place: Int, in topology: Topology) -> [UInt8] {
    let node = topology.nodes[place]
    return switch key {
    case .column(.tier): Array(topology.tiers[node.tier].name.text.utf8)
    case .column(.address): Array((node.address?.description ?? "").utf8)
    default: Array(node.name.text.utf8)
    }
  }

  private func figure(_ column: ScreenPreferences.Column, of place: Int, in snapshot: Snapshot) -> Double? {
    let report = snapshot.nodes[place]
    let value: Double? =
      switch column {
      case .qps: report.traffic.qps
      case .errors: report.traffic.errorRate
      case .latency: report.traffic.latency
      case .max: report.traffic.latencyMax
      case .sessions: report.sessions.map(Double.init)
      case .queue: report.queue.map(Double.init)
      case .weight: snapshot.weights(of: place).map { Double($0.upperBound) }
      case .age: report.age?.seconds
      case .state, .reason: Double(report.verdict.state.severity)
      case .tier, .spark, .address: nil
      }
    return value.flatMap { $0.isNaN ? nil : $0 }
  }

  enum Comparison {
    case before, same, after
  }

  /// Compares as people count: `web2` before `web10`.
  static func natural(_ a: [UInt8], _ b: [UInt8]) -> Comparison {
    var i = 0
    var j = 0
    func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    while i < a.count, j < b.count {
      if isDigit(a[i]), isDigit(b[j]) {
        while i < a.count, a[i] == 48 { i += 1 }
        while j < b.count, b[j] == 48 { j += 1 }
        let (startA, startB) = (i, j)
        while i < a.count, isDigit(a[i]) { i += 1 }
        while j < b.count, isDigit(b[j]) { j += 1 }
        if i - startA != j - startB { return i - startA < j - startB ? .before : .after }
        for offset in 0..<(i - startA) where a[startA + offset] != b[startB + offset] {
          return a[startA + offset] < b[startB + offset] ? .before : .after
        }
      } else {
        if a[i] != b[j] { return a[i] < b[j] ? .before : .after }
        i += 1
        j += 1
      }
    }
    let (left, right) = (a.count - i, b.count - j)
    return left == right ? .same : left < right ? .before : .after
  }
}

extension Snapshot {
  /// The least and the largest weight that load balancers give the node; nil where none is known.
  func weights(of place: Int) -> ClosedRange<Int64>? {
    let known = topology.nodes[place].servers.compactMap { servers[$0].weight }
    guard let least = known.min(), let largest = known.max() else { return nil }
    return least...largest
  }
}
