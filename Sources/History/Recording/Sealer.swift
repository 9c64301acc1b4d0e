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
  private var row: OpenRow?
  private var part: OpenPart?

  /// A row that is being read.
  private struct OpenRow {
    var reader: RowReader
    var layout: Int64
    var stretch: Int64
    var wall: Int64
    var state: UInt8
  }

  private struct OpenPart {
    var source: Int
    var writer: PartWriter
    /// What is being packed, and how far it is.
    var slice = PartWriter.Slice(bytes: [], endsPiece: false)
    var fed = 0
    var bytes: [UInt8] = []
    var size = 0
  }

  /// Bytes that are packed at once.
  private static let most = 16 << 10

  /// Rows that are looked for at once.
  private static let rows: Int64 = 16

  /// What a tick has to do at least, as `Work` counts it, so that all is done when as many rows have come again.
  private(set) var pace = Work.least

  /// Begins, or goes on where a recorder before this one had only rows left to remove.
  init(chunk: Int64, in database: Database) throws(StoreFailure) {
    self.chunk = chunk
    next = chunk
    let sealed = try database.statement("SELECT 1 FROM chunks WHERE first=?").with(.number(chunk))
    isStored = try sealed.step()
    sealed.reset()
    let rows = try database.statement(
      "SELECT count(*), sum(length(data)) FROM ticks WHERE sequence>=? AND chunk=?"
    ).with(.number(chunk), .number(chunk))
    if try rows.step(), rows.number(0) > 0 {
      pace = max(Work.least, Int(rows.number(1)) * Work.whole / Int(rows.number(0)))
    }
    rows.reset()
  }

  /// Does some of it; true when the chunk is sealed and its rows are gone. To be called within a transaction.
  ///
  /// - Parameter work: what is to be done, as `Work` counts it, and what is left of that: below zero where the last
  ///   thing was larger.
  /// - Throws: `damaged` where a row cannot be right.
  mutating func step(_ work: inout Int, _ database: Database, _ zstd: Zstd) throws(StoreFailure) -> Bool {
    while work > 0 {
      if isStored {
        guard try removeRows(&work, database) else { return true }
      } else if !isGathered {
        try gather(&work, database)
      } else if try !pack(&work, database, zstd) {
        try store(database, zstd)
        isStored = true
      }
    }
    return false
  }

  /// Packs some of a source; false where all are packed. A part without its chunk is nothing to who reads, and is
  /// written again where this is not finished.
  private mutating func pack(
    _ work: inout Int, _ database: Database, _ zstd: Zstd
  ) throws(StoreFailure) -> Bool {
    if part == nil {
      guard let source = builder.sources.keys.min(), let writer = builder.takeSource(source) else {
        return false
      }
      part = OpenPart(source: source, writer: writer)
      zstd.beginStream()
      work -= Work.part
    }
    guard var own = part else { return false }
    // Taken out while it is changed, so that nothing is copied.
    part = nil
    if own.fed < own.slice.bytes.count {
      let end = min(own.slice.bytes.count, own.fed + Sealer.most)
      let isLast = end == own.slice.bytes.count
      zstd.stream(
        own.slice.bytes[own.fed..<end], isLast && own.slice.endsPiece ? .block : .more, into: &own.bytes)
      work -= (end - own.fed) * Work.packing
      own.fed = end
      part = own
      return true
    }
    if let slice = own.writer.next(&work) {
      own.slice = slice
      own.fed = 0
      own.size += slice.bytes.count
      part = own
      return true
    }
    // Written all at once: by a tick that has done nothing else yet.
    if work < pace / 2 {
      work = 0
      part = own
      return true
    }
    zstd.stream([], .end, into: &own.bytes)
    var head = ByteWriter()
    head.count(own.size)
    try database.statement("INSERT OR REPLACE INTO parts(id, data) VALUES(?, ?)")
      .run(.number(chunk << 16 | Int64(own.source)), .blob(head.bytes + own.bytes))
    work -= own.bytes.count * Work.writing
    return true
  }

  private mutating func gather(_ work: inout Int, _ database: Database) throws(StoreFailure) {
    let rows = try database.statement(
      """
      SELECT sequence, layout, stretch, wall, state, data FROM ticks
      WHERE sequence>=? AND sequence<? AND chunk=? ORDER BY sequence
      """
    ).with(.number(row == nil ? next : next + 1), .number(next + Sealer.rows), .number(chunk))
    var found = 0
    defer { rows.reset() }
    while work > 0 {
      if row == nil {
        guard try rows.step() else { break }
        guard rows.number(0) == next else { throw .damaged(path: database.path, words: "a row is missing") }
        let bytes = rows.blob(5)
        row = try sound(database) { () throws(ChunkFault) in
          OpenRow(
            reader: try RowReader(bytes), layout: rows.number(1), stretch: rows.number(2),
            wall: rows.number(3),
            state: UInt8(truncatingIfNeeded: rows.number(4)))
        }
      }
      found += 1
      guard var own = row else { break }
      // Taken out while it is changed, so that nothing is copied.
      row = nil
      guard
        let frame = try sound(database, { () throws(ChunkFault) in try own.reader.next(&work) })
      else {
        row = own
        continue
      }
      try sound(database) { () throws(ChunkFault) in try builder.append(frame) }
      (layout, stretch) = (own.layout, own.stretch)
      start = min(start, own.wall)
      end = max(end, own.wall)
      states.append(own.state)
      next += 1
    }
    if found == 0 { isGathered = true }
  }

  /// A row that is wrong is damage of the store.
  private func sound<Result>(
    _ database: Database, _ work: () throws(ChunkFault) -> Result
  ) throws(StoreFailure) -> Result {
    do { return try work() } catch { throw .damaged(path: database.path, words: "row \(next): \(error)") }
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
  private func removeRows(_ work: inout Int, _ database: Database) throws(StoreFailure) -> Bool {
    let rows = try database.statement(
      "SELECT sequence, length(data) FROM ticks WHERE chunk=? ORDER BY sequence LIMIT ?"
    ).with(.number(chunk), .number(Sealer.rows))
    var last: FrameNumber?
    while work > 0, try rows.step() {
      last = rows.number(0)
      work -= Work.row + Int(rows.number(1)) / Work.removing
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
