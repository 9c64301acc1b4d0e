public import Cluster

/// Figures as text, each kind in a field of fixed width with its unit, so that columns of them stand still.
///
/// What is not known is `-`, never 0; what is not quite 0 is never shown as 0.
public enum Figures {
  /// What is shown where nothing is known.
  public static let absent = "-"

  /// Events per second: `0/s`, `0.4/s`, `12/s`, `5.1k/s`, `12.4k/s`. At most `rateWidth` columns.
  public static func rate(_ value: Double?) -> String {
    guard let value, isPresentable(value) else { return absent }
    return abbreviated(value) + "/s"
  }

  public static let rateWidth = 7

  /// A share 0…1 in percent: `0 %`, `<0.01 %`, `0.02 %`, `12.3 %`. At most `percentWidth` columns.
  public static func percent(_ share: Double?) -> String {
    guard let share, isPresentable(share) else { return absent }
    let percent = min(share * 100, 9999)
    if percent == 0 { return "0 %" }
    if percent < 0.01 { return "<0.01 %" }
    if percent < 9.995 { return decimal(percent, places: 2) + " %" }
    return decimal(percent, places: percent < 99.95 ? 1 : 0) + " %"
  }

  public static let percentWidth = 7

  /// A limit in percent, as somebody wrote it: `2 %`, `0.5 %`.
  public static func limit(_ share: Double) -> String {
    let percent = share * 100
    return percent == percent.rounded() && percent < 1e6
      ? "\(decimal(percent, places: 0)) %" : Figures.percent(share)
  }

  /// A share that is meant to be all, in percent, never rounded up: `100 %` is all, `99.987 %`, `99.9 %`. At most
  /// `availabilityWidth` columns.
  public static func availability(_ share: Double?) -> String {
    guard let share, isPresentable(share) else { return absent }
    if share >= 1 { return "100 %" }
    // A hair more, so that 0.999 stays 99.9 in binary.
    let thousandths = Int64((share * 100_000 + 1e-6).rounded(.down))
    var decimals = String(thousandths % 1000 + 1000).dropFirst()
    while decimals.count > 1, decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(thousandths / 1000).\(decimals) %"
  }

  public static let availabilityWidth = 8

  /// What is left of an error budget: `62.0 %`; `none` where more is spent than there was.
  public static func budget(spent: Double?) -> String {
    guard let spent else { return absent }
    return spent > 1 ? "none" : percent(1 - spent)
  }

  /// Milliseconds: `<1 ms`, `4.2 ms`, `210 ms`, `12.3 s`. At most `latencyWidth` columns.
  public static func latency(_ milliseconds: Double?) -> String {
    guard let milliseconds, isPresentable(milliseconds) else { return absent }
    if milliseconds == 0 { return "<1 ms" }
    if milliseconds < 9.95 {
      // HAProxy counts whole milliseconds; a fraction only comes from averaging over load balancers.
      let isWhole = milliseconds == milliseconds.rounded()
      if !isWhole, milliseconds < 0.95 { return "<1 ms" }
      return decimal(milliseconds, places: isWhole ? 0 : 1) + " ms"
    }
    if milliseconds < 9999.5 { return decimal(milliseconds, places: 0) + " ms" }
    let seconds = milliseconds / 1000
    if seconds < 99.95 { return decimal(seconds, places: 1) + " s" }
    if seconds < 9999.5 { return decimal(seconds, places: 0) + " s" }
    return ">9999 s"
  }

  public static let latencyWidth = 7

  /// A count: `0`, `31`, `99999`, `123k`, `1.2M`. At most `countWidth` columns.
  public static func count(_ value: Int64?) -> String {
    guard let value else { return absent }
    if value > -10_000, value < 100_000 { return String(value) }
    return value < 0 ? "<-9k" : abbreviated(Double(value))
  }

  public static let countWidth = 5

  /// How old something is: `0.4s`, `22s`, `3m`, `3h04`, `3d02h`. At most `ageWidth` columns.
  public static func age(_ duration: Duration?) -> String {
    guard let duration else { return absent }
    let tenths = max(0, duration.nanoseconds) / 100_000_000
    if tenths < 100 { return "\(tenths / 10).\(tenths % 10)s" }
    return span(duration)
  }

  public static let ageWidth = 5

  /// How long something has lasted, in whole seconds at the finest: `4s`, `59s`, `3m`, `3h04`, `3d02h`,
  /// `412d`. At most `ageWidth` columns.
  public static func span(_ duration: Duration) -> String {
    let seconds = max(0, duration.nanoseconds) / 1_000_000_000
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
    if seconds < 60 { return "\(seconds)s" }
    if minutes < 60 { return "\(minutes)m" }
    if hours < 24 { return "\(hours)h\(twoDigits(minutes % 60))" }
    if days < 10 { return "\(days)d\(twoDigits(hours % 24))h" }
    return days < 10_000 ? "\(days)d" : ">27y"
  }

  /// How far a replica is behind, of milliseconds: `0.2s`, `41s`, `3m`.
  public static func lag(_ milliseconds: Int64) -> String {
    let tenths = max(0, milliseconds) / 100
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10)s" : span(.milliseconds(milliseconds))
  }

  /// `1.25`, of hundredths.
  public static func hundredths(_ value: Int64) -> String {
    "\(value / 100).\(twoDigits(abs(value) % 100))"
  }

  /// Bytes per second: `12.4kB/s`, with powers of ten.
  public static func bytesRate(_ value: Double?) -> String {
    guard let value else { return absent }
    return abbreviated(value) + "B/s"
  }

  /// How long something was away, to the hundredth of a second while that matters: `0.24s`, `12.5s`, `2m`.
  public static func gap(_ duration: Duration) -> String {
    let hundredths = max(0, duration.nanoseconds) / 10_000_000
    if hundredths < 1000 { return "\(hundredths / 100).\(twoDigits(hundredths % 100))s" }
    return hundredths < 6000 ? "\(hundredths / 100).\(hundredths / 10 % 10)s" : span(duration)
  }

  /// The time of day, `14:32:07`; `utcOffset` in seconds east of Greenwich.
  public static func timeOfDay(_ time: WallTime, utcOffset: Int) -> String {
    let time = time.calendar(offsetSeconds: utcOffset)
    return "\(twoDigits(time.hour)):\(twoDigits(time.minute)):\(twoDigits(time.second))"
  }

  /// The time of day, `14:32:07`; on another day than `now`, its date and the minute, `11-20 14:05`; in another
  /// year its date, `2025-11-20`. At most `momentWidth` columns.
  public static func moment(_ time: WallTime, now: WallTime?, utcOffset: Int) -> String {
    let then = time.calendar(offsetSeconds: utcOffset)
    guard let today = now?.calendar(offsetSeconds: utcOffset),
      (then.year, then.month, then.day) != (today.year, today.month, today.day)
    else { return timeOfDay(time, utcOffset: utcOffset) }
    let date = "\(twoDigits(then.month))-\(twoDigits(then.day))"
    if then.year != today.year { return "\(then.year)-\(date)" }
    return "\(date) \(timeOfDay(time, utcOffset: utcOffset).prefix(5))"
  }

  public static let momentWidth = 11

  /// A time beside a stretch, as fine as that needs it: `14:05:10`, `14:05`, `11-20 14:05`, `2026-11-20`; narrow
  /// labels of some days have the day only.
  static func axis(_ time: WallTime, of span: TimeSpan, isNarrow: Bool = false, utcOffset: Int) -> String {
    let calendar = time.calendar(offsetSeconds: utcOffset)
    let clock = timeOfDay(time, utcOffset: utcOffset)
    let day = "\(twoDigits(calendar.month))-\(twoDigits(calendar.day))"
    // A span of whole columns may be longer by a few of these.
    let length = span.length - span.length / 20
    if length <= .seconds(15 * 60) { return clock }
    if length <= .seconds(86_400) { return String(clock.prefix(5)) }
    if length <= .seconds(31 * 86_400) { return isNarrow ? day : "\(day) \(clock.prefix(5))" }
    return "\(calendar.year)-\(day)"
  }

  /// A number of three significant digits at most and a suffix: `0`, `0.4`, `12`, `5.1k`, `124k`, `1.2M`.
  static func abbreviated(_ value: Double) -> String {
    if value == 0 { return "0" }
    if value < 0.05 { return "<0.1" }
    if value < 9.95 {
      let isWhole = value == value.rounded()
      return decimal(value, places: isWhole ? 0 : 1)
    }
    if value < 999.5 { return decimal(value, places: 0) }
    var scaled = value
    for suffix in ["k", "M", "G", "T"] {
      scaled /= 1000
      if scaled < 99.95 { return decimal(scaled, places: 1) + suffix }
      if scaled < 999.5 { return decimal(scaled, places: 0) + suffix }
    }
    return ">999T"
  }

  /// A positive number with a fixed number of places, rounded half up.
  static func decimal(_ value: Double, places: Int) -> String {
    let scale = [1.0, 10, 100][min(max(0, places), 2)]
    let scaled = Int64(min(max(0, value * scale), 9e15).rounded())
    switch places {
    case 1: return "\(scaled / 10).\(scaled % 10)"
    case 2: return "\(scaled / 100).\(twoDigits(scaled % 100))"
    default: return String(scaled)
    }
  }

  private static func isPresentable(_ value: Double) -> Bool { value.isFinite && value >= 0 }

  static func twoDigits(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
