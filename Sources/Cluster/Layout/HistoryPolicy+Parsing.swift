extension Int64 {
  /// Reads a size in bytes: a whole number and `MB` or `GB`, which are powers of ten; nil for anything else.
  public init?(size text: some StringProtocol) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit: Int64
    switch text[digits.endIndex...] {
    case "MB": unit = 1_000_000
    case "GB": unit = 1_000_000_000
    default: return nil
    }
    guard (1...9).contains(digits.utf8.count), let number = Int64(digits) else { return nil }
    self = number * unit
  }

  /// The same form again, in the largest unit that needs no fraction: `2GB`, `1500MB`; to the megabyte.
  public var sizeText: String {
    self % 1_000_000_000 == 0 && self > 0 ? "\(self / 1_000_000_000)GB" : "\(self / 1_000_000)MB"
  }
}

extension Duration {
  /// Like `layoutText`, with years of 365 days and days where no fraction is needed: `7d`, `2y`.
  public var longText: String {
    let day: Int64 = 86_400_000_000_000
    if nanoseconds > 0, nanoseconds % (365 * day) == 0 { return "\(nanoseconds / (365 * day))y" }
    if nanoseconds > 0, nanoseconds % day == 0 { return "\(nanoseconds / day)d" }
    return layoutText
  }
}
