import Cluster

/// Looks through all sealed chunks of a store for damage, a part at a time and only where there is nothing else to
/// do: a large store would take minutes, and nobody waits for it.
struct DamageSearch {
  /// The part that was looked at last.
  private var last: Int64 = 0
  private var isDone = false
  private var turn = 0

  /// Ticks from one part to the next.
  private static let pause = 4

  /// One step. To be called within a transaction. What is found is a gap from then on; the chunk stays as it is.
  mutating func step(_ database: Database, _ zstd: Zstd) throws(StoreFailure) {
    turn = (turn + 1) % DamageSearch.pause
    guard !isDone, turn == 0 else { return }
    let row = try database.statement("SELECT id, data FROM parts WHERE id>? ORDER BY id LIMIT 1")
      .with(.number(last))
    guard try row.step() else {
      isDone = true
      return
    }
    let (id, packed) = (row.number(0), row.blob(1))
    row.reset()
    let isFirst = id >> 16 != last >> 16
    last = id
    do throws(ChunkFault) {
      _ = try zstd.unpackStream(packed)
      if isFirst, let head = try? DamageSearch.head(of: id >> 16, database) { _ = try zstd.unpack(head) }
    } catch {
      try note("chunk \(id >> 16): \(error)", of: id >> 16, database)
      // One fault of a chunk is enough.
      last = id | 0xFFFF
    }
  }

  private static func head(of chunk: FrameNumber, _ database: Database) throws(StoreFailure) -> [UInt8]? {
    let row = try database.statement("SELECT head FROM chunks WHERE first=?").with(.number(chunk))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.blob(0)
  }

  private func note(_ words: String, of chunk: FrameNumber, _ database: Database) throws(StoreFailure) {
    try database.statement(
      """
      INSERT INTO gaps(sequence, start, end, reason, words)
        SELECT first + count, start, end, ?1, ?2 FROM chunks WHERE first=?3
        AND NOT EXISTS (SELECT 1 FROM gaps WHERE sequence=first + count AND reason=?1)
      """
    ).run(.number(Gap.Reason.damaged.rawValue), .text(words), .number(chunk))
  }
}
