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

  private static let mostChunks = 4
  private static let mostRecent = 64

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
        for sequence in next...end {
          let frame = try sound(place.first) { () throws(ChunkFault) in
            try chunk.frame(Int(sequence - place.first), names: names)
          }
          result.append(
            RecordedFrame(sequence: sequence, layout: place.layout, stretch: place.stretch, frame: frame))
        }
        next = end + 1
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

  /// The sealed chunk that holds a place, unpacked.
  func chunk(of sequence: FrameNumber) throws(StoreFailure) -> (place: ChunkPlace, chunk: Chunk)? {
    if let index = chunks.lastIndex(where: { $0.place.contains(sequence) }) {
      chunks.append(chunks.remove(at: index))
      return chunks.last
    }
    let row = try database.statement(
      "SELECT first, count, layout, stretch, head FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    let place = ChunkPlace(
      first: row.number(0), count: Int(row.number(1)), layout: row.number(2), stretch: row.number(3))
    guard place.contains(sequence) else {
      row.reset()
      return nil
    }
    let packedHead = row.blob(4)
    row.reset()
    let parts = try database.statement("SELECT id, data FROM parts WHERE id BETWEEN ? AND ?")
      .with(.number(place.first << 16), .number(place.first << 16 | 0xFFFF))
    var packed: [Int: [UInt8]] = [:]
    while try parts.step() { packed[Int(parts.number(0) & 0xFFFF)] = parts.blob(1) }
    let chunk = try sound(place.first) { () throws(ChunkFault) in
      let chunk = try Chunk(packedHead: packedHead, packedParts: packed, zstd, from: origin)
      guard chunk.count == place.count else { throw .invalid("frames of a chunk") }
      return chunk
    }
    if chunks.count >= FrameLoader.mostChunks { chunks.removeFirst() }
    chunks.append((place, chunk))
    return chunks.last
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
    if recent.count > FrameLoader.mostRecent { recent = [:] }
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
      recent[sequence] = recorded
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
