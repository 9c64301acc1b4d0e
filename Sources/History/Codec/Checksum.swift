/// FNV-1a over 32 bits: every change of one byte changes it. It tells of a disk's mistakes, not of a person's.
func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
  var sum: UInt32 = 0x811C_9DC5
  for byte in bytes { sum = (sum ^ UInt32(byte)) &* 0x0100_0193 }
  return sum
}

/// The same over 64 bits, by which equal contents are found again.
func digest(of bytes: [UInt8]) -> Int64 {
  var sum: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  return Int64(bitPattern: sum)
}

extension ByteWriter {
  /// Four bytes, the lowest first, over everything before them.
  mutating func seal() {
    let sum = checksum(of: bytes)
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: sum >> shift))
    }
  }
}

/// How many bytes come before the four of the checksum, where it is right.
func countUnsealed(_ bytes: [UInt8]) throws(ChunkFault) -> Int {
  guard bytes.count >= 4 else { throw .truncated }
  var sum: UInt32 = 0
  for (place, byte) in bytes.suffix(4).enumerated() { sum |= UInt32(byte) << UInt32(place * 8) }
  guard sum == checksum(of: bytes.dropLast(4)) else { throw .checksum }
  return bytes.count - 4
}

/// The bytes before the four of the checksum, where it is right.
func unsealed(_ bytes: [UInt8]) throws(ChunkFault) -> [UInt8] { Array(bytes[..<(try countUnsealed(bytes))]) }
