/// Writes JSON (RFC 8259) straight into bytes: UTF-8, no blanks, members in the order they are written.
///
/// Strings keep their text; quotes, backslashes, control characters, and U+2028 and U+2029 (which end a line
/// in JavaScript) are escaped. A number that is not finite is null.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// Whether a value stands before this place, so that the next one needs a comma.
  private var needsComma = false

  public init() {}

  /// An object; `members` writes its members.
  public mutating func object(_ members: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    members(&self)
    close(UInt8(ascii: "}"))
  }

  /// An array; `elements` writes its values.
  public mutating func array(_ elements: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "["))
    elements(&self)
    close(UInt8(ascii: "]"))
  }

  /// The name of the member whose value is written next.
  public mutating func key(_ name: String) {
    separate()
    append(quoted: name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func value(_ text: String?) {
    separate()
    if let text { append(quoted: text) } else { append("null") }
    needsComma = true
  }

  public mutating func value(_ number: Int64?) {
    separate()
    if let number { append(number) } else { append("null") }
    needsComma = true
  }

  /// The shortest digits that read back as the same number; null where it is not finite.
  public mutating func value(_ number: Double?) {
    separate()
    if let number, number.isFinite {
      bytes.append(contentsOf: number.description.utf8)
    } else {
      append("null")
    }
    needsComma = true
  }

  public mutating func value(_ truth: Bool?) {
    separate()
    append(truth.map { $0 ? "true" : "false" } ?? "null")
    needsComma = true
  }

  public mutating func null() {
    separate()
    append("null")
    needsComma = true
  }

  // MARK: Members: a name and what it is

  public mutating func member(_ name: String, _ text: String?) {
    key(name)
    value(text)
  }

  public mutating func member(_ name: String, _ number: Int64?) {
    key(name)
    value(number)
  }

  public mutating func member(_ name: String, _ number: Double?) {
    key(name)
    value(number)
  }

  public mutating func member(_ name: String, _ truth: Bool?) {
    key(name)
    value(truth)
  }

  public mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    key(name)
    object(members)
  }

  public mutating func array(_ name: String, _ elements: (inout JSONWriter) -> Void) {
    key(name)
    array(elements)
  }

  public mutating func null(_ name: String) {
    key(name)
    null()
  }

  // MARK: Lines

  /// Ends a document within a stream of documents, one a line.
  public mutating func endLine() {
    bytes.append(ASCII.newline)
    needsComma = false
  }
}

extension JSONWriter {
  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(ASCII.comma) }
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func append(_ number: Int64) {
    if number < 0 { bytes.append(ASCII.minus) }
    let first = bytes.count
    var rest = number.magnitude
    repeat {
      bytes.append(ASCII.zero + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }

  private mutating func append(quoted text: String) {
    bytes.append(ASCII.quote)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C:
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x00...0x1F, 0x7F, 0x2028, 0x2029: append(escaped: scalar.value)
      case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    bytes.append(ASCII.quote)
  }

  private mutating func append(escaped unit: UInt32) {
    append("\\u")
    for shift in [12, 8, 4, 0] as [UInt32] {
      let digit = UInt8((unit >> shift) & 0xF)
      bytes.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
