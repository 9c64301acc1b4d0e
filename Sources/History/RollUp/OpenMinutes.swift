import Cluster

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
