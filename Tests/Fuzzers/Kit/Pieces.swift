/// Several pieces in one input: each behind two bytes that say its length, the lower one first.
package enum Pieces {
  package static func joined(_ pieces: [[UInt8]]) -> [UInt8] {
    pieces.flatMap { [UInt8($0.count & 0xFF), UInt8($0.count >> 8)] + $0 }
  }

  /// The last one may be shorter than it says.
  package static func of(_ bytes: Span<UInt8>) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var at = 0
    while at + 2 <= bytes.count {
      let length = Int(bytes[at]) | Int(bytes[at + 1]) << 8
      at += 2
      let end = min(bytes.count, at + length)
      pieces.append(bytes.extracting(at..<end).withUnsafeBufferPointer { Array($0) })
      at = end
    }
    return pieces
  }
}
