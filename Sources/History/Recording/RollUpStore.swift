import Cluster

/// Writes the minutes as they end, and when an hour is over turns its minutes into a block for each series and
/// an hour of each, a few series each tick.
struct RollUpStore {
  private var numbers: [Series: Int64] = [:]
  private var hour: PendingHour?

  private struct PendingHour {
    var hour: Int64
    var upto: Int64
    var left: [(series: Int64, minutes: [(minute: UInt8, rollUps: RollUps)])]
  }

  /// Series a step.
  private static let seriesEachStep = 8

  /// Where the hours of a series stand among those of all: by series, then by hour.
  static func place(_ series: Int64, hour: Int64) -> Int64 { series << 24 | (hour + 1 << 23) & 0xFF_FFFF }
  static func hour(of place: Int64) -> Int64 { place & 0xFF_FFFF - 1 << 23 }

  /// The minute that has ended, up to the frame at `sequence`.
  mutating func write(
    minute: Int64, _ values: [(series: Series, rollUps: RollUps)], _ state: StateSum, sequence: FrameNumber,
    _ database: Database
  ) throws(StoreFailure) {
    var writer = ByteWriter()
    writer.count(values.count)
    for value in values {
      writer.signed(try number(of: value.series, database))
      RollUpCode.write(value.rollUps, to: &writer)
    }
    try database.statement("INSERT INTO minutes(start, sequence, data) VALUES(?, ?, ?)")
      .run(.number(minute), .number(sequence), .blob(writer.bytes))
    let start = Resolution.minute.start(of: minute)
    try add(state, .minute, minute, database)
    try add(state, .hour, Resolution.hour.index(of: start), database)
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

  private mutating func number(of series: Series, _ database: Database) throws(StoreFailure) -> Int64 {
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
    for _ in 0..<RollUpStore.seriesEachStep {
      guard let next = pending.left.popLast() else { break }
      try write(next.series, pending.hour, next.minutes, upto: pending.upto, database, zstd)
    }
    hour = pending
    if pending.left.isEmpty {
      let first = pending.hour * 60
      try database.statement("DELETE FROM minutes WHERE id<=? AND start>=? AND start<?")
        .run(.number(pending.upto), .number(first), .number(first + 60))
      hour = nil
    }
    return true
  }

  /// The oldest hour that is over and still in minutes.
  private func nextHour(now: WallTime, _ database: Database) throws(StoreFailure) -> PendingHour? {
    let oldest = try database.statement("SELECT start FROM minutes ORDER BY id LIMIT 1")
    guard try oldest.step() else { return nil }
    let hour = Resolution.hour.index(of: Resolution.minute.start(of: oldest.number(0)))
    oldest.reset()
    if hour == Resolution.hour.index(of: now) { return nil }
    let rows = try database.statement("SELECT id, start, data FROM minutes WHERE start>=? AND start<?")
      .with(.number(hour * 60), .number(hour * 60 + 60))
    var upto: Int64 = 0
    var bySeries: [Int64: [(minute: UInt8, rollUps: RollUps)]] = [:]
    while try rows.step() {
      upto = max(upto, rows.number(0))
      let minute = UInt8(truncatingIfNeeded: rows.number(1) - hour * 60)
      // A minute that cannot be read is left out: the frames have it still.
      guard let values = try? RollUpStore.values(of: rows.blob(2)) else { continue }
      for value in values { bySeries[value.series, default: []].append((minute, value.rollUps)) }
    }
    return PendingHour(
      hour: hour, upto: upto,
      left: bySeries.map { ($0.key, $0.value.sorted { $0.minute < $1.minute }) }.sorted { $0.0 > $1.0 })
  }

  private func write(
    _ series: Int64, _ hour: Int64, _ added: [(minute: UInt8, rollUps: RollUps)], upto: Int64,
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
      if let place = minutes.firstIndex(where: { $0.minute == new.minute }) {
        minutes[place].rollUps.merge(new.rollUps)
      } else {
        minutes.append(new)
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

  /// What a row of `minutes` holds.
  static func values(of bytes: [UInt8]) throws(ChunkFault) -> [(series: Int64, rollUps: RollUps)] {
    var reader = ByteReader(bytes)
    var values: [(series: Int64, rollUps: RollUps)] = []
    for _ in 0..<(try reader.count("series")) {
      values.append((try reader.signed(), try RollUpCode.read(from: &reader)))
    }
    return values
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
