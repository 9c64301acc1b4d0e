import Cluster

/// A row of `minutes`: the roll-ups of all series that had any in one minute.
enum MinuteRow {
  /// Where the roll-ups of a series are.
  struct Entry {
    var series: Int64
    var bytes: Range<Int>
  }

  /// All of them, found but not read. A row that cannot be right has none.
  static func entries(of row: [UInt8]) throws(ChunkFault) -> [Entry] {
    var reader = ByteReader(row)
    let count = try reader.count("series")
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let series = try reader.signed()
      let start = reader.at
      try RollUpCode.pass(&reader)
      entries.append(Entry(series: series, bytes: start..<reader.at))
    }
    return entries
  }

  /// Those of one series, of which a row may have several; all others are passed over.
  static func rollUps(of series: Int64, in row: [UInt8]) throws(ChunkFault) -> [RollUps] {
    var reader = ByteReader(row)
    var found: [RollUps] = []
    for _ in 0..<(try reader.count("series")) {
      if try reader.signed() == series {
        found.append(try RollUpCode.read(from: &reader))
      } else {
        try RollUpCode.pass(&reader)
      }
    }
    return found
  }
}

/// A minute of one series that stands in a row of `minutes`.
struct OpenMinute {
  /// The number of the row.
  var row: Int64
  /// Counted from 1970.
  var minute: Int64
  var rollUps: RollUps
}

/// Minutes of all series, turned round: they come minute by minute, and are wanted series by series. They stay bytes
/// meanwhile, since an hour of ten thousand series is half a million roll-ups.
struct OpenMinutes {
  /// By series: of each minute the number of its row, the minute, and the roll-ups.
  private var bySeries: [Int64: ByteWriter] = [:]

  /// Those that there is anything of.
  var series: some Collection<Int64> { bySeries.keys }

  /// Takes in a row. One that cannot be read is left out: the frames have it still.
  mutating func add(_ row: [UInt8], number: Int64, minute: Int64) {
    for entry in (try? MinuteRow.entries(of: row)) ?? [] {
      bySeries[entry.series, default: ByteWriter()].signed(number)
      bySeries[entry.series, default: ByteWriter()].signed(minute)
      bySeries[entry.series, default: ByteWriter()].bytes += row[entry.bytes]
    }
  }

  /// Takes out those of one series, in the order in which they came.
  mutating func take(_ series: Int64) -> [OpenMinute] {
    var reader = ByteReader(bySeries.removeValue(forKey: series)?.bytes ?? [])
    var minutes: [OpenMinute] = []
    while reader.left > 0,
      let row = try? reader.signed(), let minute = try? reader.signed(),
      let rollUps = try? RollUpCode.read(from: &reader)
    {
      minutes.append(OpenMinute(row: row, minute: minute, rollUps: rollUps))
    }
    return minutes
  }
}
