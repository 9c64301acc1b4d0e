import Cluster

// What a file has besides frames. All lists are packed: varint rows, and each.
extension StoreExport {
  func writeStretches() throws(ExportFailure) {
    var content = ByteWriter()
    content.count(stretches.count)
    for (number, stretch) in stretches.sorted(by: { $0.key < $1.key }) {
      for part in [number, stretch.first, stretch.start, stretch.end] { content.signed(part) }
    }
    try write(.stretches, content)
    guard let start = stretches.values.map(\.start).min(), let end = stretches.values.map(\.end).max() else {
      throw .nothing
    }
    summary.span = TimeSpan(
      from: WallTime(nanoseconds: max(start, span.start.nanoseconds)),
      to: WallTime(nanoseconds: min(end, span.end.nanoseconds)))
  }

  func writeGaps() throws(ExportFailure) {
    let lost = gaps
    gaps += try asked { () throws(StoreFailure) in
      try timeline.gaps(in: plan.start...span.end).filter { gap in
        // What could not be read here may be known as damaged there too: it is one gap.
        let isKnown =
          gap.reason == .damaged && lost.contains { gap.start <= $0.start && $0.end <= gap.end }
        return gap.sequence > plan.lead && !isKnown
      }
    }
    gaps.sort { ($0.sequence, $0.start) < ($1.sequence, $1.start) }
    var content = ByteWriter()
    content.count(gaps.count)
    for gap in gaps {
      // Without its words: they tell where on this machine something lies.
      let numbers = [gap.sequence, gap.start.nanoseconds, gap.end.nanoseconds, gap.reason.rawValue]
      for number in numbers { content.signed(number) }
    }
    summary.gaps = gaps.count { max($0.start, $0.end) >= span.start && min($0.start, $0.end) <= span.end }
    try write(.gaps, content)
  }

  // MARK: Events

  /// From the beginning of the incident that the stretch begins in, if it does.
  func beginEvents() throws(ExportFailure) {
    let before = TimeSpan(StoreExport.reach, until: plan.start)
    eventStart = try asked { () throws(StoreFailure) in
      let range = before.start...before.end
      let events = try timeline.events(in: range, limit: StoreExport.mostBefore).compactMap {
        try? $0.event.get()
      }
      let gaps = try timeline.gaps(in: range).filter { $0.reason != .clockBack }
        .map { TimeSpan(from: $0.start, to: $0.end) }
      let last = Incident.list(from: events, within: before, gaps: gaps).last
      return last.flatMap { $0.end == nil ? $0.start : nil } ?? plan.start
    }
    eventEnds = try asked { () throws(StoreFailure) in
      let (start, end) = (
        Statement.Value.number(eventStart.nanoseconds), Statement.Value.number(span.end.nanoseconds)
      )
      guard
        let first = try timeline.database.number(
          "SELECT min(id) FROM events WHERE at>=? AND at<=?", start, end),
        let last = try timeline.database.number(
          "SELECT max(id) FROM events WHERE at>=? AND at<=?", start, end)
      else { return nil }
      return first...last
    }
  }

  /// The next of the events; false where there are no more.
  func writeEvents() throws(ExportFailure) -> Bool {
    guard let ends = eventEnds else { return false }
    let (batch, next) = try asked { () throws(StoreFailure) in
      let rows = try timeline.database.statement(
        "SELECT id, sequence, at, kind, node, line FROM events WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?"
      ).with(.number(ends.lowerBound), .number(ends.upperBound), .number(Int64(StoreExport.batch)))
      var batch: [ByteWriter] = []
      var last: Int64?
      while try rows.step() {
        last = rows.number(0)
        let at = WallTime(nanoseconds: rows.number(2))
        // One whose time lies elsewhere was written while the clock was wrong.
        guard eventStart...span.end ~= at else { continue }
        var row = ByteWriter()
        for column in [rows.number(0), rows.number(1), at.nanoseconds, rows.number(3)] { row.signed(column) }
        row.byte(rows.isNull(4) ? 0 : 1)
        if !rows.isNull(4) { row.text(rows.text(4)) }
        row.text(EventLine.shareable(rows.text(5)))
        batch.append(row)
        if span.start...span.end ~= at { summary.events += 1 }
      }
      return (batch, last)
    }
    if !batch.isEmpty {
      var content = ByteWriter()
      content.count(batch.count)
      for row in batch { content.bytes += row.bytes }
      allEvents += batch.count
      try count { tally throws(ChunkFault) in try tally.add(batch.count, of: .events) }
      try write(.events, content)
    }
    eventEnds = next.flatMap { $0 < ends.upperBound ? $0 + 1...ends.upperBound : nil }
    return eventEnds != nil
  }

  // MARK: Roll-ups

  /// A step of them; false where there are no more.
  func writeRollUps() throws(ExportFailure) -> Bool {
    guard let rollUps else {
      let whole = plan.start...span.end
      rollUps = try asked { () throws(StoreFailure) in try ExportRollUps(timeline, in: whole) }
      return true
    }
    if rollUps.isEmpty { return false }
    let block = try asked { () throws(StoreFailure) in try rollUps.step() }
    if let block {
      try count { tally throws(ChunkFault) in try tally.add(block.minutes, of: .rollUps) }
      try write(.rollUps, block.content)
    }
    return true
  }

  func writeStates() throws(ExportFailure) {
    try write(
      .states,
      try asked { () throws(StoreFailure) in
        try rows(
          """
          SELECT start, worst, flags, ticks, resolution FROM states
          WHERE resolution=60 AND start>=? AND start<=?
          """, from: Resolution.minute.index(of: plan.start), to: Resolution.minute.index(of: span.end)
        ) { row, content in
          for column: Int32 in 0..<4 { content.signed(row.number(column)) }
        }
      })
  }

  func writeService() throws(ExportFailure) {
    try write(
      .service,
      try asked { () throws(StoreFailure) in
        try rows(
          """
          SELECT minute, kind, requests, errors, down, degraded, unknown, name FROM service
          WHERE minute>=? AND minute<=? ORDER BY minute
          """, from: Resolution.minute.start(of: Resolution.minute.index(of: plan.start)).nanoseconds,
          to: span.end.nanoseconds
        ) { row, content in
          for column: Int32 in 0..<7 { content.signed(row.number(column)) }
          content.text(row.text(7))
        }
      })
  }

  private func rows(
    _ sql: StaticString, from first: Int64, to last: Int64, _ add: (Statement, inout ByteWriter) -> Void
  ) throws(StoreFailure) -> ByteWriter {
    let found = try timeline.database.statement(sql).with(.number(first), .number(last))
    var (content, count) = (ByteWriter(), 0)
    while try found.step() {
      add(found, &content)
      count += 1
    }
    var whole = ByteWriter()
    whole.count(count)
    whole.bytes += content.bytes
    return whole
  }

  private func write(_ kind: ExportFormat.Kind, _ content: ByteWriter) throws(ExportFailure) {
    try count { tally throws(ChunkFault) in try tally.add(list: content.bytes.count, of: kind) }
    try writer.write(kind, timeline.zstd.pack(content.bytes))
  }
}

extension Timeline {
  /// The states of frames, as the store has them beside the frames.
  func states(of frames: ClosedRange<FrameNumber>) throws(StoreFailure) -> [FrameNumber: UInt8] {
    var states: [FrameNumber: UInt8] = [:]
    let chunks = try database.statement(
      "SELECT first, states FROM chunks WHERE first<=? AND first+count>? ORDER BY first"
    ).with(.number(frames.upperBound), .number(frames.lowerBound))
    while try chunks.step() {
      for (place, state) in ((try? zstd.unpack(chunks.blob(1))) ?? []).enumerated() {
        states[chunks.number(0) + Int64(place)] = state
      }
    }
    let rows = try database.statement("SELECT sequence, state FROM ticks WHERE sequence BETWEEN ? AND ?")
      .with(.number(frames.lowerBound), .number(frames.upperBound))
    while try rows.step() { states[rows.number(0)] = UInt8(truncatingIfNeeded: rows.number(1)) }
    return states
  }
}
