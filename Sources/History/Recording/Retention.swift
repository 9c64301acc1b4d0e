import Cluster

/// Lets go of what is older than the policy keeps, or more than it allows: a little each tick.
struct Retention {
  var policy: HistoryPolicy
  private var turn = 0
  private var series: Int64 = 0

  /// Pages that are given back to the disk in a step, where much is free.
  private static let pages = 32
  /// Below this share of free pages none is given back: what comes next needs them.
  private static let freeShare: Int64 = 16

  init(_ policy: HistoryPolicy) { self.policy = policy }

  /// One step. To be called within a transaction.
  mutating func step(now: WallTime, _ database: Database) throws(StoreFailure) {
    turn = (turn + 1) % 8
    switch turn {
    case 1: try trimBlocks(now, database)
    case 2: try trimStates(now, database)
    case 3: try trimNames(database)
    case 4: try trimMinutes(now, database)
    case 5: try giveBack(database)
    default: try trimFrames(now, database)
    }
  }

  private func before(_ now: WallTime, _ duration: Duration) -> WallTime {
    let (value, overflow) = now.nanoseconds.subtractingReportingOverflow(duration.nanoseconds)
    return WallTime(nanoseconds: overflow ? .min : value)
  }

  private func trimFrames(_ now: WallTime, _ database: Database) throws(StoreFailure) {
    let row = try database.statement("SELECT first, end FROM chunks ORDER BY first LIMIT 1")
    guard try row.step() else { return }
    let (first, end) = (row.number(0), row.number(1))
    row.reset()
    let isTooLarge = try isTooLarge(database)
    guard isTooLarge || end < before(now, policy.keep).nanoseconds else { return }
    try database.statement("DELETE FROM parts WHERE id BETWEEN ? AND ?")
      .run(.number(first << 16), .number(first << 16 | 0xFFFF))
    try database.statement("DELETE FROM chunks WHERE first=?").run(.number(first))
  }

  private func isTooLarge(_ database: Database) throws(StoreFailure) -> Bool {
    let used =
      (try database.number("PRAGMA page_count") ?? 0) - (try database.number("PRAGMA freelist_count") ?? 0)
    return used * (try database.number("PRAGMA page_size") ?? 4096) > policy.size
  }

  /// One series a step: minutes, and hours.
  private mutating func trimBlocks(_ now: WallTime, _ database: Database) throws(StoreFailure) {
    let row = try database.statement("SELECT min(id) FROM series WHERE id>?").with(.number(series))
    guard try row.step() else { return }
    series = row.isNull(0) ? 0 : row.number(0)
    row.reset()
    guard series > 0 else { return }
    let oldest = Resolution.hour.index(of: before(now, policy.minutes))
    try database.statement("DELETE FROM minute_blocks WHERE id>=? AND id<?")
      .run(
        .number(RollUpStore.place(series, hour: -(1 << 23))), .number(RollUpStore.place(series, hour: oldest))
      )
    let oldestHour = Resolution.hour.index(of: before(now, policy.hours))
    try database.statement("DELETE FROM hours WHERE id>=? AND id<?")
      .run(
        .number(RollUpStore.place(series, hour: -(1 << 23))),
        .number(RollUpStore.place(series, hour: oldestHour)))
  }

  private func trimStates(_ now: WallTime, _ database: Database) throws(StoreFailure) {
    try database.statement("DELETE FROM service WHERE minute<?")
      .run(.number(before(now, policy.minutes).nanoseconds))
    for (resolution, duration) in [(Resolution.minute, policy.minutes), (.hour, policy.hours)] {
      try database.statement("DELETE FROM states WHERE resolution=? AND start<?")
        .run(.number(resolution.rawValue), .number(resolution.index(of: before(now, duration))))
    }
  }

  /// Names that no chunk uses any more. The newest that was used is in the chunk that is open.
  private func trimNames(_ database: Database) throws(StoreFailure) {
    try database.statement(
      """
      DELETE FROM names WHERE last < coalesce((SELECT min(first) FROM chunks), 0)
      AND last < coalesce((SELECT min(chunk) FROM ticks), 0)
      """
    ).run()
  }

  /// Where frames alone do not make it small enough, minutes go too, the oldest day of all series first.
  private func trimMinutes(_ now: WallTime, _ database: Database) throws(StoreFailure) {
    guard try isTooLarge(database),
      try database.number("SELECT count(*) FROM (SELECT 1 FROM chunks LIMIT 2)") ?? 0 < 2
    else { return }
    try database.statement(
      """
      DELETE FROM minute_blocks WHERE id IN
        (SELECT id FROM minute_blocks ORDER BY id & 16777215 LIMIT 64)
      """
    ).run()
  }

  private func giveBack(_ database: Database) throws(StoreFailure) {
    let free = try database.number("PRAGMA freelist_count") ?? 0
    let all = try database.number("PRAGMA page_count") ?? 0
    if free > 256, free > all / Retention.freeShare {
      try database.run("PRAGMA incremental_vacuum(\(Retention.pages))")
    }
  }
}
