public import Cluster

extension Timeline {
  /// What sources said last before a place, where they have said nothing good for long: a frame each with that
  /// reading alone, oldest first. Who folds them before the frames from the place on sees the figures of a
  /// source that was silent then, as old as they were, as it was seen live.
  ///
  /// It looks back through `chunks` chunks at most, and not beyond the layout of the frame at the place.
  public func lastSamples(
    of sources: Set<SourceID>, before sequence: FrameNumber, chunks: Int = 16
  ) throws(StoreFailure) -> [RecordedFrame] {
    try database.view { () throws(StoreFailure) in
      let layout = try loader.frame(sequence)?.layout
      var missing = sources
      var found: [RecordedFrame] = []
      var next = try loader.sequence(before: sequence)
      var left = chunks
      while let last = next, left > 0, !missing.isEmpty {
        left -= 1
        var first = last
        if let sealed = try loader.sealed.place(of: last),
          try !loader.sealed.hasSample(of: missing, inChunk: sealed.first)
        {
          // Most of it was said by others, and need not be unpacked.
          first = sealed.first
        } else if let (place, chunk) = try loader.sealed.chunk(of: last) {
          first = place.first
          for source in missing {
            if let frame = chunk.lastSample(of: source.index, upTo: Int(last - place.first)) {
              found += try loader.frames(place.first + Int64(frame), through: place.first + Int64(frame))
                .map { $0.only(source) }
            }
          }
        } else if let gap = loader.sealed.damage(at: last) {
          first = max(
            1, try database.number("SELECT max(first) FROM chunks WHERE first<?", .number(gap.sequence)) ?? 1)
        } else {
          // Rows of a chunk that is not sealed: these are few.
          first = try database.number("SELECT chunk FROM ticks WHERE sequence=?", .number(last)) ?? last
          var latest: [SourceID: RecordedFrame] = [:]
          var place = first
          while place <= last {
            let read = try loader.frames(place, through: last, within: .usual)
            for source in missing {
              if let frame = read.frames.last(where: { $0.hasSample(of: source) }) {
                latest[source] = frame.only(source)
              }
            }
            place = read.next
          }
          found += latest.values
        }
        for frame in found { missing.subtract(frame.frame.readings.map(\.source)) }
        next = try loader.sequence(before: first)
      }
      return found.filter { layout == nil || $0.layout == layout }.sorted { $0.sequence < $1.sequence }
    }
  }
}

// Changes of health.
extension Timeline {
  /// The newest changes of health in a stretch, up to a frame, the newest first: the node, what it became, and when.
  ///
  /// - Parameter limit: so many are looked through at most.
  func changes(
    ofHealthUntil sequence: FrameNumber, at wall: WallTime, in stretch: Int64, limit: Int
  ) throws(StoreFailure) -> [(node: NodeName, state: HealthState, at: WallTime)] {
    let rows = try database.statement(
      """
      SELECT node, kind, at FROM events WHERE at<=?
        AND at>=(SELECT start FROM stretches WHERE id=?) AND sequence<=?
        AND sequence>=(SELECT first FROM stretches WHERE id=?) AND +kind BETWEEN ? AND ?
      ORDER BY at DESC, id DESC LIMIT ?
      """
    ).with(
      .number(wall.nanoseconds), .number(stretch), .number(sequence), .number(stretch),
      .number(EventKind.up.rawValue), .number(EventKind.unknown.rawValue), .number(Int64(limit)))
    var changes: [(node: NodeName, state: HealthState, at: WallTime)] = []
    while try rows.step() {
      guard !rows.isNull(0), let kind = EventKind(rawValue: rows.number(1)), let state = kind.health else {
        continue
      }
      changes.append((NodeName(rows.text(0)), state, WallTime(nanoseconds: rows.number(2))))
    }
    return changes
  }
}

extension RecordedFrame {
  fileprivate func hasSample(of source: SourceID) -> Bool {
    frame.readings.contains { $0.source == source && $0.isGood }
  }

  /// The frame with the last good reading of one source.
  fileprivate func only(_ source: SourceID) -> RecordedFrame {
    var copy = self
    copy.frame.readings = frame.readings.last { $0.source == source && $0.isGood }.map { [$0] } ?? []
    return copy
  }
}

extension Reading {
  fileprivate var isGood: Bool {
    if case .sample = outcome { true } else { false }
  }
}
