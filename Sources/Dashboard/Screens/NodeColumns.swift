import Cluster

/// Which columns of figures fit beside a node's name, and where: it depends on the width and on who is in
/// the cluster, never on what the figures are.
struct NodeColumns: Sendable {
  struct Column: Sendable {
    /// nil is the node's name.
    var kind: ScreenPreferences.Column?
    var x: Int
    var width: Int
  }

  let columns: [Column]

  /// The columns of a table where nothing else is wished.
  static let usual: [ScreenPreferences.Column] = [
    .tier, .state, .qps, .errors, .latency, .sessions, .queue, .age, .spark, .reason,
  ]

  /// Lays out the name and `wished` between `x` and `end`, and leaves out the least important ones until
  /// the rest fits.
  init(_ wished: [ScreenPreferences.Column], from x: Int, to end: Int, names: NameWidths) {
    var kinds: [ScreenPreferences.Column?] = [nil]
    for kind in wished where !kinds.contains(kind) { kinds.append(kind) }
    let room = end - x
    let gap = room >= 60 ? 2 : 1
    func least(_ kind: ScreenPreferences.Column?) -> Int { Self.width(of: kind, names, room: room).least }
    func total() -> Int { kinds.reduce(0) { $0 + least($1) } + gap * (kinds.count - 1) }
    while kinds.count > 1, total() > room {
      let last = kinds.indices.dropFirst().max { Self.rank(kinds[$0]) < Self.rank(kinds[$1]) }
      kinds.remove(at: last ?? kinds.count - 1)
    }
    var widths = kinds.map(least)
    // What is left over goes to those that can use it, names first.
    var spare = room - total()
    for flexible: (ScreenPreferences.Column?, share: Int) in [
      (nil, 1), (.address, 1), (.spark, 2), (.reason, 1),
    ] {
      guard spare > 0, let index = kinds.firstIndex(of: flexible.0) else { continue }
      let most = Self.width(of: kinds[index], names, room: room).most
      let shares = flexible.0 == .spark && kinds.contains(.reason) ? flexible.share : 1
      let more = min(spare / shares, most - widths[index])
      widths[index] += max(0, more)
      spare -= max(0, more)
    }
    var columns: [Column] = []
    var place = x
    for (kind, width) in zip(kinds, widths) {
      columns.append(Column(kind: kind, x: place, width: max(0, min(width, end - place))))
      place += width + gap
    }
    self.columns = columns
  }

  private static func width(
    of kind: ScreenPreferences.Column?, _ names: NameWidths, room: Int
  ) -> (least: Int, most: Int) {
    switch kind {
    case nil: (min(names.node, room < 60 ? 8 : room < 100 ? 12 : 20), min(names.node, 40))
    case .tier: (min(names.tier, 8), min(names.tier, 8))
    case .state: (11, 11)
    case .qps, .errors, .latency, .max: (7, 7)
    case .sessions, .queue, .age: (5, 5)
    case .weight: (7, 7)
    case .spark: (6, 60)
    case .address: (min(names.address, 15), min(names.address, 47))
    case .reason: (16, 200)
    }
  }

  /// Higher ones are left out first.
  private static func rank(_ kind: ScreenPreferences.Column?) -> Int {
    switch kind {
    case nil: 0
    case .state: 1
    case .qps: 2
    case .errors: 3
    case .latency: 4
    case .sessions: 5
    case .queue: 6
    case .spark: 7
    case .tier: 8
    case .age: 9
    case .max: 10
    case .weight: 11
    case .address: 12
    case .reason: 13
    }
  }

  static func heading(_ kind: ScreenPreferences.Column?) -> String {
    switch kind {
    case nil: "NODE"
    case .tier: "TIER"
    case .state: "STATE"
    case .qps: "REQ/S"
    case .errors: "ERRORS"
    case .latency: "AVG"
    case .max: "MAX"
    case .sessions: "SESS"
    case .queue: "QUEUE"
    case .weight: "WEIGHT"
    case .age: "AGE"
    case .spark: "TREND"
    case .address: "ADDRESS"
    case .reason: "WHY"
    }
  }

  /// Whether the column's figures stand to the right.
  static func isNumber(_ kind: ScreenPreferences.Column?) -> Bool {
    switch kind {
    case .qps, .errors, .latency, .max, .sessions, .queue, .weight, .age: true
    case nil, .tier, .state, .spark, .address, .reason: false
    }
  }

  /// The headings; a click on one sorts by it.
  func drawHeadings(on canvas: inout Canvas, y: Int, sort: Sort?, glyphs: Glyphs) {
    for column in columns {
      let key = column.kind.map { Sort.Key.column($0) } ?? .node
      let isSorted = sort?.key == key
      var text = Self.heading(column.kind)
      if isSorted, let sort {
        text += String(Character(sort.isDescending ? glyphs.descending : glyphs.ascending))
      }
      let style = Style(isSorted ? .accent : .label)
      // The sign of the order may stand in the gap, so that the heading keeps its place.
      if Self.isNumber(column.kind) {
        let end = column.x + column.width + (isSorted ? 1 : 0)
        canvas.write(text, endingAt: end, y: y, style: style)
      } else {
        canvas.write(text, x: column.x, y: y, style: style, limit: column.width + 1)
      }
      if sort != nil, column.kind != .spark {
        canvas.touch(Rect(x: column.x, y: y, width: column.width, height: 1), .sort(key))
      }
    }
  }
}
