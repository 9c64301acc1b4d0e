extension TimeExpression {
  /// Reads what a person types; upper and lower case are the same, and blanks count once.
  ///
  /// - `now`
  /// - `3m ago`, `90s ago`, `2h30m ago`, `1d ago`: a span as `Duration.init(parsingSpan:)` reads it
  /// - `-5m`, `+10s`: from the moment one looks at
  /// - `14:05`, `14:05:10`, `14:05:10.250`
  /// - `today`, `yesterday`, `monday`, `mon`, each with or without a time of day; without, it is midnight
  /// - `2026-11-20`, with or without a time of day after a blank or a `T`, and where there is one, with or
  ///   without `Z`, `+02:00` or `+0200` right after it
  public init(parsing text: some StringProtocol) throws(TimeFault) {
    let shown = printable(String(text.prefix(40)))
    var words = text.lowercased().split(whereSeparator: \.isWhitespace)
    guard let first = words.first else { throw .empty }
    // Nothing that is understood is nearly as long.
    guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 < 0x80 }) else { throw .notUnderstood(shown) }

    if words == ["now"] {
      self = .now
    } else if words.last == "ago" {
      words.removeLast()
      guard let span = Duration(parsingSpan: words.joined()) else { throw .notUnderstood(shown) }
      self = .ago(span)
    } else if let sign = first.first, sign == "+" || sign == "-" {
      guard let span = Duration(parsingSpan: words.joined().dropFirst()) else { throw .notUnderstood(shown) }
      self = .shift(sign == "-" ? .zero - span : span)
    } else if let day = Day(first) {
      guard words.count <= 2 else { throw .notUnderstood(shown) }
      let time = words.count == 2 ? try TimeOfDay(words[1], of: shown) : .midnight
      switch day {
      case .today: self = .today(time)
      case .yesterday: self = .yesterday(time)
      case .weekday(let weekday): self = .weekday(weekday, time)
      }
    } else if first.utf8.dropFirst(4).first == UInt8(ascii: "-") {
      self = try TimeExpression(dateIn: words, of: shown)
    } else if words.count == 1 {
      self = .timeOfDay(try TimeOfDay(first, of: shown))
    } else {
      throw .notUnderstood(shown)
    }
  }

  private enum Day {
    case today, yesterday
    case weekday(Weekday)

    init?(_ word: Substring) {
      switch word {
      case "today": self = .today
      case "yesterday": self = .yesterday
      default:
        let weekday = Weekday.allCases.first { "\($0)" == word || "\($0)".prefix(3) == word }
        guard let weekday else { return nil }
        self = .weekday(weekday)
      }
    }
  }

  private init(dateIn words: [Substring], of shown: String) throws(TimeFault) {
    let parts: [Substring]
    if words.count == 1 {
      parts = words[0].split(separator: "t", maxSplits: 1, omittingEmptySubsequences: false)
    } else {
      parts = words
    }
    let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count <= 2, date.count == 3, let year = number(date[0], digits: 4),
      let month = number(date[1], digits: 2), let day = number(date[2], digits: 2)
    else { throw .notUnderstood(shown) }
    var calendar = CalendarTime(year: year, month: month, day: day)
    guard WallTime(calendar) != nil else { throw .noSuchDate(shown) }
    guard parts.count == 2 else {
      self = .date(calendar)
      return
    }
    let (clock, offset) = try TimeExpression.zoned(parts[1], of: shown)
    let time = try TimeOfDay(clock, of: shown)
    calendar.hour = time.hour
    calendar.minute = time.minute
    calendar.second = time.second
    calendar.millisecond = time.millisecond
    guard let offset else {
      self = .date(calendar)
      return
    }
    guard let instant = WallTime(calendar, offsetSeconds: offset) else { throw .noSuchDate(shown) }
    self = .instant(instant)
  }

  /// A time of day and its offset from UTC in seconds; nil where it has none.
  private static func zoned(
    _ text: Substring, of shown: String
  ) throws(TimeFault) -> (Substring, offset: Int?) {
    if text.hasSuffix("z") { return (text.dropLast(), 0) }
    guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return (text, nil) }
    let zone = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
    let joined = zone.joined()
    guard zone.count == 1 || zone.count == 2 && zone[0].utf8.count == 2,
      let digits = number(joined[...], digits: 4), digits / 100 < 24, digits % 100 < 60
    else { throw .notUnderstood(shown) }
    let seconds = (digits / 100 * 60 + digits % 100) * 60
    return (text[..<sign], text[sign] == "-" ? -seconds : seconds)
  }
}

extension TimeExpression.TimeOfDay {
  /// `14:05`, `9:05`, `14:05:10`, `14:05:10.25`.
  fileprivate init(_ text: Substring, of shown: String) throws(TimeFault) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count),
      let hour = number(parts[0], digits: 2) ?? number(parts[0], digits: 1),
      let minute = number(parts[1], digits: 2)
    else { throw .notUnderstood(shown) }
    var second = 0
    var millisecond = 0
    if parts.count == 3 {
      let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
      guard seconds.count <= 2, let whole = number(seconds[0], digits: 2) else {
        throw .notUnderstood(shown)
      }
      second = whole
      if seconds.count == 2 {
        // What is finer than a millisecond is cut.
        guard (1...9).contains(seconds[1].utf8.count),
          number(seconds[1], digits: seconds[1].utf8.count) != nil,
          let thousandths = number((seconds[1] + "00").prefix(3), digits: 3)
        else { throw .notUnderstood(shown) }
        millisecond = thousandths
      }
    }
    guard hour < 24, minute < 60, second < 60 else { throw .noSuchTime(shown) }
    self.init(hour: hour, minute: minute, second: second, millisecond: millisecond)
  }
}

/// Exactly so many decimal digits.
private func number(_ text: some StringProtocol, digits: Int) -> Int? {
  guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  return Int(text)
}
