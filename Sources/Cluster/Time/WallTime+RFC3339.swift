extension WallTime {
  /// RFC 3339 in UTC with nanoseconds, always of 30 bytes: `2026-11-21T12:00:00.000000000Z`.
  public var rfc3339Nanoseconds: String {
    let second: Int64 = 1_000_000_000
    let rest = nanoseconds % second
    let fraction = String(rest < 0 ? rest + second : rest)
    // The milliseconds are cut, not rounded: the seconds before the point are the same.
    return rfc3339.dropLast(4) + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction + "Z"
  }

  /// Reads exactly what `rfc3339Nanoseconds` writes; nil for everything else, days that no calendar has too.
  public init?(rfc3339Nanoseconds text: String) {
    let bytes = Array(text.utf8)
    let pattern = Array("0000-00-00T00:00:00.000000000Z".utf8)
    guard bytes.count == pattern.count else { return nil }
    for (byte, wanted) in zip(bytes, pattern) {
      let isRight = wanted == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == wanted
      guard isRight else { return nil }
    }
    func number(_ range: Range<Int>) -> Int64 {
      bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    guard hour < 24, minute < 60, second < 60 else { return nil }

    let days = WallTime.daysFrom1970(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
    // Before 1970 the nanoseconds go the other way, so that the first and last moments do not overflow.
    let fraction = number(20..<29)
    let isBefore = seconds < 0 && fraction > 0
    let whole = (isBefore ? seconds + 1 : seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let sum = whole.partialValue.addingReportingOverflow(isBefore ? fraction - 1_000_000_000 : fraction)
    guard !whole.overflow, !sum.overflow else { return nil }
    self.init(nanoseconds: sum.partialValue)
    // The 31st of February is the 3rd of March: no text but the right one is written again the same.
    guard rfc3339Nanoseconds == text else { return nil }
  }
}
