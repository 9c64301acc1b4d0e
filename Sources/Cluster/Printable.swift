/// The sanitiser: everything that came from outside passes it before it can reach a terminal, a file
/// or a command.
///
/// - Control characters (C0, DEL) become their visible pictures: `␀` … `␟`, `␡`.
/// - C1 controls, invalid UTF-8, private-use and unassigned-for-text scalars become `�`.
/// - Bidirectional controls, and the zero-width and tag characters that can hide text, become `◊`.
///
/// The result holds nothing that moves a cursor, changes a colour or reorders what is read, and
/// running it through again changes nothing.
public func printable(_ bytes: Span<UInt8>) -> String {
  var isPlain = true
  for index in bytes.indices where bytes[index] < 0x20 || bytes[index] > 0x7E {
    isPlain = false
    break
  }
  if isPlain {
    return String(unsafeUninitializedCapacity: bytes.count) { target in
      for index in bytes.indices { target[index] = bytes[index] }
      return bytes.count
    }
  }
  var raw: [UInt8] = []
  raw.reserveCapacity(bytes.count)
  for index in bytes.indices { raw.append(bytes[index]) }
  return printable(String(decoding: raw, as: UTF8.self))
}

/// The same for text that is already decoded.
public func printable(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars { result.append(visibleForm(of: scalar)) }
  return String(result)
}

private func visibleForm(of scalar: Unicode.Scalar) -> Unicode.Scalar {
  switch scalar.value {
  case 0x00...0x1F:
    // U+2400 … U+241F are the pictures of the C0 controls, in the same order.
    return Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
  case 0x7F: return "\u{2421}"
  case 0x80...0x9F: return "\u{FFFD}"
  default: break
  }
  switch scalar.properties.generalCategory {
  case .format, .lineSeparator, .paragraphSeparator: return "\u{25CA}"
  case .control, .privateUse, .surrogate, .unassigned: return "\u{FFFD}"
  default:
    // Variation selectors and the Hangul fillers take no room, or look like a blank.
    return scalar.properties.isDefaultIgnorableCodePoint ? "\u{25CA}" : scalar
  }
}
