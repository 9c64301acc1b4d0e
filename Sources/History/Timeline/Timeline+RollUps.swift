public import Cluster

extension Timeline {
  /// Everything that roll-ups are kept of.
  public func series() throws(StoreFailure) -> [Series] {
    let rows = try database.statement("SELECT kind, name FROM series ORDER BY kind, id")
    var series: [Series] = []
    while try rows.step() {
      switch rows.number(0) {
      case 0: series.append(.cluster)
      case 1: series.append(.tier(TierName(rows.text(1))))
      case 2: series.append(.node(NodeName(rows.text(1))))
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

  /// A time bar: the span in equal pieces, each with the worst that the cluster was in it.
  ///
  /// Short spans are looked up tick by tick, longer ones by the minute, and the longest by the hour; pieces
  /// are never shorter than what they are made of.
  public func strip(of span: Range<WallTime>, buckets: Int) throws(StoreFailure) -> [StripBucket] {
    let (start, end) = (span.lowerBound.nanoseconds, span.upperBound.nanoseconds)
    let (length, overflow) = end.subtractingReportingOverflow(start)
    guard buckets > 0, length > 0, !overflow else { return [] }
    var sums = [StateSum](repeating: StateSum(), count: buckets)
    /// Which pieces a time stretch touches.
    func pieces(_ from: Int64, _ to: Int64) -> ClosedRange<Int>? {
      guard to >= start, from < end else { return nil }
      func piece(_ time: Int64) -> Int {
        min(buckets - 1, Int(Double(max(0, time &- start)) / Double(length) * Double(buckets)))
      }
      return piece(max(from, start))...piece(min(to, end - 1))
    }
    func add(_ sum: StateSum, _ from: Int64, _ to: Int64) {
      guard let range = pieces(from, to) else { return }
      for piece in range { sums[piece].merge(sum) }
    }
    return try database.view { () throws(StoreFailure) in
      let width = length / Int64(buckets)
      if width < Resolution.minute.nanoseconds, length <= 24 * Resolution.hour.nanoseconds {
        try addTicks(start, end) { add(StateSum($0), $1, $1) }
      } else {
        let resolution: Resolution = width < Resolution.hour.nanoseconds ? .minute : .hour
        try addStates(resolution, span, add)
      }
      var hasGap = [Bool](repeating: false, count: buckets)
      for gap in try gaps(in: span.lowerBound...span.upperBound) {
        switch gap.reason {
        case .clockBack: continue
        default: break
        }
        // The clock may have been set back while nobody recorded: then it is only known when that ended.
        let (from, to) = (min(gap.start, gap.end).nanoseconds, gap.end.nanoseconds)
        if let range = pieces(from, to) {
          for piece in range { hasGap[piece] = true }
        }
      }
      return sums.indices.map { place in
        StripBucket(
          start: WallTime(nanoseconds: start &+ Int64(Double(length) / Double(buckets) * Double(place))),
          worst: sums[place].worst, hasDrain: sums[place].hasDrain, hasGap: hasGap[place],
          ticks: sums[place].ticks)
      }
    }
  }

  private func addTicks(
    _ start: Int64, _ end: Int64, _ add: (TickState, Int64) -> Void
  ) throws(StoreFailure) {
    let chunks = try database.statement(
      "SELECT count, start, end, states FROM chunks WHERE end>=? AND start<=?"
    ).with(.number(start), .number(end))
    while try chunks.step() {
      let (first, last) = (chunks.number(1), chunks.number(2))
      guard let states = try? zstd.unpack(chunks.blob(3)), !states.isEmpty else { continue }
      // Ticks are a fixed time apart, nearly: good enough for a piece of a bar, and nothing has to be unpacked.
      let step = states.count > 1 ? Double(last - first) / Double(states.count - 1) : 0
      for (place, state) in states.enumerated() {
        add(TickState(byte: state), first + Int64(step * Double(place)))
      }
    }
    // Rows that wait to be removed are in their chunk already.
    let rows = try database.statement(
      """
      SELECT wall, state FROM ticks WHERE wall>=? AND wall<=? AND NOT EXISTS (SELECT 1 FROM chunks WHERE first=ticks.chunk)
      """
    ).with(.number(start), .number(end))
    while try rows.step() {
      add(TickState(byte: UInt8(truncatingIfNeeded: rows.number(1))), rows.number(0))
    }
  }

  private func addStates(
    _ resolution: Resolution, _ span: Range<WallTime>, _ add: (StateSum, Int64, Int64) -> Void
  ) throws(StoreFailure) {
    let rows = try database.statement(
      "SELECT start, worst, flags, ticks FROM states WHERE resolution=? AND start>=? AND start<=?"
    ).with(
      .number(resolution.rawValue), .number(resolution.index(of: span.lowerBound)),
      .number(resolution.index(of: span.upperBound)))
    while try rows.step() {
      let worst = HealthState.allCases.first { $0.severity == Int(rows.number(1)) }
      let begin = resolution.start(of: rows.number(0)).nanoseconds
      add(
        StateSum(worst: worst, hasDrain: rows.number(2) & 1 != 0, ticks: rows.number(3)), begin,
        begin &+ resolution.nanoseconds &- 1)
    }
    // The minute under way is in no row yet.
    if let last = try database.number("SELECT max(wall) FROM ticks") {
      let begin = resolution.start(of: resolution.index(of: WallTime(nanoseconds: last))).nanoseconds
      try addTicks(max(begin, last - 120_000_000_000), last) { state, wall in
        if wall >= begin { add(StateSum(state), wall, wall) }
      }
    }
  }
}

extension StateSum {
  init(_ state: TickState) {
    self.init()
    add(state)
  }
}
