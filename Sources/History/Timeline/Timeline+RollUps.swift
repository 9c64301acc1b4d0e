public import Cluster

extension Timeline {
  /// Everything that roll-ups are kept of.
  public func series() throws(StoreFailure) -> [Series] { try numberedSeries().map(\.series) }

  /// Everything that roll-ups are kept of, each with its number.
  func numberedSeries() throws(StoreFailure) -> [(number: Int64, series: Series)] {
    let rows = try database.statement("SELECT id, kind, name FROM series ORDER BY kind, id")
    var series: [(number: Int64, series: Series)] = []
    while try rows.step() {
      let number = rows.number(0)
      switch rows.number(1) {
      case 0: series.append((number, .cluster))
      case 1: series.append((number, .tier(TierName(rows.text(2)))))
      case 2: series.append((number, .node(NodeName(rows.text(2)))))
      default: break
      }
    }
    return series
  }

  /// The roll-ups of one thing that begin within a span, oldest first; those that nothing is known of are not
  /// there. The minute, or hour, under way is not among them: it is not over.
  public func rollUps(
    of series: Series, in span: ClosedRange<WallTime>, by resolution: Resolution
  ) throws(StoreFailure) -> [RollUpPoint] {
    try database.view { () throws(StoreFailure) in
      guard let id = try number(of: series) else { return [] }
      switch resolution {
      case .minute: return try minutes(of: id, in: span, open: try openMinutes(of: id, in: span))
      case .hour:
        var points: [Int64: RollUps] = [:]
        try addHours(of: id, in: span, to: &points)
        return Timeline.points(points, in: span, by: .hour)
      }
    }
  }

  /// The number of a series; nil where nothing was ever known of it.
  func number(of series: Series) throws(StoreFailure) -> Int64? {
    try database.number(
      "SELECT id FROM series WHERE kind=? AND name=?", .number(series.kind), .text(series.name))
  }

  private static func points(
    _ points: [Int64: RollUps], in span: ClosedRange<WallTime>, by resolution: Resolution
  ) -> [RollUpPoint] {
    points.sorted { $0.key < $1.key }.compactMap { index, rollUps in
      let start = resolution.start(of: index)
      return span.contains(start) && !rollUps.isEmpty ? RollUpPoint(start: start, rollUps: rollUps) : nil
    }
  }

  /// The minutes of a series: those that are in blocks, and of the open ones those that are not.
  func minutes(
    of series: Int64, in span: ClosedRange<WallTime>, open: [OpenMinute]
  ) throws(StoreFailure) -> [RollUpPoint] {
    let (first, last) = (
      Resolution.hour.index(of: span.lowerBound), Resolution.hour.index(of: span.upperBound)
    )
    var points: [Int64: RollUps] = [:]
    var done: [Int64: Int64] = [:]
    let blocks = try database.statement("SELECT id, upto, data FROM minute_blocks WHERE id BETWEEN ? AND ?")
      .with(
        .number(RollUpStore.place(series, hour: first)), .number(RollUpStore.place(series, hour: last)))
    while try blocks.step() {
      let hour = RollUpStore.hour(of: blocks.number(0))
      done[hour] = blocks.number(1)
      // A block that cannot be read is a gap in a graph, and no reason to show none.
      for minute in (try? RollUpStore.minutes(of: blocks.blob(2), zstd)) ?? [] {
        points[hour * 60 + Int64(minute.minute), default: RollUps()].merge(minute.rollUps)
      }
    }
    for minute in open {
      let hour = Resolution.hour.index(of: Resolution.minute.start(of: minute.minute))
      if minute.row > done[hour] ?? 0 { points[minute.minute, default: RollUps()].merge(minute.rollUps) }
    }
    return Timeline.points(points, in: span, by: .minute)
  }

  /// The minutes of a series that stand in rows with those of all others: some of them may be in blocks too.
  private func openMinutes(
    of series: Int64, in span: ClosedRange<WallTime>
  ) throws(StoreFailure) -> [OpenMinute] {
    var found: [OpenMinute] = []
    try eachOpenMinute(in: span) { row, minute, data in
      for rollUps in (try? MinuteRow.rollUps(of: series, in: data)) ?? [] {
        found.append(OpenMinute(row: row, minute: minute, rollUps: rollUps))
      }
      return true
    }
    return found
  }

  /// Calls `visit` with each row of minutes of the hours that a span touches, from behind a row on, until that has
  /// enough; false where there are no more.
  @discardableResult
  func eachOpenMinute(
    in span: ClosedRange<WallTime>, after row: Int64 = 0,
    _ visit: (_ row: Int64, _ minute: Int64, _ data: [UInt8]) -> Bool
  ) throws(StoreFailure) -> Bool {
    let (first, last) = (
      Resolution.hour.index(of: span.lowerBound), Resolution.hour.index(of: span.upperBound)
    )
    let rows = try database.statement(
      "SELECT id, start, data FROM minutes WHERE id>? AND start>=? AND start<=? ORDER BY id"
    ).with(.number(row), .number(first * 60), .number(last * 60 + 59))
    defer { rows.reset() }
    while try rows.step() {
      if !visit(rows.number(0), rows.number(1), rows.blob(2)) { return true }
    }
    return false
  }

  /// The hours of which there are minutes that are in no block.
  func openHours() throws(StoreFailure) -> Set<Int64> {
    let rows = try database.statement("SELECT start FROM minutes")
    var hours: Set<Int64> = []
    while try rows.step() {
      hours.insert(Resolution.hour.index(of: Resolution.minute.start(of: rows.number(0))))
    }
    return hours
  }

  private func addHours(
    of series: Int64, in span: ClosedRange<WallTime>, to points: inout [Int64: RollUps]
  ) throws(StoreFailure) {
    let (first, last) = (
      Resolution.hour.index(of: span.lowerBound), Resolution.hour.index(of: span.upperBound)
    )
    let rows = try database.statement("SELECT id, data FROM hours WHERE id BETWEEN ? AND ?")
      .with(
        .number(RollUpStore.place(series, hour: first)), .number(RollUpStore.place(series, hour: last)))
    while try rows.step() {
      var reader = ByteReader(rows.blob(1))
      guard let rollUps = try? RollUpCode.read(from: &reader) else { continue }
      points[RollUpStore.hour(of: rows.number(0))] = rollUps
    }
  }
}
