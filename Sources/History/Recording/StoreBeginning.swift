import Cluster

/// What is found in a store when it is opened for recording.
enum StoreBeginning {
  /// Files up to this size are looked through whole.
  private static let smallFile: Int64 = 8 << 20

  /// Looks for damage, as far as that takes no longer than a person notices.
  static func check(_ database: Database) throws(StoreFailure) {
    let size =
      (try database.number("PRAGMA page_count") ?? 0) * (try database.number("PRAGMA page_size") ?? 0)
    guard size <= smallFile else { return }
    let row = try database.statement("PRAGMA quick_check(1)")
    guard try row.step() else { return }
    let words = row.text(0)
    row.reset()
    if words != "ok" { throw .damaged(path: database.path, words: printable(words)) }
  }

  /// The last frame; nil where there is none.
  static func end(of database: Database) throws(StoreFailure) -> (sequence: FrameNumber, wall: WallTime)? {
    let row = try database.statement("SELECT sequence, wall FROM ticks ORDER BY sequence DESC LIMIT 1")
    if try row.step() {
      defer { row.reset() }
      return (row.number(0), WallTime(nanoseconds: row.number(1)))
    }
    let chunk = try database.statement("SELECT first, count, end FROM chunks ORDER BY first DESC LIMIT 1")
    if try chunk.step() {
      defer { chunk.reset() }
      return (chunk.number(0) + chunk.number(1) - 1, WallTime(nanoseconds: chunk.number(2)))
    }
    return nil
  }

  /// More than a minute of frames is never left, but where a program recorded much faster than one expects.
  private static let mostUnsummed: FrameNumber = 600

  /// The frames before `next` that are in no minute's roll-up.
  static func unsummed(before next: FrameNumber, in database: Database) throws(StoreFailure) -> Range<
    FrameNumber
  > {
    let row = try database.statement("SELECT value FROM about WHERE key='summed'")
    var done: Int64 = 0
    if try row.step() {
      done = Int64(row.text(0)) ?? 0
      row.reset()
    }
    let first = max(done + 1, next - mostUnsummed)
    return first < next ? first..<next : 0..<0
  }
}
