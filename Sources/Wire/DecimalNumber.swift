/// A decimal number as programs print it: `12`, `-0.5`, `1.795e+09`; nil for everything else, also for names
/// such as `NaN`.
///
/// What has at most 15 digits and a small exponent, as nearly all do, is exact without the library's help:
/// both halves of it are whole numbers that a double holds.
func decimalNumber(_ bytes: Span<UInt8>) -> Double? {
  var place = 0
  let isNegative = bytes.count > 0 && bytes[0] == ASCII.minus
  if bytes.count > 0, isNegative || bytes[0] == UInt8(ascii: "+") { place = 1 }
  var digits = 0
  var mantissa: UInt64 = 0
  var scale = 0
  var isFraction = false
  while place < bytes.count {
    let byte = bytes[place]
    let digit = byte &- ASCII.zero
    if digit <= 9 {
      // Beyond 2^53 the library reads it.
      mantissa = mantissa > 1 << 53 ? mantissa : mantissa * 10 + UInt64(digit)
      digits += 1
      if isFraction { scale -= 1 }
    } else if byte == UInt8(ascii: "."), !isFraction {
      isFraction = true
    } else {
      break
    }
    place += 1
  }
  guard digits > 0 else { return nil }
  if place < bytes.count {
    guard bytes[place] | 0x20 == UInt8(ascii: "e") else { return nil }
    place += 1
    if place < bytes.count, bytes[place] == UInt8(ascii: "+") { place += 1 }
    guard let exponent = wholeNumber(bytes.extracting(place...)) else { return nil }
    scale += Int(max(-100_000, min(100_000, exponent)))
  }
  guard mantissa <= 1 << 53, (-22...22).contains(scale) else { return slowDecimalNumber(bytes) }
  let power = powersOfTen[abs(scale)]
  let value = scale < 0 ? Double(mantissa) / power : Double(mantissa) * power
  return isNegative ? -value : value
}

/// The powers of ten that a double holds exactly.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
]

private func slowDecimalNumber(_ bytes: Span<UInt8>) -> Double? {
  // Longer ones are nobody's figures.
  guard bytes.count <= 400 else { return nil }
  var text = ""
  for index in bytes.indices { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
  return Double(text)
}
