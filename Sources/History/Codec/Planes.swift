/// Numbers whose first bytes stand together, then their second bytes, and so on: the low bits of large numbers
/// are chance, the high ones are not, and each kind is packed best among its own.
struct Planes {
  private var planes: [[UInt8]] = []
  /// How many of them are in use.
  private var count = 0
  /// Where the next byte goes.
  private var place = 0

  /// Takes in the next byte of whole numbers, as `ByteWriter` writes them.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if place == count {
      if count == planes.count { planes.append([]) }
      count &+= 1
    }
    planes[place].append(byte)
    place = byte < 0x80 ? 0 : place &+ 1
  }

  /// Begins anew, with the room that there is.
  mutating func clear() {
    for plane in planes.indices { planes[plane].removeAll(keepingCapacity: true) }
    (count, place) = (0, 0)
  }

  func write(to writer: inout ByteWriter) {
    writer.count(count)
    for plane in planes[..<count] { writer.count(plane.count) }
    for plane in planes[..<count] { writer.bytes += plane }
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
