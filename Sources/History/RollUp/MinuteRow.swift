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
