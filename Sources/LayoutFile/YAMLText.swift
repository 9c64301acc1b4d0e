/// Text as a YAML scalar that every YAML program reads as this text.
func yamlScalar(_ text: String) -> String {
  isPlain(text) ? text : doubleQuoted(text)
}

private func isPlain(_ text: String) -> Bool {
  guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/") else { return false }
  let isSafe = text.utf8.allSatisfy { byte in
    isLetter(byte) || (0x30...0x39).contains(byte) || "._-/".utf8.contains(byte)
  }
  // The words to which YAML 1.1 gives a meaning.
  return isSafe && !["null", "yes", "no", "on", "off", "true", "false", "y", "n"].contains(text.lowercased())
}

private func isLetter(_ byte: UInt8) -> Bool {
  byte >= 0x41 && (0x61...0x7A).contains(byte | 0x20)
}

private func doubleQuoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\u{20}"..."\u{7E}": result.unicodeScalars.append(scalar)
    default:
      // What can be shown stays as it is; the rest would be lost on a line, or hidden.
      if scalar.properties.isAlphabetic {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
  }
  return result + "\""
}
