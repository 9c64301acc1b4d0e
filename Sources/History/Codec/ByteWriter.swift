/// Appends numbers and texts to bytes, in the forms of docs/history-format.md.
struct ByteWriter {
  var bytes: [UInt8] = []

  /// Seven bits a byte, the lowest first; the highest bit says that there is another.
  @inline(__always)
  mutating func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func count(_ value: Int) { number(UInt64(value)) }

  /// Small ones of either sign become small ones without: 0, −1, 1, −2 … are 0, 1, 2, 3 …
  @inline(__always)
  mutating func signed(_ value: Int64) { number(zigzag(value)) }

  /// A figure that may be absent, which is then one byte, and no figure is that byte.
  @inline(__always)
  mutating func figure(_ value: Int64) { number(value == .min ? 0 : zigzag(value) &+ 1) }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func text(_ value: String) {
    count(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  /// Bytes behind their number.
  mutating func blob(_ value: [UInt8]) {
    count(value.count)
    bytes.append(contentsOf: value)
  }
}

@inline(__always)
func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

@inline(__always)
func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }

/// Two texts may be equal and not of the same bytes (é, and e with an accent); what is kept are the bytes.
@inline(__always)
func areSameBytes(_ a: String, _ b: String) -> Bool {
  guard a.utf8.count == b.utf8.count else { return false }
  return a.utf8.elementsEqual(b.utf8)
}
