import Cluster

/// Turns the rows of a chunk that is complete into columns, a little each tick, so that no tick has to wait
/// for a whole chunk. The rows stay until all of it is there, and are removed a little each tick too: what lies in
/// both is read from the chunk.
struct Sealer {
  private let chunk: Int64
  private var next: FrameNumber
  private var builder = ChunkBuilder()
  private var states: [UInt8] = []
  private var start: Int64 = .max
  private var end: Int64 = .min
  private var layout: Int64 = 0
  private var stretch: Int64 = 0
  private var isGathered = false
  /// Whether the chunk is there, and nothing is left to be done but to remove its rows.
  private var isStored = false
  private var part: OpenPart?

  private struct OpenPart {
    var source: Int
    var writer: PartWriter
    var bytes: [UInt8] = []
    var size = 0
  }

  /// Rows a step: faster than they come.
  private static let rows: Int64 = 4
  private static let rowsRemoved: Int64 = 16
  /// Or bytes of rows: a large row has a step for itself.
  private static let rowBytes = 48 << 10
  private static let bytesRemoved = 192 << 10
  /// Bytes that are packed in a step, before packing: about a millisecond.
  private static let bytes = 192 << 10
  /// Bytes of columns that are alike and packed together, where there are as many.
  private static let piece = 2 << 10

  /// Begins, or goes on where a recorder before this one had only rows left to remove.
  init(chunk: Int64, in database: Database) throws(StoreFailure) {
    self.chunk = chunk
    next = chunk
    let sealed = try database.statement("SELECT 1 FROM chunks WHERE first=?").with(.number(chunk))
    isStored = try sealed.step()
    sealed.reset()
  }

  /// One step; true when the chunk is sealed and its rows are gone. To be called within a transaction.
  ///
  /// - Throws: `damaged` where a row cannot be right.
  mutating func step(_ database: Database, _ zstd: Zstd) throws(StoreFailure) -> Bool {
    if isStored { return try !removeRows(database) }
    if !isGathered {
      try gather(database)
      return false
    }
    var left = Sealer.bytes
    while left > 0 {
      guard let piece = try nextPiece(database, zstd) else {
        try store(database, zstd)
        isStored = true
        return false
      }
      left -= max(piece, 256)
    }
    return false
  }

  /// Packs a piece of a source; how many bytes it had, or nil where all are packed. A part without its chunk is
  /// nothing to who reads, and is written again where this is not finished.
  private mutating func nextPiece(_ database: Database, _ zstd: Zstd) throws(StoreFailure) -> Int? {
    if part == nil {
      guard let source = builder.sources.keys.min(), let writer = builder.takeSource(source) else {
        return nil
      }
      part = OpenPart(source: source, writer: writer)
      zstd.beginStream()
    }
    guard var own = part else { return nil }
    // Taken out while it is changed, so that nothing is copied.
    part = nil
    if let piece = own.writer.next(Sealer.piece) {
      zstd.stream(piece, isLast: false, into: &own.bytes)
      own.size += piece.count
      part = own
      return piece.count
    }
    zstd.stream([], isLast: true, into: &own.bytes)
    var head = ByteWriter()
    head.count(own.size)
    try database.statement("INSERT OR REPLACE INTO parts(id, data) VALUES(?, ?)")
      .run(.number(chunk << 16 | Int64(own.source)), .blob(head.bytes + own.bytes))
    return own.bytes.count
  }

  private mutating func gather(_ database: Database) throws(StoreFailure) {
    let rows = try database.statement(
      """
      SELECT sequence, layout, stretch, wall, state, data FROM ticks
      WHERE sequence>=? AND sequence<? AND chunk=? ORDER BY sequence
      """
    ).with(.number(next), .number(next + Sealer.rows), .number(chunk))
    var found = 0
    var left = Sealer.rowBytes
    defer { rows.reset() }
    while left > 0, try rows.step() {
      guard rows.number(0) == next else { throw .damaged(path: database.path, words: "a row is missing") }
      let row = rows.blob(5)
      left -= row.count
      do { try builder.append(RowDecoder.raw(row)) } catch {
        throw .damaged(path: database.path, words: "row \(next): \(error)")
      }
      (layout, stretch) = (rows.number(1), rows.number(2))
      start = min(start, rows.number(3))
      end = max(end, rows.number(3))
      states.append(UInt8(truncatingIfNeeded: rows.number(4)))
      next += 1
      found += 1
    }
    if found == 0 { isGathered = true }
  }

  private func store(_ database: Database, _ zstd: Zstd) throws(StoreFailure) {
    // Nothing of it could be read.
    if builder.count == 0 { return }
    try database.statement(
      """
      INSERT INTO chunks(first, count, layout, stretch, start, end, states, head)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      .number(chunk), .number(Int64(builder.count)), .number(layout), .number(stretch), .number(start),
      .number(end), .blob(zstd.pack(states)), .blob(zstd.pack(builder.headBytes())))
    try database.statement("UPDATE stretches SET end=? WHERE id=?").run(.number(end), .number(stretch))
  }

  /// Removes some rows of a chunk that is there, the oldest first; false where there are none left.
  private func removeRows(_ database: Database) throws(StoreFailure) -> Bool {
    let rows = try database.statement(
      "SELECT sequence, length(data) FROM ticks WHERE chunk=? ORDER BY sequence LIMIT ?"
    ).with(.number(chunk), .number(Sealer.rowsRemoved))
    var last: FrameNumber?
    var left = Sealer.bytesRemoved
    while left > 0, try rows.step() {
      last = rows.number(0)
      left -= Int(rows.number(1))
    }
    rows.reset()
    guard let last else { return false }
    try database.statement("DELETE FROM ticks WHERE sequence<=? AND chunk=?").run(
      .number(last), .number(chunk))
    return true
  }

  /// Lets go of rows that cannot be read; the frames before the first of them are sealed as they are.
  mutating func giveUp(_ database: Database, _ words: String) throws(StoreFailure) {
    let row = try database.statement(
      "SELECT min(wall), max(wall), max(sequence) FROM ticks WHERE sequence>=? AND chunk=?"
    )
    .with(.number(next), .number(chunk))
    if try row.step() {
      let gap = (start: row.number(0), end: row.number(1), sequence: row.number(2) + 1)
      row.reset()
      try database.statement("INSERT INTO gaps(sequence, start, end, reason, words) VALUES(?, ?, ?, ?, ?)")
        .run(
          .number(gap.sequence), .number(gap.start), .number(gap.end),
          .number(Gap.Reason.damaged.rawValue), .text(words))
    }
    try database.statement("DELETE FROM ticks WHERE sequence>=? AND chunk=?").run(
      .number(next), .number(chunk))
    isGathered = true
  }
}
