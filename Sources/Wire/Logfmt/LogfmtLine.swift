/// One line of logfmt: `time=… user=anna note="kernel update"`, keys and values in the order they were set.
///
/// - A key is of `a–z`, `0–9`, `_`, `-` and `.`, at most 64 bytes, and stands once.
/// - A value is a text. It stands bare where it is of visible ASCII without `"`, `=` and `\`, else between
///   quotes, the empty one too.
/// - Between quotes a value is a JSON string (RFC 8259), which is what other readers of logfmt take:
///   `\"`, `\\`, `\n`, `\r`, `\t`, and `\uXXXX` for everything that moves a cursor or hides (two of them
///   beyond U+FFFF). So a line never holds a line end or a control character, whatever a value holds.
/// - One blank between two fields; none before the first or after the last.
///
/// Bytes that are no UTF-8 have no place in it: what came from outside passes `printable` first.
public struct LogfmtLine: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  public struct Field: Hashable, Sendable {
    public let key: String
    public let value: String
  }

  public private(set) var fields: [Field] = []

  public init() {}

  public init(dictionaryLiteral fields: (String, String)...) {
    for (key, value) in fields { self[key] = value }
  }

  /// The value of a key; nil where it is not there. Setting it keeps the place that it had. O(fields).
  ///
  /// A key is the program's own word: bytes that none has become `_`, and what is too long is cut.
  public subscript(key: String) -> String? {
    get { fields.first { $0.key == key }?.value }
    set {
      let key = LogfmtLine.key(key)
      let place = fields.firstIndex { $0.key == key }
      switch (newValue, place) {
      case (let value?, let place?): fields[place] = Field(key: key, value: value)
      case (let value?, nil): fields.append(Field(key: key, value: value))
      case (nil, let place?): fields.remove(at: place)
      case (nil, nil): break
      }
    }
  }

  static let longestKey = 64

  static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Whether a value may hold the byte without quotes.
  static func isBareByte(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && byte != ASCII.quote && byte != UInt8(ascii: "=")
      && byte != UInt8(ascii: "\\")
  }

  private static func key(_ text: String) -> String {
    let bytes = text.utf8.prefix(longestKey).map { isKeyByte($0) ? $0 : UInt8(ascii: "_") }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }
}
