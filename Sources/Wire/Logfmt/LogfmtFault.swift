/// Why bytes are no line of logfmt as it is written here. Offsets are in bytes from the line's start.
public enum LogfmtFault: Error, Hashable, Sendable {
  /// Longer than a line may be, in bytes.
  case tooLong(limit: Int)
  case tooManyFields(limit: Int)
  case notUTF8
  /// A line end or another control character.
  case control(at: Int)
  /// A key was expected: its bytes, and `=` after it.
  case key(at: Int)
  case duplicateKey(String, at: Int)
  /// A value was expected: bare bytes, or a quote.
  case value(at: Int)
  /// No `\u` and four digits, and none of the other escapes; or half of a surrogate pair.
  case escape(at: Int)
  /// The line ended before the quote that began here did.
  case unclosed(at: Int)
  /// Something else than one blank and another field.
  case separator(at: Int)
}
