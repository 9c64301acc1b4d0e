import Cluster

extension JSONValue {
  /// How deep arrays and objects may lie in one another, and how many values there may be in all.
  public static let depthLimit = 32
  public static let countLimit = 1_000_000

  /// Reads one JSON text, with nothing but blanks around it (RFC 8259).
  ///
  /// In one thing it takes more than the standard does: control characters may stand in strings as they are,
  /// because programs write their requests' addresses so.
  public init(parsing text: Span<UInt8>) throws(JSONFault) {
    var reader = JSONReader()
    self = try reader.value(text, depth: 0)
    reader.skipBlanks(text)
    if reader.place < text.count { throw .unexpected(at: reader.place) }
  }
}

/// The place in a text, and how much of it was read.
private struct JSONReader {
  var place = 0
  private var count = 0

  mutating func skipBlanks(_ text: Span<UInt8>) {
    while place < text.count {
      switch text[place] {
      case ASCII.space, ASCII.newline, ASCII.carriageReturn, UInt8(ascii: "\t"): place += 1
      default: return
      }
    }
  }

  mutating func value(_ text: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
    count += 1
    if count > JSONValue.countLimit { throw .tooMany(limit: JSONValue.countLimit) }
    switch try next(text) {
    case UInt8(ascii: "{"): return try object(text, depth: depth)
    case UInt8(ascii: "["): return try array(text, depth: depth)
    case ASCII.quote: return .string(try string(text))
    case UInt8(ascii: "t"): return try word(text, "true", .bool(true))
    case UInt8(ascii: "f"): return try word(text, "false", .bool(false))
    case UInt8(ascii: "n"): return try word(text, "null", .null)
    default: return try number(text)
    }
  }

  /// The next byte that is no blank; it is still to be taken.
  private mutating func next(_ text: Span<UInt8>) throws(JSONFault) -> UInt8 {
    skipBlanks(text)
    guard place < text.count else { throw .truncated }
    return text[place]
  }

  private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) throws(JSONFault) {
    guard try next(text) == byte else { throw .unexpected(at: place) }
    place += 1
  }

  private func check(_ depth: Int) throws(JSONFault) {
    if depth >= JSONValue.depthLimit { throw .tooDeep(limit: JSONValue.depthLimit) }
  }

  private mutating func object(_ text: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
    try check(depth)
    place += 1
    var members: [JSONValue.Member] = []
    if try next(text) == UInt8(ascii: "}") {
      place += 1
      return .object(members)
    }
    while true {
      guard try next(text) == ASCII.quote else { throw .unexpected(at: place) }
      let name = try string(text)
      try take(ASCII.colon, text)
      members.append(JSONValue.Member(name: name, value: try value(text, depth: depth + 1)))
      if try next(text) == ASCII.comma {
        place += 1
      } else {
        try take(UInt8(ascii: "}"), text)
        return .object(members)
      }
    }
  }

  private mutating func array(_ text: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
    try check(depth)
    place += 1
    var elements: [JSONValue] = []
    if try next(text) == UInt8(ascii: "]") {
      place += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(text, depth: depth + 1))
      if try next(text) == ASCII.comma {
        place += 1
      } else {
        try take(UInt8(ascii: "]"), text)
        return .array(elements)
      }
    }
  }

  private mutating func word(
    _ text: Span<UInt8>, _ word: StaticString, _ value: JSONValue
  ) throws(JSONFault) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard place < text.count else { throw .truncated }
      if text[place] != word.withUTF8Buffer({ $0[index] }) { throw .unexpected(at: place) }
      place += 1
    }
    return value
  }

  private mutating func number(_ text: Span<UInt8>) throws(JSONFault) -> JSONValue {
    let start = place
    var isWhole = true
    scan: while place < text.count {
      switch text[place] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), ASCII.minus: break
      case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
      default: break scan
      }
      place += 1
    }
    let digits = text.extracting(start..<place)
    if isWhole, let value = wholeNumber(digits) { return .integer(value) }
    // `+1` is what other formats take for a number.
    if !isWhole, digits[0] != UInt8(ascii: "+"), let value = decimalNumber(digits) { return .number(value) }
    // Where nothing comes after it, the rest of the number may be missing.
    if place == text.count, place > start { throw .truncated }
    throw .unexpected(at: start)
  }

  // MARK: Strings

  private mutating func string(_ text: Span<UInt8>) throws(JSONFault) -> String {
    place += 1
    let start = place
    while place < text.count, text[place] != ASCII.quote, text[place] != UInt8(ascii: "\\") { place += 1 }
    guard place < text.count else { throw .truncated }
    if text[place] == ASCII.quote {
      place += 1
      return printable(text.extracting(start..<(place - 1)))
    }
    var bytes: [UInt8] = []
    for index in start..<place { bytes.append(text[index]) }
    while place < text.count {
      let byte = text[place]
      place += 1
      switch byte {
      case ASCII.quote: return printable(bytes.span)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: try escape(text))
      default: bytes.append(byte)
      }
    }
    throw .truncated
  }

  /// What stands behind a backslash.
  private mutating func escape(_ text: Span<UInt8>) throws(JSONFault) -> [UInt8] {
    guard place < text.count else { throw .truncated }
    let byte = text[place]
    place += 1
    switch byte {
    case ASCII.quote, UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [ASCII.newline]
    case UInt8(ascii: "r"): return [ASCII.carriageReturn]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try scalar(text)).utf8)
    default: throw .unexpected(at: place - 1)
    }
  }

  /// `0041`, or both halves of a character beyond 16 bits; half a character is no character.
  private mutating func scalar(_ text: Span<UInt8>) throws(JSONFault) -> Unicode.Scalar {
    let high = try hexadecimal(text)
    if let scalar = Unicode.Scalar(high) { return scalar }
    let behind = place
    let isPair =
      (0xD800..<0xDC00).contains(high) && place + 1 < text.count && text[place] == UInt8(ascii: "\\")
      && text[place + 1] == UInt8(ascii: "u")
    guard isPair else { return "\u{FFFD}" }
    place += 2
    let low = try hexadecimal(text)
    guard (0xDC00..<0xE000).contains(low) else {
      // It is a character of its own.
      place = behind
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal(_ text: Span<UInt8>) throws(JSONFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard place < text.count else { throw .truncated }
      guard let digit = Character(Unicode.Scalar(text[place])).hexDigitValue else {
        throw .unexpected(at: place)
      }
      value = value << 4 | UInt32(digit)
      place += 1
    }
    return value
  }
}
