/// A date and a time of day, at some offset from UTC.
public struct CalendarTime: Hashable, Sendable {
  public var year: Int
  /// 1–12.
  public var month: Int
  /// 1–31.
  public var day: Int
  /// 0–23.
  public var hour: Int
  public var minute: Int
  public var second: Int
  public var millisecond: Int

  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }
}

extension WallTime {
  /// The date and time where clocks are `offset` seconds ahead of UTC; milliseconds are cut, not rounded.
  ///
  /// The proleptic Gregorian calendar, without leap seconds. Source of the formula: Howard Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  public func calendar(offsetSeconds offset: Int = 0) -> CalendarTime {
    let whole = WallTime.floor(nanoseconds, by: 1_000_000)
    // Milliseconds leave enough room below 64 bits for any offset that a zone has.
    let shifted = whole.quotient &+ Int64(truncatingIfNeeded: offset) &* 1000
    let (days, inDay) = WallTime.floor(shifted, by: 86_400_000)

    // Eras of 400 years that begin on the 1st of March, so that the leap day comes last.
    let (era, dayOfEra) = WallTime.floor(days &+ 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9

    return CalendarTime(
      year: Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), month: Int(month),
      day: Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1),
      hour: Int(inDay / 3_600_000), minute: Int(inDay / 60_000 % 60), second: Int(inDay / 1000 % 60),
      millisecond: Int(inDay % 1000))
  }

  /// The instant at which clocks that are `offset` seconds ahead of UTC show `time`; nil for a date that no
  /// calendar has, a time that no clock shows, and what 64 bits of nanoseconds do not reach.
  public init?(_ time: CalendarTime, offsetSeconds offset: Int = 0) {
    guard (0...9999).contains(time.year), (1...12).contains(time.month), (1...31).contains(time.day),
      (0..<24).contains(time.hour), (0..<60).contains(time.minute), (0..<60).contains(time.second),
      (0..<1000).contains(time.millisecond), (-86_400...86_400).contains(offset)
    else { return nil }
    let days = WallTime.daysFrom1970(
      year: Int64(time.year), month: Int64(time.month), day: Int64(time.day))
    let seconds = days * 86_400 + Int64(time.hour * 3600 + time.minute * 60 + time.second - offset)
    let (nanoseconds, overflow) = (seconds * 1000 + Int64(time.millisecond))
      .multipliedReportingOverflow(by: 1_000_000)
    if overflow { return nil }
    self.init(nanoseconds: nanoseconds)
    // The 31st of February is the 3rd of March: only a day that there is comes back the same.
    guard calendar(offsetSeconds: offset) == time else { return nil }
  }

  /// The days from 1970-01-01 to a date of the proleptic Gregorian calendar; a day beyond the end of its month
  /// counts on into the next.
  ///
  /// Source of the formula: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
  static func daysFrom1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// RFC 3339 in UTC with milliseconds: `2026-11-21T12:00:00.000Z`.
  public var rfc3339: String {
    let time = calendar()
    let date = "\(padded(time.year, to: 4))-\(padded(time.month, to: 2))-\(padded(time.day, to: 2))"
    let clock = "\(padded(time.hour, to: 2)):\(padded(time.minute, to: 2)):\(padded(time.second, to: 2))"
    return "\(date)T\(clock).\(padded(time.millisecond, to: 3))Z"
  }

  private func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Division that rounds down, so that times before 1970 fall on the right day.
  private static func floor(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
