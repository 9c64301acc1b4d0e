import Cluster

/// Reads what `ByteWriter` wrote, from bytes that may be anything.
struct ByteReader {
  let bytes: [UInt8]
  /// Texts that come from elsewhere pass the sanitiser before anybody sees them.
  private let origin: Origin
  private(set) var at: Int
  private let end: Int

  /// - Parameter end: how many of them there are to be read; nil for all.
  init(_ bytes: [UInt8], upTo end: Int? = nil, from origin: Origin = .own) {
    self.bytes = bytes
    self.origin = origin
    at = 0
    self.end = end ?? bytes.count
  }

  var left: Int { end - at }

  @inline(__always)
  mutating func byte() throws(ChunkFault) -> UInt8 {
    guard at < end else { throw .truncated }
    defer { at &+= 1 }
    return bytes[at]
  }

  @inline(__always)
  mutating func number() throws(ChunkFault) -> UInt64 {
    guard at < end else { throw .truncated }
    let first = bytes[at]
    at &+= 1
    if first < 0x80 { return UInt64(first) }
    return try longNumber(UInt64(first & 0x7F))
  }

  private mutating func longNumber(_ start: UInt64) throws(ChunkFault) -> UInt64 {
    var value = start
    var shift: UInt64 = 7
    while true {
      guard at < end else { throw .truncated }
      let byte = bytes[at]
      at &+= 1
      // The tenth byte holds the last bit of 64.
      guard shift < 63 || shift == 63 && byte <= 1 else { throw .invalid("number") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
  }

  @inline(__always)
  mutating func signed() throws(ChunkFault) -> Int64 { unzigzag(try number()) }

  @inline(__always)
  mutating func figure() throws(ChunkFault) -> Int64 {
    let value = try number()
    return value == 0 ? .min : unzigzag(value &- 1)
  }

  /// How many of something follow; each takes a byte at least, so that no announced number fills the memory.
  mutating func count(_ what: StaticString) throws(ChunkFault) -> Int {
    let value = try number()
    guard value <= UInt64(left) else { throw .tooLarge("\(what)") }
    return Int(value)
  }

  /// A number that has to be below a limit.
  mutating func index(below limit: Int, _ what: StaticString) throws(ChunkFault) -> Int {
    let value = try number()
    guard value < UInt64(limit) else { throw .tooLarge("\(what)") }
    return Int(value)
  }

  mutating func text() throws(ChunkFault) -> String {
    let text = try rawText(atMost: .max)
    return origin == .own ? text : printable(text)
  }

  /// As it is, wherever it comes from.
  mutating func rawText(atMost limit: Int) throws(ChunkFault) -> String {
    let count = try count("text")
    guard count <= limit else { throw .tooLarge("text") }
    guard let text = String(validating: bytes[at..<at + count], as: UTF8.self) else { throw .invalid("text") }
    at += count
    return text
  }

  mutating func blob() throws(ChunkFault) -> [UInt8] {
    let count = try count("blob")
    defer { at += count }
    return Array(bytes[at..<at + count])
  }

  mutating func skip(_ count: Int) throws(ChunkFault) {
    guard count <= left else { throw .truncated }
    at += count
  }

  /// What is left has to be nothing.
  func finish() throws(ChunkFault) {
    guard at == end else { throw .invalid("more than announced") }
  }
}
