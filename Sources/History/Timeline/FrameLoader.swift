import Cluster

/// Finds frames by their place, in sealed chunks and in the rows of those that are not sealed yet.
final class FrameLoader {
  private let database: Database
  private let zstd: Zstd
  private let origin: Origin
  let names: StoredNames
  /// Sealed chunks that were unpacked, the newest last.
  private var chunks: [(place: ChunkPlace, chunk: Chunk)] = []
  /// Where the rows of an open chunk were read to.
  private var open: OpenChunk?
  /// Frames of open chunks, by their place.
  private var recent: [FrameNumber: RecordedFrame] = [:]
  /// Figures in all of those.
  private(set) var recentNumbers = 0

  /// Sealed chunks that were found damaged, by their first frame: what was recorded then cannot be read.
  private(set) var damaged: [FrameNumber: Gap] = [:]

  private static let mostChunks = 4
  private static let mostRecent = 64
  /// Sixteen mebibytes of figures, or a single frame that has more.
  static let mostRecentNumbers = 2 << 20

  struct ChunkPlace {
    var first: FrameNumber
    var count: Int
    var layout: Int64
    var stretch: Int64

    func contains(_ sequence: FrameNumber) -> Bool { sequence >= first && sequence - first < Int64(count) }
  }

  private struct OpenChunk {
    var chunk: Int64
    var decoder = RowDecoder()
    /// The row that comes next.
    var next: FrameNumber
  }

  init(_ database: Database, _ zstd: Zstd, from origin: Origin = .own) {
    self.database = database
    self.zstd = zstd
    self.origin = origin
    names = StoredNames(database, zstd, from: origin)
  }

  /// The frame at a place; nil where there is none.
  func frame(_ sequence: FrameNumber) throws(StoreFailure) -> RecordedFrame? {
    try frames(sequence, through: sequence).first
  }

  /// Those from `first` to `last` that there are, oldest first.
  func frames(_ first: FrameNumber, through last: FrameNumber) throws(StoreFailure) -> [RecordedFrame] {
    var result: [RecordedFrame] = []
    var next = first
    while next <= last {
      if let known = recent[next] {
        result.append(known)
        next += 1
      } else if let (place, chunk) = try chunk(of: next) {
        let end = min(last, place.first + Int64(place.count) - 1)
        do {
          for sequence in next...end {
            result.append(
              RecordedFrame(
                sequence: sequence, layout: place.layout, stretch: place.stretch,
                frame: try chunk.frame(Int(sequence - place.first), names: names)))
          }
        } catch {
          // What belongs to it, its names, cannot be read.
          let ends = (chunk.moment(0).wall.nanoseconds, chunk.moment(place.count - 1).wall.nanoseconds)
          note(place, ends, "chunk \(place.first): \(error)")
        }
        next = end + 1
      } else if let gap = damage(at: next) {
        next = gap.sequence
      } else if let end = try readRows(from: next, through: last, into: &result) {
        next = end + 1
      } else if let later = try sequence(after: next) {
        // What lay between was let go of.
        next = later
      } else {
        break
      }
    }
    return result
  }

  /// Lets go of frames that were kept for who steps back.
  func letGo() {
    recent = [:]
    recentNumbers = 0
  }

  private func keep(_ recorded: RecordedFrame) {
    let numbers = recorded.frame.numbers
    if recent.count >= FrameLoader.mostRecent || recentNumbers + numbers > FrameLoader.mostRecentNumbers {
      letGo()
    }
    recent[recorded.sequence] = recorded
    recentNumbers += numbers
  }

  /// Where a frame lies in a chunk that was found damaged: a gap, with a reason, and what is around it is read
  /// all the same. Nil where it does not.
  func damage(at sequence: FrameNumber) -> Gap? {
    damaged.first { $0.key <= sequence && sequence < $0.value.sequence }?.value
  }

  /// The last frame before a place that is in no damaged chunk; nil where there is none.
  func readable(before sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    var next = try self.sequence(before: sequence)
    while let place = next {
      if try chunk(of: place) != nil || damage(at: place) == nil { return place }
      guard let first = damaged.first(where: { $0.key <= place && place < $0.value.sequence })?.key else {
        return nil
      }
      next = try self.sequence(before: first)
    }
    return nil
  }

  /// The first frame behind a place that is in no damaged chunk; nil where there is none.
  func readable(after sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    var next = try self.sequence(after: sequence)
    while let place = next {
      if try chunk(of: place) != nil { return place }
      guard let gap = damage(at: place) else { return place }
      next = try self.sequence(after: gap.sequence - 1)
    }
    return nil
  }

  /// The place and the times of a chunk that cannot be unpacked.
  private func note(_ place: ChunkPlace, _ times: (start: Int64, end: Int64), _ words: String) {
    damaged[place.first] = Gap(
      reason: .damaged, start: WallTime(nanoseconds: times.start), end: WallTime(nanoseconds: times.end),
      sequence: place.first + Int64(place.count), words: words)
  }

  /// The first frame behind a place.
  func sequence(after sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    let chunk = try database.statement(
      "SELECT first, count FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    if try chunk.step() {
      defer { chunk.reset() }
      if sequence + 1 < chunk.number(0) + chunk.number(1) { return sequence + 1 }
    }
    let later = try first("SELECT min(first) FROM chunks WHERE first>?", sequence)
    let row = try first("SELECT min(sequence) FROM ticks WHERE sequence>?", sequence)
    return [later, row].compactMap { $0 }.min()
  }

  /// The last frame before a place.
  func sequence(before sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    let row = try first("SELECT max(sequence) FROM ticks WHERE sequence<?", sequence)
    let chunk = try database.statement(
      "SELECT first, count FROM chunks WHERE first<? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    var earlier: FrameNumber?
    if try chunk.step() {
      earlier = min(sequence - 1, chunk.number(0) + chunk.number(1) - 1)
      chunk.reset()
    }
    return [row, earlier].compactMap { $0 }.max()
  }

  private func first(_ sql: StaticString, _ sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    let row = try database.statement(sql).with(.number(sequence))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.isNull(0) ? nil : row.number(0)
  }

  /// The sealed chunk that holds a place, not unpacked; nil where there is none.
  func place(of sequence: FrameNumber) throws(StoreFailure) -> ChunkPlace? {
    let row = try database.statement(
      "SELECT first, count, layout, stretch FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    defer { row.reset() }
    let place = ChunkPlace(
      first: row.number(0), count: Int(row.number(1)), layout: row.number(2), stretch: row.number(3))
    return place.contains(sequence) ? place : nil
  }

  /// The sealed chunk that holds a place, unpacked; nil where there is none, or it is damaged.
  func chunk(of sequence: FrameNumber) throws(StoreFailure) -> (place: ChunkPlace, chunk: Chunk)? {
    if let index = chunks.lastIndex(where: { $0.place.contains(sequence) }) {
      chunks.append(chunks.remove(at: index))
      return chunks.last
    }
    if damage(at: sequence) != nil { return nil }
    let row = try database.statement(
      """
      SELECT first, count, layout, stretch, head, start, end FROM chunks WHERE first<=?
      ORDER BY first DESC LIMIT 1
      """
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    let place = ChunkPlace(
      first: row.number(0), count: Int(row.number(1)), layout: row.number(2), stretch: row.number(3))
    guard place.contains(sequence) else {
      row.reset()
      return nil
    }
    let packedHead = row.blob(4)
    let times = (start: row.number(5), end: row.number(6))
    row.reset()
    let chunk: Chunk
    do {
      chunk = try unpacked(place, packedHead)
    } catch {
      guard case .damaged(_, let words) = error else { throw error }
      note(place, times, words)
      return nil
    }
    if chunks.count >= FrameLoader.mostChunks { chunks.removeFirst() }
    chunks.append((place, chunk))
    return chunks.last
  }

  /// - Throws: `damaged` where SQLite, or what was packed, says so.
  private func unpacked(_ place: ChunkPlace, _ packedHead: [UInt8]) throws(StoreFailure) -> Chunk {
    let parts = try database.statement("SELECT id, data FROM parts WHERE id BETWEEN ? AND ?")
      .with(.number(place.first << 16), .number(place.first << 16 | 0xFFFF))
    var packed: [Int: [UInt8]] = [:]
    while try parts.step() { packed[Int(parts.number(0) & 0xFFFF)] = parts.blob(1) }
    return try sound(place.first) { () throws(ChunkFault) in
      let chunk = try Chunk(packedHead: packedHead, packedParts: packed, zstd, from: origin)
      guard chunk.count == place.count else { throw .invalid("frames of a chunk") }
      return chunk
    }
  }

  /// The layout of a frame, and how far frames of the same chunk go on; nil where there is no such frame.
  func extent(of sequence: FrameNumber) throws(StoreFailure) -> (layout: Int64, last: FrameNumber)? {
    let chunk = try database.statement(
      "SELECT first, count, layout FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    if try chunk.step() {
      defer { chunk.reset() }
      let last = chunk.number(0) + chunk.number(1) - 1
      if sequence <= last { return (chunk.number(2), last) }
    }
    let row = try database.statement(
      "SELECT layout, (SELECT max(sequence) FROM ticks WHERE chunk=row.chunk) FROM ticks AS row WHERE sequence=?"
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return (row.number(0), row.number(1))
  }

  /// The sealed chunk that holds a place, unpacked as far as rows are wanted, by their source; nil where it is not
  /// sealed.
  func chunk(
    of sequence: FrameNumber, reducedBy filters: [Int: RowFilter]
  ) throws(StoreFailure) -> (place: ChunkPlace, chunk: Chunk)? {
    let row = try database.statement(
      "SELECT first, count, layout, stretch, head FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    let place = ChunkPlace(
      first: row.number(0), count: Int(row.number(1)), layout: row.number(2), stretch: row.number(3))
    let packedHead = row.blob(4)
    row.reset()
    guard place.contains(sequence) else { return nil }
    var packed: [Int: [UInt8]] = [:]
    for source in filters.keys {
      let part = try database.statement("SELECT data FROM parts WHERE id=?")
        .with(.number(place.first << 16 | Int64(source)))
      if try part.step() {
        packed[source] = part.blob(0)
        part.reset()
      }
    }
    let chunk = try sound(place.first) { () throws(ChunkFault) in
      let chunk = try Chunk(
        packedHead: packedHead, packedParts: packed, zstd, filters: filters, from: origin)
      guard chunk.count == place.count else { throw .invalid("frames of a chunk") }
      return chunk
    }
    return (place, chunk)
  }

  /// Frames of a chunk that is unpacked, as far as they are in it.
  func frames(
    _ first: FrameNumber, through last: FrameNumber, in known: (place: ChunkPlace, chunk: Chunk)
  ) throws(StoreFailure) -> [RecordedFrame] {
    let place = known.place
    return try sound(place.first) { () throws(ChunkFault) in
      var frames: [RecordedFrame] = []
      for sequence in first...min(last, place.first + Int64(place.count) - 1) {
        frames.append(
          RecordedFrame(
            sequence: sequence, layout: place.layout, stretch: place.stretch,
            frame: try known.chunk.frame(Int(sequence - place.first), names: names)))
      }
      return frames
    }
  }

  /// Whether one of some sources said anything good in a sealed chunk; nothing but their own parts is looked into.
  /// One that is damaged said nothing.
  func hasSample(of sources: Set<SourceID>, inChunk first: FrameNumber) throws(StoreFailure) -> Bool {
    if let known = chunks.first(where: { $0.place.first == first }) {
      return sources.contains { known.chunk.lastSample(of: $0.index, upTo: known.place.count - 1) != nil }
    }
    for source in sources {
      let part = try database.statement("SELECT data FROM parts WHERE id=?")
        .with(.number(first << 16 | Int64(source.index)))
      guard try part.step() else { continue }
      defer { part.reset() }
      let bytes = try? zstd.unpackStream(part.blob(0), limit: origin.mostChunkBytes)
      if let bytes, (try? ChunkPart.hasSample(bytes)) == true { return true }
    }
    return false
  }

  /// Reads rows of one open chunk up to a place; the last that was read, or nil where the first is not there.
  private func readRows(
    from first: FrameNumber, through last: FrameNumber, into result: inout [RecordedFrame]
  ) throws(StoreFailure) -> FrameNumber? {
    guard let chunk = try self.first("SELECT chunk FROM ticks WHERE sequence=?", first) else { return nil }
    // Backwards there is no way but from the beginning; what is passed shortly before is kept for next time.
    var state = OpenChunk(chunk: chunk, next: chunk)
    if let open, open.chunk == chunk, open.next <= first { state = open }
    open = nil
    let rows = try database.statement(
      "SELECT sequence, layout, stretch, data FROM ticks WHERE sequence>=? AND sequence<=? AND chunk=?"
    ).with(.number(state.next), .number(last), .number(chunk))
    var read: FrameNumber?
    defer { rows.reset() }
    while try rows.step() {
      let sequence = rows.number(0)
      guard sequence == state.next else { break }
      let row = rows.blob(3)
      let isWanted = sequence >= first
      let isKept = isWanted || sequence + 16 > first
      let frame = try sound(chunk) { () throws(ChunkFault) -> Frame? in
        if isKept { return try state.decoder.frame(of: row, names: names) }
        try state.decoder.pass(row)
        return nil
      }
      state.next = sequence + 1
      guard let frame else { continue }
      let recorded = RecordedFrame(
        sequence: sequence, layout: rows.number(1), stretch: rows.number(2), frame: frame)
      keep(recorded)
      if isWanted {
        result.append(recorded)
        read = sequence
      }
    }
    open = state
    if read == nil { throw .damaged(path: database.path, words: "rows of chunk \(chunk)") }
    return read
  }

  private func sound<Result>(
    _ chunk: Int64, _ work: () throws(ChunkFault) -> Result
  ) throws(StoreFailure) -> Result {
    do { return try work() } catch { throw .damaged(path: database.path, words: "chunk \(chunk): \(error)") }
  }
}
