import Cluster

/// Roll-ups as bytes: which metrics there are, then for each three figures of 32 bits, the count, and the
/// weight where it is another. Rounding keeps order, so a minimum never passes its mean.
enum RollUpCode {
  static func write(_ rollUps: RollUps, to writer: inout ByteWriter) {
    var mask: UInt8 = 0
    for metric in Metric.allCases {
      guard let rollUp = rollUps[metric] else { continue }
      mask |= 1 << UInt8(metric.rawValue)
      if rollUp.weight != rollUp.count { mask |= 0x10 << UInt8(metric.rawValue) }
    }
    writer.byte(mask)
    for metric in Metric.allCases {
      guard let rollUp = rollUps[metric] else { continue }
      writer.float(rollUp.minimum)
      writer.float(rollUp.mean)
      writer.float(rollUp.maximum)
      writer.number(UInt64(max(0, rollUp.count)))
      if rollUp.weight != rollUp.count { writer.number(UInt64(max(0, rollUp.weight))) }
    }
  }

  static func read(from reader: inout ByteReader) throws(ChunkFault) -> RollUps {
    let mask = try reader.byte()
    var rollUps = RollUps()
    for metric in Metric.allCases where mask & 1 << UInt8(metric.rawValue) != 0 {
      var rollUp = RollUp(
        minimum: try reader.float(), mean: try reader.float(), maximum: try reader.float(),
        count: Int64(truncatingIfNeeded: try reader.number() & 0xFFFF_FFFF_FFFF), weight: 0)
      rollUp.weight = rollUp.count
      if mask & 0x10 << UInt8(metric.rawValue) != 0 {
        rollUp.weight = Int64(truncatingIfNeeded: try reader.number() & 0xFFFF_FFFF_FFFF)
      }
      rollUps[metric] = rollUp
    }
    return rollUps
  }

  /// Passes over what `read` would read.
  static func pass(_ reader: inout ByteReader) throws(ChunkFault) {
    let mask = try reader.byte()
    for metric in Metric.allCases where mask & 1 << UInt8(metric.rawValue) != 0 {
      try reader.skip(12)
      _ = try reader.number()
      if mask & 0x10 << UInt8(metric.rawValue) != 0 { _ = try reader.number() }
    }
  }
}

extension ByteWriter {
  /// IEEE 754, 32 bits, the lowest byte first.
  fileprivate mutating func float(_ value: Double) {
    let bits = Float(value).bitPattern
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }
}

extension ByteReader {
  fileprivate mutating func float() throws(ChunkFault) -> Double {
    var bits: UInt32 = 0
    for shift in stride(from: UInt32(0), to: 32, by: 8) { bits |= UInt32(try byte()) << shift }
    return Double(Float(bitPattern: bits))
  }
}
