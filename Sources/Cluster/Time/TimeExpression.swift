/// A moment as a person says it: "14:05", "3m ago", "yesterday 09:00", "-5m".
///
/// What it means depends on when, where and from where it is said: see `resolved`.
public enum TimeExpression: Hashable, Sendable {
  case now
  /// So long before now.
  case ago(Duration)
  /// So much later than the moment one looks at; earlier where it is negative.
  case shift(Duration)
  /// The last time that clocks showed it.
  case timeOfDay(TimeOfDay)
  case today(TimeOfDay)
  case yesterday(TimeOfDay)
  /// The last such day on which that time is not still to come.
  case weekday(Weekday, TimeOfDay)
  /// On the clocks of the place; the date is one that the calendar has.
  case date(CalendarTime)
  /// With its own offset from UTC.
  case instant(WallTime)

  /// What a clock shows.
  public struct TimeOfDay: Hashable, Sendable {
    /// 0–23.
    public var hour: Int
    public var minute: Int
    public var second: Int
    public var millisecond: Int

    public init(hour: Int, minute: Int, second: Int = 0, millisecond: Int = 0) {
      self.hour = hour
      self.minute = minute
      self.second = second
      self.millisecond = millisecond
    }

    public static let midnight = TimeOfDay(hour: 0, minute: 0)
  }

  public enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
  }

  /// The moment that is meant. It may be still to come (`today 23:00`), or long before anything was recorded:
  /// what there is to see there is for whoever goes there.
  ///
  /// - Parameters:
  ///   - now: when it is said.
  ///   - utcOffset: how many seconds the clocks of the place are ahead of UTC. One offset holds for all: a time
  ///     on the other side of a change of summer time is an hour off.
  ///   - looking: the moment one looks at; nil for now.
  public func resolved(now: WallTime, utcOffset: Int, looking: WallTime? = nil) -> WallTime {
    /// A time of day, so many days before today.
    func day(_ daysAgo: Int, _ time: TimeOfDay) -> WallTime {
      let then = now.advanced(by: .seconds(-86_400 * daysAgo)).calendar(offsetSeconds: utcOffset)
      let calendar = CalendarTime(
        year: then.year, month: then.month, day: then.day, hour: time.hour, minute: time.minute,
        second: time.second, millisecond: time.millisecond)
      // Only what lies beyond the ends of the calendar is not found again.
      return WallTime(calendar, offsetSeconds: utcOffset) ?? now
    }
    switch self {
    case .now: return now
    case .ago(let duration): return now.advanced(by: .zero - duration)
    case .shift(let duration): return (looking ?? now).advanced(by: duration)
    case .timeOfDay(let time):
      let today = day(0, time)
      return today > now ? day(1, time) : today
    case .today(let time): return day(0, time)
    case .yesterday(let time): return day(1, time)
    case .weekday(let weekday, let time):
      let daysAgo = (now.weekday(offsetSeconds: utcOffset).rawValue - weekday.rawValue + 7) % 7
      let found = day(daysAgo, time)
      return found > now ? day(daysAgo + 7, time) : found
    case .date(let calendar): return WallTime(calendar, offsetSeconds: utcOffset) ?? now
    case .instant(let time): return time
    }
  }
}

extension WallTime {
  /// The day of the week where clocks are `offset` seconds ahead of UTC.
  public func weekday(offsetSeconds offset: Int = 0) -> TimeExpression.Weekday {
    let date = calendar(offsetSeconds: offset)
    let days = WallTime.daysFrom1970(
      year: Int64(date.year), month: Int64(date.month), day: Int64(date.day))
    // 1970-01-01 was a Thursday, the fourth day of its week.
    let place = Int((days % 7 + 7 + 3) % 7)
    return TimeExpression.Weekday.allCases[place]
  }
}
