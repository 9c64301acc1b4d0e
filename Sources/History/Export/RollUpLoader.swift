import Cluster

/// Puts the minutes of a file into blocks of an hour, and sums the hours up from them: an hour of which the file
/// has a part is what the part was like.
struct RollUpLoader {
  private var numbers: [Series: Int64] = [:]
  private var states: [Int64: (worst: Int64, flags: Int64, ticks: Int64)] = [:]

  private static let mostSeries = 65_536

  mutating func take(
    _ rows: inout ByteReader, _ tally: inout ExportTally, _ database: Database, _ zstd: Zstd
  ) throws {
    let (kind, name) = (try rows.signed(), try rows.text(atMost: ExportFormat.mostText))
    let series: Series =
      switch kind {
      case 0: .cluster
      case 1: .tier(TierName(name))
      case 2: .node(NodeName(name))
      default: throw ChunkFault.invalid("series")
      }
    let number = try self.number(of: series, database)
    let count = try rows.count("minutes")
    try tally.add(count, of: .rollUps)
    // By their place in the table: series and hour.
    var hours: [Int64: [(minute: UInt8, rollUps: RollUps)]] = [:]
    for _ in 0..<count {
      let minute = try rows.signed()
      // Until 2116, as all times.
      guard 0...76_900_000 ~= minute else { throw ChunkFault.invalid("minute") }
      let rollUps = try RollUpCode.read(from: &rows)
      // One that no graph can show is left out, as one that cannot be read.
      guard rollUps.isSound else { continue }
      hours[RollUpStore.place(number, hour: minute / 60), default: []].append((UInt8(minute % 60), rollUps))
    }
    for (place, minutes) in hours { try write(minutes, at: place, database, zstd) }
  }

  /// Writes the minutes of an hour. An hour is never in two blocks of a file that was written as it should be.
  private func write(
    _ minutes: [(minute: UInt8, rollUps: RollUps)], at place: Int64, _ database: Database, _ zstd: Zstd
  ) throws(StoreFailure) {
    var writer = ByteWriter()
    writer.count(minutes.count)
    var whole = RollUps()
    for minute in minutes {
      writer.byte(minute.minute)
      RollUpCode.write(minute.rollUps, to: &writer)
      whole.merge(minute.rollUps)
    }
    try database.statement("INSERT INTO minute_blocks(id, upto, data) VALUES(?, ?, ?)")
      .run(.number(place), .number(.max), .blob(zstd.pack(writer.bytes, level: 1)))
    var hour = ByteWriter()
    RollUpCode.write(whole, to: &hour)
    try database.statement("INSERT INTO hours(id, data) VALUES(?, ?)").run(.number(place), .blob(hour.bytes))
  }

  mutating func takeStates(_ rows: inout ByteReader, _ database: Database) throws {
    for _ in 0..<(try rows.count("states")) {
      let minute = try rows.signed()
      let (worst, flags, ticks) = (try rows.signed(), try rows.signed(), try rows.signed())
      guard 0...76_900_000 ~= minute else { throw ChunkFault.invalid("minute") }
      let state = (worst: max(-1, min(worst, 6)), flags: flags & 1, ticks: max(0, min(ticks, 1_000_000)))
      try write(.minute, minute, state, database)
      let known = states[minute / 60] ?? (-1, 0, 0)
      states[minute / 60] = (
        max(known.worst, state.worst), known.flags | state.flags, known.ticks + state.ticks
      )
    }
  }

  func finish(_ database: Database) throws(StoreFailure) {
    for (hour, state) in states { try write(.hour, hour, state, database) }
  }

  private func write(
    _ resolution: Resolution, _ index: Int64, _ state: (worst: Int64, flags: Int64, ticks: Int64),
    _ database: Database
  ) throws(StoreFailure) {
    try database.statement(
      "INSERT OR REPLACE INTO states(resolution, start, worst, flags, ticks) VALUES(?, ?, ?, ?, ?)"
    ).run(
      .number(resolution.rawValue), .number(index), .number(state.worst), .number(state.flags),
      .number(state.ticks))
  }

  private mutating func number(of series: Series, _ database: Database) throws -> Int64 {
    if let known = numbers[series] { return known }
    guard numbers.count < RollUpLoader.mostSeries else { throw ChunkFault.tooLarge("series") }
    try database.statement("INSERT INTO series(kind, name) VALUES(?, ?)")
      .run(.number(series.kind), .text(series.name))
    numbers[series] = database.lastNumber
    return database.lastNumber
  }
}

extension RollUps {
  /// Whether every figure is one.
  fileprivate var isSound: Bool {
    Metric.allCases.allSatisfy { metric in
      guard let rollUp = self[metric] else { return true }
      return rollUp.minimum.isFinite && rollUp.mean.isFinite && rollUp.maximum.isFinite
        && rollUp.minimum <= rollUp.maximum
    }
  }
}
