import Cluster

/// The sealed chunks of a store, found by the frames that are in them, and those of them that are damaged.
final class SealedChunks {
  /// Where one lies, and what all of its frames have in common.
  struct Place {
    var first: FrameNumber
    var count: Int
    var layout: Int64
    var stretch: Int64

    var last: FrameNumber { first + Int64(count) - 1 }

    func contains(_ sequence: FrameNumber) -> Bool { sequence >= first && sequence <= last }
  }

  /// One that was unpacked.
  typealias Unpacked = (place: Place, chunk: Chunk)

  /// Those that were found damaged, by their first frame: what was recorded then cannot be read.
  private(set) var damaged: [FrameNumber: Gap] = [:]

  private let database: Database
  private let zstd: Zstd
  private let names: StoredNames
  private let origin: Origin
  /// Those that were wanted last, the newest at the end.
  private var held: [Unpacked] = []

  private static let mostHeld = 4
  /// Thirty-two mebibytes of numbers in all that are held, or a single one that has more.
  var mostHeldNumbers = 4 << 20

  init(in database: Database, _ zstd: Zstd, names: StoredNames, from origin: Origin) {
    self.database = database
    self.zstd = zstd
    self.names = names
    self.origin = origin
  }

  // MARK: One of them

  /// The one that holds a frame, not unpacked; nil where there is none.
  func place(of sequence: FrameNumber) throws(StoreFailure) -> Place? {
    try row(of: sequence)?.place
  }

  /// The one that holds a frame; nil where there is none, or it is damaged.
  func chunk(of sequence: FrameNumber) throws(StoreFailure) -> Unpacked? {
    if let index = held.lastIndex(where: { $0.place.contains(sequence) }) {
      held.append(held.remove(at: index))
      return held.last
    }
    if damage(at: sequence) != nil { return nil }
    guard let row = try row(of: sequence) else { return nil }
    let parts = try database.statement("SELECT id, data FROM parts WHERE id BETWEEN ? AND ?")
      .with(.number(row.place.first << 16), .number(row.place.first << 16 | 0xFFFF))
    var packed: [Int: [UInt8]] = [:]
    while try parts.step() { packed[Int(parts.number(0) & 0xFFFF)] = parts.blob(1) }
    guard
      let chunk = try notingDamage(
        of: row, { () throws(StoreFailure) in try unpack(row.place, row.head, packed) })
    else { return nil }
    hold((row.place, chunk))
    return held.last
  }

  private func hold(_ unpacked: Unpacked) {
    var room = mostHeldNumbers - unpacked.chunk.numbers
    var kept = 0
    for known in held.reversed() {
      room -= known.chunk.numbers
      if room < 0 || kept + 1 >= SealedChunks.mostHeld { break }
      kept += 1
    }
    held.removeFirst(held.count - kept)
    held.append(unpacked)
  }

  /// Numbers in those that are held.
  var heldNumbers: Int { held.reduce(0) { $0 + $1.chunk.numbers } }

  /// The head of the one that holds a frame; nil where there is none, or it is damaged.
  func head(of sequence: FrameNumber) throws(StoreFailure) -> (place: Place, head: ChunkHead)? {
    if let known = held.last(where: { $0.place.contains(sequence) }) {
      return (known.place, known.chunk.head)
    }
    if damage(at: sequence) != nil { return nil }
    guard let row = try row(of: sequence) else { return nil }
    let head = try notingDamage(of: row) { () throws(StoreFailure) in
      try database.reading(chunk: row.place.first) { () throws(ChunkFault) in
        try ChunkHead(try zstd.unpack(row.head, limit: origin.mostChunkBytes), from: origin)
      }
    }
    return head.map { (row.place, $0) }
  }

  /// The one that holds a frame, unpacked as far as rows are wanted, by their source; nil where there is none.
  func chunk(
    of sequence: FrameNumber, reducedBy filters: [Int: RowFilter]
  ) throws(StoreFailure) -> Unpacked? {
    guard let row = try row(of: sequence) else { return nil }
    var packed: [Int: [UInt8]] = [:]
    for source in filters.keys { packed[source] = try part(of: source, inChunk: row.place.first) }
    return (row.place, try unpack(row.place, row.head, packed, filters))
  }

  /// What the store has of one.
  private typealias Row = (place: Place, head: [UInt8], start: WallTime, end: WallTime)

  private func row(of sequence: FrameNumber) throws(StoreFailure) -> Row? {
    let row = try database.statement(
      """
      SELECT first, count, layout, stretch, head, start, end FROM chunks WHERE first<=?
      ORDER BY first DESC LIMIT 1
      """
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    defer { row.reset() }
    let place = Place(
      first: row.number(0), count: Int(row.number(1)), layout: row.number(2), stretch: row.number(3))
    guard place.contains(sequence) else { return nil }
    return (
      place, row.blob(4), WallTime(nanoseconds: row.number(5)), WallTime(nanoseconds: row.number(6))
    )
  }

  /// What a source said in a chunk, packed; nil where it said nothing.
  private func part(of source: Int, inChunk first: FrameNumber) throws(StoreFailure) -> [UInt8]? {
    let part = try database.statement("SELECT data FROM parts WHERE id=?")
      .with(.number(first << 16 | Int64(source)))
    guard try part.step() else { return nil }
    defer { part.reset() }
    return part.blob(0)
  }

  /// - Throws: `damaged` where SQLite, or what was packed, says so.
  private func unpack(
    _ place: Place, _ head: [UInt8], _ parts: [Int: [UInt8]], _ filters: [Int: RowFilter]? = nil
  ) throws(StoreFailure) -> Chunk {
    try database.reading(chunk: place.first) { () throws(ChunkFault) in
      let chunk = try Chunk(packedHead: head, packedParts: parts, zstd, filters: filters, from: origin)
      guard chunk.count == place.count else { throw .invalid("frames of a chunk") }
      return chunk
    }
  }

  // MARK: What is in one

  /// Reads frames of one, as far as they are in it and there is room, and returns where the others begin. Those before
  /// one that cannot be read are read all the same.
  func read(
    from first: FrameNumber, through last: FrameNumber, of known: Unpacked, within room: inout FrameRoom,
    into result: inout [RecordedFrame]
  ) throws(StoreFailure) -> FrameNumber {
    let place = known.place
    for sequence in first...min(last, place.last) {
      if room.isUsedUp { return sequence }
      let frame = try database.reading(chunk: place.first) { () throws(ChunkFault) in
        try known.chunk.frame(Int(sequence - place.first), names: names)
      }
      room.take(frame)
      result.append(
        RecordedFrame(sequence: sequence, layout: place.layout, stretch: place.stretch, frame: frame))
    }
    return min(last, place.last) + 1
  }

  /// Whether one of some sources said anything good in a chunk; nothing but their own parts is looked into. One that
  /// is damaged said nothing.
  func hasSample(of sources: Set<SourceID>, inChunk first: FrameNumber) throws(StoreFailure) -> Bool {
    if let known = held.first(where: { $0.place.first == first }) {
      return sources.contains { known.chunk.lastSample(of: $0.index, upTo: known.place.count - 1) != nil }
    }
    for source in sources {
      guard let part = try part(of: source.index, inChunk: first) else { continue }
      let bytes = try? zstd.unpackStream(part, limit: origin.mostChunkBytes)
      if let bytes, (try? ChunkPart.hasSample(bytes)) == true { return true }
    }
    return false
  }

  // MARK: Damage

  /// Where a frame lies in a chunk that was found damaged: a gap, with a reason, and what is around it is read
  /// all the same. Nil where it does not.
  func damage(at sequence: FrameNumber) -> Gap? { damagedChunk(around: sequence)?.gap }

  /// The first frame of the damaged chunk that a frame lies in; nil where it does not lie in one.
  func firstDamaged(around sequence: FrameNumber) -> FrameNumber? { damagedChunk(around: sequence)?.first }

  private func damagedChunk(around sequence: FrameNumber) -> (first: FrameNumber, gap: Gap)? {
    damaged.first { $0.key <= sequence && sequence < $0.value.sequence }.map { ($0.key, $0.value) }
  }

  /// Notes that what belongs to one, its names, cannot be read.
  func note(_ known: Unpacked, _ words: String) {
    note(
      known.place, from: known.chunk.moment(0).wall, to: known.chunk.moment(known.place.count - 1).wall, words
    )
  }

  /// Reads something of one; nil where it is damaged, which is noted.
  private func notingDamage<Result>(
    of row: Row, _ work: () throws(StoreFailure) -> Result
  ) throws(StoreFailure) -> Result? {
    do { return try work() } catch {
      guard case .damaged(_, let words) = error else { throw error }
      note(row.place, from: row.start, to: row.end, words)
      return nil
    }
  }

  private func note(_ place: Place, from start: WallTime, to end: WallTime, _ words: String) {
    damaged[place.first] = Gap(
      reason: .damaged, start: start, end: end, sequence: place.last + 1, words: words)
  }
}

extension Database {
  /// Reads something of a chunk: what is wrong with its bytes is damage of the store.
  func reading<Result>(
    chunk: Int64, _ work: () throws(ChunkFault) -> Result
  ) throws(StoreFailure) -> Result {
    do { return try work() } catch { throw .damaged(path: path, words: "chunk \(chunk): \(error)") }
  }
}
