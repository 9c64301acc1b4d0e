extension LogfmtLine {
  /// A line may be this long, in bytes.
  public static let longestLine = 65_536
  /// A line may have this many fields.
  public static let mostFields = 64

  /// Reads one line without its end; an empty one has no fields. O(bytes).
  ///
  /// Strict: what `text` could not have written is refused, except that a value may be quoted or escaped
  /// where it need not be.
  public init(parsing bytes: Span<UInt8>) throws(LogfmtFault) {
    guard bytes.count <= LogfmtLine.longestLine else { throw .tooLong(limit: LogfmtLine.longestLine) }
    for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F {
      throw .control(at: index)
    }
    var at = 0
    while at < bytes.count {
      guard fields.count < LogfmtLine.mostFields else { throw .tooManyFields(limit: LogfmtLine.mostFields) }
      if at > 0 {
        guard bytes[at] == ASCII.space else { throw .separator(at: at) }
        at += 1
      }
      let start = at
      let key = try LogfmtLine.key(bytes, &at)
      guard self[key] == nil else { throw .duplicateKey(key, at: start) }
      self[key] = try LogfmtLine.value(bytes, &at)
    }
  }

  /// The same for text.
  public init(parsing text: String) throws(LogfmtFault) {
    let bytes = Array(text.utf8)
    try self.init(parsing: bytes.span)
  }

  private static func key(_ bytes: Span<UInt8>, _ at: inout Int) throws(LogfmtFault) -> String {
    let start = at
    var key: [UInt8] = []
    while at < bytes.count, isKeyByte(bytes[at]) {
      key.append(bytes[at])
      at += 1
    }
    guard (1...longestKey).contains(key.count), at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
      throw .key(at: start)
    }
    at += 1
    return String(decoding: key, as: UTF8.self)
  }

  private static func value(_ bytes: Span<UInt8>, _ at: inout Int) throws(LogfmtFault) -> String {
    if at < bytes.count, bytes[at] == ASCII.quote { return try quoted(bytes, &at) }
    let start = at
    var value: [UInt8] = []
    while at < bytes.count, isBareByte(bytes[at]) {
      value.append(bytes[at])
      at += 1
    }
    guard !value.isEmpty else { throw .value(at: start) }
    return String(decoding: value, as: UTF8.self)
  }

  private static func quoted(_ bytes: Span<UInt8>, _ at: inout Int) throws(LogfmtFault) -> String {
    let start = at
    at += 1
    var value: [UInt8] = []
    while at < bytes.count {
      switch bytes[at] {
      case ASCII.quote:
        at += 1
        guard let text = String(validating: value, as: UTF8.self) else { throw .notUTF8 }
        return text
      case UInt8(ascii: "\\"):
        value.append(contentsOf: String(try escaped(bytes, &at)).utf8)
      default:
        value.append(bytes[at])
        at += 1
      }
    }
    throw .unclosed(at: start)
  }

  /// The scalar of the escape that begins here.
  private static func escaped(_ bytes: Span<UInt8>, _ at: inout Int) throws(LogfmtFault) -> Unicode.Scalar {
    let start = at
    guard at + 1 < bytes.count else { throw .escape(at: start) }
    at += 2
    switch bytes[at - 1] {
    case ASCII.quote: return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw .escape(at: start)
    }
    guard let first = unit(bytes, &at) else { throw .escape(at: start) }
    if let scalar = Unicode.Scalar(first) { return scalar }
    // The first half of a pair; the second is another escape.
    guard UTF16.isLeadSurrogate(first), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    else { throw .escape(at: start) }
    at += 2
    guard let second = unit(bytes, &at), UTF16.isTrailSurrogate(second),
      let scalar = Unicode.Scalar(
        0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF)))
    else { throw .escape(at: start) }
    return scalar
  }

  /// Four hexadecimal digits.
  private static func unit(_ bytes: Span<UInt8>, _ at: inout Int) -> UInt16? {
    guard at + 4 <= bytes.count else { return nil }
    var unit: UInt16 = 0
    for index in at..<at + 4 {
      let digit: UInt8
      switch bytes[index] {
      case let byte where (0x30...0x39).contains(byte): digit = byte - 0x30
      case let byte where (0x61...0x66).contains(byte | 0x20): digit = (byte | 0x20) - 0x61 + 10
      default: return nil
      }
      unit = unit << 4 | UInt16(digit)
    }
    at += 4
    return unit
  }
}
