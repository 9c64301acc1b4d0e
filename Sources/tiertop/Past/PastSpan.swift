import Cluster
import Dashboard

/// Reads `--since` and `--until`: a span before now (`7d`), or a moment as people say it (`yesterday 09:00`).
enum PastSpan {
  static let expected =
    "a span before now (90m, 24h, 7d, 2w), or a time: 14:05, yesterday 09:00, monday 09:00, 2026-11-20, "
    + "2026-11-20 14:05, 2026-11-20T14:05:10Z, 3h ago, now"

  /// - Parameter usual: how far back it goes where nothing is said.
  static func span(_ invocation: Invocation, usual: Duration, now: WallTime) throws(UsageError) -> TimeSpan {
    let until = try time(.until, invocation, now: now) ?? now
    let since = try time(.since, invocation, now: now) ?? until.advanced(by: .zero - usual)
    guard since < until else {
      throw .badValue(
        invocation.value(of: .since) ?? "", of: .since,
        expected: "a time before \(invocation.value(of: .until) ?? "now")")
    }
    return TimeSpan(from: since, to: until)
  }

  private static func time(
    _ option: Option, _ invocation: Invocation, now: WallTime
  ) throws(UsageError) -> WallTime? {
    guard let text = invocation.value(of: option) else { return nil }
    if let span = Duration(parsingSpan: text) { return now.advanced(by: .zero - span) }
    do {
      let offset = LocalTime.utcOffset(at: now)
      return try TimeExpression(parsing: text).resolved(now: now, utcOffset: offset)
    } catch {
      throw .badValue(text, of: option, expected: expected)
    }
  }
}
