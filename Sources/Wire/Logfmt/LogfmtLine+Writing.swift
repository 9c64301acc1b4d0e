import Cluster

extension LogfmtLine {
  /// The line without an end. Reading it gives an equal line, of the same bytes in every value.
  public var text: String {
    var text = ""
    for field in fields {
      if !text.isEmpty { text += " " }
      text += field.key
      text += "="
      if !field.value.isEmpty, field.value.utf8.allSatisfy(LogfmtLine.isBareByte) {
        text += field.value
      } else {
        LogfmtLine.append(quoted: field.value, to: &text)
      }
    }
    return text
  }

  private static func append(quoted value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where isShown(scalar): text.unicodeScalars.append(scalar)
      default: for unit in UTF16.encode(scalar) ?? .init() { text += "\\u" + hexadecimal(unit) }
      }
    }
    text += "\""
  }

  /// Whether a scalar may stand as it is: not where the sanitiser would put another in its place.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
    return printable(String(scalar)).unicodeScalars.first == scalar
  }

  private static func hexadecimal(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
