extension Duration {
  /// Reads a span as people write it: `90s`, `5m`, `2h30m`, `7d`, `2w`, `1y`; nil for anything else.
  ///
  /// One or more whole numbers, each with its unit, the largest unit first and each once; or one number with
  /// a fraction, or with `ms` or `us`, as `init(parsing:)` reads it. A day has 24 hours, a week 7 days, a year
  /// 365 days.
  public init?(parsingSpan text: some StringProtocol) {
    if let single = Duration(parsing: text) {
      self = single
      return
    }
    var rest = text[...]
    var seconds: Int64 = 0
    var unitBefore = Int64.max
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard (1...9).contains(digits.utf8.count), let number = Int64(digits) else { return nil }
      rest = rest[digits.endIndex...]
      guard let letter = rest.popFirst(), let unit = Duration.secondsOfSpanUnit(letter), unit < unitBefore
      else { return nil }
      unitBefore = unit
      let (part, tooLarge) = number.multipliedReportingOverflow(by: unit)
      let (sum, overflow) = seconds.addingReportingOverflow(part)
      if tooLarge || overflow { return nil }
      seconds = sum
    }
    // What nanoseconds reach: some 292 years.
    guard seconds <= .max / 1_000_000_000 else { return nil }
    self = .seconds(seconds)
  }

  private static func secondsOfSpanUnit(_ letter: Character) -> Int64? {
    switch letter {
    case "s": 1
    case "m": 60
    case "h": 3600
    case "d": 86_400
    case "w": 7 * 86_400
    case "y": 365 * 86_400
    default: nil
    }
  }
}
