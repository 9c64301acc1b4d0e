public import Cluster

extension Timeline {
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
