extension Duration {
  /// Reads a number and a unit without a space: `1s`, `500ms`, `2m`, `1.5h`, `7d`; nil for anything else.
  ///
  /// The number is decimal, without sign, at most nine digits and three more after a point. The units
  /// are `us`, `ms`, `s`, `m`, `h`, `d` and `y` (365 days); there is always one.
  public init?(parsing text: some StringProtocol) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let nanosecondsPerUnit: Int64
    switch text[number.endIndex...] {
    case "us": nanosecondsPerUnit = 1_000
    case "ms": nanosecondsPerUnit = 1_000_000
    case "s": nanosecondsPerUnit = 1_000_000_000
    case "m": nanosecondsPerUnit = 60_000_000_000
    case "h": nanosecondsPerUnit = 3_600_000_000_000
    case "d": nanosecondsPerUnit = 86_400_000_000_000
    case "y": nanosecondsPerUnit = 31_536_000_000_000_000
    default: return nil
    }
    guard let thousandths = thousandths(of: number) else { return nil }
    // Every unit is a whole number of thousands.
    let (product, overflow) = thousandths.multipliedReportingOverflow(by: nanosecondsPerUnit / 1000)
    if overflow { return nil }
    self = .nanoseconds(product)
  }

  /// The same form again, in the largest unit that needs no fraction: `1500ms`, `2m`; to the microsecond.
  public var layoutText: String {
    let microseconds = nanoseconds / 1000
    for (size, unit) in [(3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms")]
      as [(Int64, String)]
    where microseconds != 0 && microseconds % size == 0 {
      return "\(microseconds / size)\(unit)"
    }
    return "\(microseconds)us"
  }
}

/// A decimal number, times 1000.
private func thousandths(of text: some StringProtocol) -> Int64? {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count), (1...9).contains(parts[0].utf8.count), let whole = Int64(parts[0])
  else {
    return nil
  }
  guard parts.count == 2 else { return whole * 1000 }
  let digits = parts[1].utf8.count
  guard (1...3).contains(digits), let fraction = Int64(parts[1]) else { return nil }
  return whole * 1000 + fraction * [100, 10, 1][digits - 1]
}
