/// Numbers whose first bytes stand together, then their second bytes, and so on: the low bits of large numbers
/// are chance, the high ones are not, and each kind is packed best among its own.
struct Planes {
  /// The numbers as they came, and room for more.
  private var bytes: [UInt8] = []
  private(set) var count = 0

  /// A number of 64 bits has ten bytes at most.
  private static let most = 10

  /// Takes in the next bytes of whole numbers, as `ByteWriter` writes them.
  @inline(__always)
  mutating func append(_ more: UnsafeRawBufferPointer) {
    makeRoom(more.count)
    bytes.withUnsafeMutableBytes {
      UnsafeMutableRawBufferPointer(rebasing: $0[count...]).copyMemory(from: more)
    }
    count += more.count
  }

  /// Takes in the next byte.
  mutating func append(_ byte: UInt8) {
    makeRoom(1)
    bytes[count] = byte
    count += 1
  }

  /// Takes in a number.
  mutating func append(number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  @inline(__always)
  private mutating func makeRoom(_ more: Int) {
    if bytes.count - count < more { bytes += [UInt8](repeating: 0, count: max(bytes.count, more, 64)) }
  }

  /// Begins anew, with the room that there is.
  mutating func clear() { count = 0 }

  /// How many planes, the size of each, and all of them.
  func write(to writer: inout ByteWriter) {
    bytes.withUnsafeBufferPointer { bytes in
      var sizes = InlineArray<10, Int>(repeating: 0)
      var place = 0
      for byte in bytes[..<count] {
        sizes[place] &+= 1
        place = Planes.place(after: byte, at: place)
      }
      var planes = 0
      while planes < Planes.most, sizes[planes] > 0 { planes += 1 }
      writer.count(planes)
      for plane in 0..<planes { writer.count(sizes[plane]) }
      // Where the next byte of each goes.
      var next = InlineArray<10, Int>(repeating: writer.bytes.count)
      for plane in 1..<Planes.most { next[plane] = next[plane - 1] + sizes[plane - 1] }
      writer.bytes += [UInt8](repeating: 0, count: count)
      writer.bytes.withUnsafeMutableBufferPointer { target in
        place = 0
        for byte in bytes[..<count] {
          target[next[place]] = byte
          next[place] &+= 1
          place = Planes.place(after: byte, at: place)
        }
      }
    }
  }

  /// Whether another byte of the same number follows is chance, for the processor too: so there is no branch.
  @inline(__always)
  private static func place(after byte: UInt8, at place: Int) -> Int {
    (place &+ 1) & (0 &- Int(byte >> 7))
  }
}

/// Reads the numbers again, in their order.
struct PlaneReader {
  private let bytes: [UInt8]
  private var next: [Int] = []
  private var ends: [Int] = []

  init(_ reader: inout ByteReader) throws(ChunkFault) {
    // A number of 64 bits has ten bytes at most.
    let count = try reader.index(below: 11, "planes")
    var lengths: [Int] = []
    for _ in 0..<count { lengths.append(try reader.count("plane")) }
    var at = reader.at
    for length in lengths {
      next.append(at)
      at += length
      ends.append(at)
    }
    bytes = reader.bytes
    try reader.skip(lengths.reduce(0, +))
  }

  @inline(__always)
  mutating func number() throws(ChunkFault) -> UInt64 {
    guard let first = next.first, first < ends[0] else { throw .truncated }
    next[0] = first &+ 1
    let byte = bytes[first]
    return byte < 0x80 ? UInt64(byte) : try longNumber(UInt64(byte & 0x7F))
  }

  private mutating func longNumber(_ start: UInt64) throws(ChunkFault) -> UInt64 {
    var value = start
    var shift: UInt64 = 7
    for plane in 1..<10 {
      guard plane < next.count, next[plane] < ends[plane] else { throw .truncated }
      let byte = bytes[next[plane]]
      next[plane] &+= 1
      guard shift < 63 || byte <= 1 else { throw .invalid("number") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    throw .invalid("number")
  }

  /// Nothing may be left.
  func finish() throws(ChunkFault) {
    guard next == ends else { throw .invalid("more than announced") }
  }
}
