import Cluster

/// The bytes that the formats are made of.
enum ASCII {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
  static let minus = UInt8(ascii: "-")
  static let hash = UInt8(ascii: "#")
  static let colon = UInt8(ascii: ":")
  static let zero = UInt8(ascii: "0")
}

/// Whether the bytes begin with the text.
func starts(_ bytes: Span<UInt8>, with text: StaticString) -> Bool {
  guard bytes.count >= text.utf8CodeUnitCount else { return false }
  return text.withUTF8Buffer { wanted in
    for index in wanted.indices where wanted[index] != bytes[index] { return false }
    return true
  }
}

/// Whether the bytes are exactly those of the text.
func areSame(_ bytes: Span<UInt8>, _ text: String) -> Bool {
  let wanted = text.utf8
  guard bytes.count == wanted.count else { return false }
  var index = 0
  for byte in wanted {
    if byte != bytes[index] { return false }
    index += 1
  }
  return true
}

/// A whole decimal number, with an optional minus: what HAProxy and Nginx print.
///
/// Beyond 64 bits it saturates at `Int64.max` or at `-Int64.max`, so that it never becomes
/// `StatTable.absent`. Nil for everything else, the empty text too.
func wholeNumber(_ bytes: Span<UInt8>) -> Int64? {
  let isNegative = bytes.count > 0 && bytes[0] == ASCII.minus
  let first = isNegative ? 1 : 0
  guard bytes.count > first else { return nil }
  var value: Int64 = 0
  for index in first..<bytes.count {
    let digit = bytes[index] &- ASCII.zero
    guard digit <= 9 else { return nil }
    let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
    let (sum, isOverToo) = tens.addingReportingOverflow(Int64(digit))
    // Saturated, and it stays so: multiplying Int64.max by ten overflows again.
    value = isOver || isOverToo ? .max : sum
  }
  return isNegative ? -value : value
}

/// The beginning of something unexpected: its first line, cut to a length that fits an error line.
func beginning(of bytes: Span<UInt8>) -> String {
  var end = 0
  while end < min(bytes.count, 80), bytes[end] != ASCII.newline { end += 1 }
  return printable(bytes.extracting(first: end))
}
