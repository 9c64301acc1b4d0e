import Cluster
import Testing

@Suite struct TimeExpressionTests {
  /// Saturday, 2026-11-21, 14:30:00 UTC.
  static let now = WallTime(nanoseconds: 1_795_271_400_000_000_000)

  /// What is meant where it is 14:30 UTC and clocks are two hours ahead: 16:30.
  private func moment(_ text: String, looking: WallTime? = nil, utcOffset: Int = 7200) throws -> String {
    try TimeExpression(parsing: text)
      .resolved(now: Self.now, utcOffset: utcOffset, looking: looking).rfc3339
  }

  @Test(
    arguments: [
      ("now", "2026-11-21T14:30:00.000Z"),
      ("  NOW ", "2026-11-21T14:30:00.000Z"),
      ("3m ago", "2026-11-21T14:27:00.000Z"),
      ("90s ago", "2026-11-21T14:28:30.000Z"),
      ("2h30m ago", "2026-11-21T12:00:00.000Z"),
      ("2h 30m ago", "2026-11-21T12:00:00.000Z"),
      ("1d ago", "2026-11-20T14:30:00.000Z"),
      ("2w ago", "2026-11-07T14:30:00.000Z"),
      ("1.5h ago", "2026-11-21T13:00:00.000Z"),
      ("14:05", "2026-11-21T12:05:00.000Z"),
      ("9:05", "2026-11-21T07:05:00.000Z"),
      ("14:05:10", "2026-11-21T12:05:10.000Z"),
      ("14:05:10.25", "2026-11-21T12:05:10.250Z"),
      ("16:30", "2026-11-21T14:30:00.000Z"),
      ("today 00:00", "2026-11-20T22:00:00.000Z"),
      ("today", "2026-11-20T22:00:00.000Z"),
      ("today 23:00", "2026-11-21T21:00:00.000Z"),
      ("yesterday 09:00", "2026-11-20T07:00:00.000Z"),
      ("yesterday", "2026-11-19T22:00:00.000Z"),
      ("Monday 09:00", "2026-11-16T07:00:00.000Z"),
      ("mon", "2026-11-15T22:00:00.000Z"),
      ("saturday 16:00", "2026-11-21T14:00:00.000Z"),
      ("sunday", "2026-11-14T22:00:00.000Z"),
      ("2026-11-20", "2026-11-19T22:00:00.000Z"),
      ("2026-11-20 14:05", "2026-11-20T12:05:00.000Z"),
      ("2026-11-20T14:05", "2026-11-20T12:05:00.000Z"),
      ("2026-11-20T14:05:10Z", "2026-11-20T14:05:10.000Z"),
      ("2026-11-20 14:05z", "2026-11-20T14:05:00.000Z"),
      ("2026-11-20T14:05:10.123456Z", "2026-11-20T14:05:10.123Z"),
      ("2026-11-20T14:05:10+02:00", "2026-11-20T12:05:10.000Z"),
      ("2026-11-20T14:05:10-0330", "2026-11-20T17:35:10.000Z"),
    ])
  func whatIsTypedIsAMoment(text: String, meant: String) throws {
    #expect(try moment(text) == meant)
  }

  @Test func aTimeOfDayThatIsStillToComeWasYesterday() throws {
    #expect(try moment("16:31") == "2026-11-20T14:31:00.000Z")
    #expect(try moment("saturday 16:31") == "2026-11-14T14:31:00.000Z")
  }

  @Test func yesterdayIsThatOfThePlaceAndNotOfGreenwich() throws {
    // 14:30 UTC is half past midnight of the 22nd ten hours to the east.
    #expect(try moment("yesterday 12:00", utcOffset: 36_000) == "2026-11-21T02:00:00.000Z")
    #expect(try moment("sunday", utcOffset: 36_000) == "2026-11-21T14:00:00.000Z")
  }

  @Test func aSignedSpanIsFromWhereOneLooks() throws {
    let looking = WallTime(nanoseconds: Self.now.nanoseconds - 3_600_000_000_000)
    #expect(try moment("-5m", looking: looking) == "2026-11-21T13:25:00.000Z")
    #expect(try moment("+10s", looking: looking) == "2026-11-21T13:30:10.000Z")
    #expect(try moment("-1h30m", looking: nil) == "2026-11-21T13:00:00.000Z")
    #expect(try moment("3m ago", looking: looking) == "2026-11-21T14:27:00.000Z")
  }

  @Test(arguments: [
    "noon", "5m", "ago", "m ago", "3 ago", "3m later", "1", "14", "14:", ":05", "14:5", "014:05", "14:05:1",
    "14:05:10.", "14:05Z", "yesterday at 9", "yesterday 9", "yesterday 09:00 10:00", "mond", "-", "+", "--5m",
    "-5", "2026-11", "2026-11-2", "2026-11-20T", "2026/11/20", "2026-11-20T14:05+2",
    "2026-11-20T14:05+24:00", "2026-11-20 14:05 Z", "20261120", "30m1h ago", "1h1h ago", "１４:05",
    "3m ago\u{0}",
  ])
  func whatIsNoMomentIsRefused(text: String) {
    #expect(throws: TimeFault.notUnderstood(printable(text))) { try TimeExpression(parsing: text) }
  }

  @Test func whatHasTheFormAndDoesNotExistIsSaidSo() {
    #expect(throws: TimeFault.noSuchTime("25:00")) { try TimeExpression(parsing: "25:00") }
    #expect(throws: TimeFault.noSuchTime("today 23:60")) { try TimeExpression(parsing: "today 23:60") }
    #expect(throws: TimeFault.noSuchDate("2026-02-29")) { try TimeExpression(parsing: "2026-02-29") }
    #expect(throws: TimeFault.noSuchDate("2026-13-01 10:00")) {
      try TimeExpression(parsing: "2026-13-01 10:00")
    }
    #expect(throws: TimeFault.noSuchDate("9999-01-01")) { try TimeExpression(parsing: "9999-01-01") }
    #expect(throws: TimeFault.empty) { try TimeExpression(parsing: " \t ") }
  }

  @Test func whatIsRefusedIsCutAndSanitised() {
    let long = String(repeating: "\u{1B}[31m", count: 100)
    #expect {
      try TimeExpression(parsing: long)
    } throws: { error in
      guard case .notUnderstood(let text)? = error as? TimeFault else { return false }
      return text.count == 40 && printable(text) == text
    }
  }

  @Test func theEndsOfTheCalendarAreNotPassed() throws {
    for now in [WallTime(nanoseconds: .min), WallTime(nanoseconds: .max)] {
      for text in ["200y ago", "+200y", "-200y", "00:00", "23:59", "monday", "yesterday", "2026-11-20"] {
        _ = try TimeExpression(parsing: text).resolved(now: now, utcOffset: 86_400)
      }
    }
  }

  @Test(
    arguments: [
      ("24h", 86_400), ("7d", 604_800), ("2w", 1_209_600), ("1h30m", 5400), ("1d12h", 129_600),
      ("1y", 31_536_000), ("90s", 90), ("0.5h", 1800), ("1w2d3h4m5s", 788_645),
    ] as [(String, Int)])
  func aSpanIsReadInItsUnits(text: String, seconds: Int) {
    #expect(Duration(parsingSpan: text) == .seconds(seconds))
  }

  @Test(arguments: [
    "", "h", "24", "24 h", "1m1h", "1h1h", "-1h", "+1h", "1M", "9999999999s", "999999999y", "1h30",
  ])
  func whatIsNoSpanIsRefused(text: String) {
    #expect(Duration(parsingSpan: text) == nil)
  }

  @Test func aDayThatThereIsComesBackTheSame() throws {
    for day in stride(from: Int64(-40_000), to: 80_000, by: 13) {
      let time = WallTime(nanoseconds: (day * 86_400 + 3_723) * 1_000_000_000)
      for offset in [0, 7200, -34_200] {
        #expect(WallTime(time.calendar(offsetSeconds: offset), offsetSeconds: offset) == time)
      }
    }
    #expect(WallTime(CalendarTime(year: 2026, month: 4, day: 31)) == nil)
    #expect(Self.now.weekday() == .saturday)
    #expect(WallTime(nanoseconds: 0).weekday() == .thursday)
    #expect(WallTime(nanoseconds: -1).weekday() == .wednesday)
  }
}
