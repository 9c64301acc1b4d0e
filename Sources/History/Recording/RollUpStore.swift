import Cluster

/// Writes the minutes as they end, and when an hour is over turns its minutes into a block for each series and
/// an hour of each, a few series each tick.
struct RollUpStore {
  private var numbers: [Series: Int64] = [:]
  private var hour: PendingHour?

  private struct PendingHour {
    var hour: Int64
    /// The last minute of it that was read.
    var upto: Int64 = 0
    var minutes = OpenMinutes()
    /// The series that are to be written; nil as long as minutes are read.
    var left: [Int64]?
  }

  /// Series a step, and bytes of minutes.
  private static let seriesEachStep = 8
  private static let bytesEachStep = 32 << 10

  /// Where the hours of a series stand among those of all: by series, then by hour.
  static func place(_ series: Int64, hour: Int64) -> Int64 { series << 24 | (hour + 1 << 23) & 0xFF_FFFF }
  static func hour(of place: Int64) -> Int64 { place & 0xFF_FFFF - 1 << 23 }

  /// A minute that has ended.
  mutating func write(_ ended: EndedMinute, _ database: Database) throws(StoreFailure) {
    var writer = ByteWriter()
    writer.count(ended.values.count)
    for value in ended.values {
      writer.signed(try number(of: value.series, database))
      RollUpCode.write(value.rollUps, to: &writer)
    }
    try database.statement("INSERT INTO minutes(start, sequence, data) VALUES(?, ?, ?)")
      .run(.number(ended.minute), .number(ended.sequence), .blob(writer.bytes))
    let start = Resolution.minute.start(of: ended.minute)
    try add(ended.state, .minute, ended.minute, database)
    try add(ended.state, .hour, Resolution.hour.index(of: start), database)
    try database.statement("INSERT OR REPLACE INTO about(key, value) VALUES('summed', ?)")
      .run(.text(String(ended.sequence)))
  }

  private func add(
    _ state: StateSum, _ resolution: Resolution, _ index: Int64, _ database: Database
  ) throws(StoreFailure) {
    try database.statement(
      """
      INSERT INTO states(resolution, start, worst, flags, ticks) VALUES(?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET worst=max(worst, excluded.worst), flags=flags|excluded.flags,
        ticks=ticks+excluded.ticks
      """
    ).run(
      .number(resolution.rawValue), .number(index), .number(Int64(state.worst?.severity ?? -1)),
      .number(state.hasDrain ? 1 : 0), .number(state.ticks))
  }

  /// The number of a series, which has one from here on.
  @discardableResult mutating func number(
    of series: Series, _ database: Database
  ) throws(StoreFailure) -> Int64 {
    if let known = numbers[series] { return known }
    let row = try database.statement("SELECT id FROM series WHERE kind=? AND name=?")
      .with(.number(series.kind), .text(series.name))
    if try row.step() {
      numbers[series] = row.number(0)
      row.reset()
    } else {
      try database.statement("INSERT INTO series(kind, name) VALUES(?, ?)")
        .run(.number(series.kind), .text(series.name))
      numbers[series] = database.lastNumber
    }
    return numbers[series] ?? 0
  }

  /// One step of what is left to do; false where there is nothing. To be called within a transaction.
  mutating func step(now: WallTime, _ database: Database, _ zstd: Zstd) throws(StoreFailure) -> Bool {
    if hour == nil { hour = try nextHour(now: now, database) }
    guard var pending = hour else { return false }
    // Taken out while it is changed, so that nothing is copied.
    hour = nil
    if pending.left == nil {
      try read(&pending, database)
    } else if pending.left?.isEmpty == false {
      for _ in 0..<RollUpStore.seriesEachStep {
        guard let series = pending.left?.popLast() else { break }
        let minutes = pending.minutes.take(series)
        try write(
          series, pending.hour, minutes.sorted { $0.minute < $1.minute }, upto: pending.upto, database, zstd)
      }
    } else if try !remove(pending, database) {
      return true
    }
    hour = pending
    return true
  }

  /// The oldest hour that is over and still in minutes.
  private func nextHour(now: WallTime, _ database: Database) throws(StoreFailure) -> PendingHour? {
    let oldest = try database.statement("SELECT start FROM minutes ORDER BY id LIMIT 1")
    guard try oldest.step() else { return nil }
    let hour = Resolution.hour.index(of: Resolution.minute.start(of: oldest.number(0)))
    oldest.reset()
    return hour == Resolution.hour.index(of: now) ? nil : PendingHour(hour: hour)
  }

  /// Reads some more minutes of an hour.
  private func read(_ pending: inout PendingHour, _ database: Database) throws(StoreFailure) {
    let first = pending.hour * 60
    let rows = try database.statement(
      "SELECT id, start, data FROM minutes WHERE id>? AND start>=? AND start<? ORDER BY id"
    ).with(.number(pending.upto), .number(first), .number(first + 60))
    defer { rows.reset() }
    var left = RollUpStore.bytesEachStep
    while left > 0 {
      guard try rows.step() else {
        return pending.left = pending.minutes.series.sorted(by: >)
      }
      pending.upto = rows.number(0)
      let data = rows.blob(2)
      left -= max(1024, data.count)
      pending.minutes.add(data, number: pending.upto, minute: rows.number(1))
    }
  }

  /// Removes some minutes that are in blocks, the oldest first: who begins anew in between finds the last of them,
  /// and by it that the blocks are there. False where there are no more.
  private func remove(_ pending: PendingHour, _ database: Database) throws(StoreFailure) -> Bool {
    let first = pending.hour * 60
    let rows = try database.statement(
      "SELECT id, length(data) FROM minutes WHERE id<=? AND start>=? AND start<? ORDER BY id"
    ).with(.number(pending.upto), .number(first), .number(first + 60))
    var last: Int64?
    var left = RollUpStore.bytesEachStep * 4
    while left > 0, try rows.step() {
      last = rows.number(0)
      left -= max(1024, Int(rows.number(1)))
    }
    rows.reset()
    guard let last else { return false }
    try database.statement("DELETE FROM minutes WHERE id<=? AND start>=? AND start<?")
      .run(.number(last), .number(first), .number(first + 60))
    return true
  }

  private func write(
    _ series: Int64, _ hour: Int64, _ added: [OpenMinute], upto: Int64,
    _ database: Database, _ zstd: Zstd
  ) throws(StoreFailure) {
    let place = RollUpStore.place(series, hour: hour)
    var minutes: [(minute: UInt8, rollUps: RollUps)] = []
    let row = try database.statement("SELECT upto, data FROM minute_blocks WHERE id=?").with(.number(place))
    if try row.step() {
      let (known, data) = (row.number(0), row.blob(1))
      row.reset()
      // After a crash in the middle of an hour's series, this one is done already.
      if known >= upto { return }
      minutes = (try? RollUpStore.minutes(of: data, zstd)) ?? []
    }
    // Twice the same minute, where the clock was set back, or a program began again within it: both count.
    for new in added {
      let minute = UInt8(truncatingIfNeeded: new.minute - hour * 60)
      if let place = minutes.firstIndex(where: { $0.minute == minute }) {
        minutes[place].rollUps.merge(new.rollUps)
      } else {
        minutes.append((minute, new.rollUps))
      }
    }
    minutes.sort { $0.minute < $1.minute }
    var writer = ByteWriter()
    writer.count(minutes.count)
    var whole = RollUps()
    for minute in minutes {
      writer.byte(minute.minute)
      RollUpCode.write(minute.rollUps, to: &writer)
      whole.merge(minute.rollUps)
    }
    try database.statement("INSERT OR REPLACE INTO minute_blocks(id, upto, data) VALUES(?, ?, ?)")
      .run(.number(place), .number(upto), .blob(zstd.pack(writer.bytes)))
    var hourWriter = ByteWriter()
    RollUpCode.write(whole, to: &hourWriter)
    try database.statement("INSERT OR REPLACE INTO hours(id, data) VALUES(?, ?)")
      .run(.number(place), .blob(hourWriter.bytes))
  }

  /// What a block holds.
  static func minutes(
    of packed: [UInt8], _ zstd: Zstd
  ) throws(ChunkFault) -> [(minute: UInt8, rollUps: RollUps)] {
    var reader = ByteReader(try zstd.unpack(packed))
    var minutes: [(minute: UInt8, rollUps: RollUps)] = []
    for _ in 0..<(try reader.count("minutes")) {
      minutes.append((try reader.byte(), try RollUpCode.read(from: &reader)))
    }
    return minutes
  }
}
