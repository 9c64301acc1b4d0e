import Cluster
import Foundation
import TestSupport
import Testing

@Suite struct CalendarTests {
  static func time(_ seconds: Int64, milliseconds: Int64 = 0) -> WallTime {
    WallTime(nanoseconds: seconds * 1_000_000_000 + milliseconds * 1_000_000)
  }

  @Test func knownInstantsAreWrittenAsRFC3339() {
    #expect(Self.time(0).rfc3339 == "1970-01-01T00:00:00.000Z")
    #expect(Self.time(951_782_400).rfc3339 == "2000-02-29T00:00:00.000Z")
    #expect(Self.time(1_795_252_366, milliseconds: 7).rfc3339 == "2026-11-21T09:12:46.007Z")
    #expect(WallTime(nanoseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
    #expect(WallTime(nanoseconds: .max).rfc3339 == "2262-04-11T23:47:16.854Z")
    #expect(WallTime(nanoseconds: .min).rfc3339 == "1677-09-21T00:12:43.145Z")
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000000Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
      (-1_000_000_000, "1969-12-31T23:59:59.000000000Z"),
      (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
      (.max, "2262-04-11T23:47:16.854775807Z"), (.min, "1677-09-21T00:12:43.145224192Z"),
    ] as [(Int64, String)])
  func nanosecondsAreWrittenAndReadBack(nanoseconds: Int64, text: String) {
    let time = WallTime(nanoseconds: nanoseconds)
    #expect(time.rfc3339Nanoseconds == text)
    #expect(WallTime(rfc3339Nanoseconds: text) == time)
  }

  @Test func anyInstantIsReadBackTheSame() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<5_000 {
      let time = WallTime(nanoseconds: Int64.random(in: .min ... .max, using: &random))
      #expect(WallTime(rfc3339Nanoseconds: time.rfc3339Nanoseconds) == time)
    }
  }

  @Test(arguments: [
    "", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00.000Z", "2026-11-21T12:00:00.0000000000Z",
    "2026-11-21 12:00:00.000000000Z", "2026-11-21T12:00:00.000000000z", "2026-11-21T12:00:00.00000000é",
    "2026-02-29T12:00:00.000000000Z", "2026-00-21T12:00:00.000000000Z", "2026-13-01T12:00:00.000000000Z",
    "2026-11-00T12:00:00.000000000Z", "2026-11-31T12:00:00.000000000Z", "2026-11-21T24:00:00.000000000Z",
    "2026-11-21T12:60:00.000000000Z", "2026-11-21T12:00:60.000000000Z", "2026-11-21T12:00:-1.000000000Z",
    "2262-04-11T23:47:16.854775808Z", "1677-09-21T00:12:43.145224191Z", "0000-01-01T00:00:00.000000000Z",
    "9999-12-31T23:59:59.999999999Z",
  ])
  func whatIsNoInstantIsRefused(text: String) {
    #expect(WallTime(rfc3339Nanoseconds: text) == nil)
  }

  @Test func everyDayOfThreeCenturiesIsRight() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for day in stride(from: Int64(-80_000), to: 90_000, by: 17) {
      let seconds = day * 86_400 + 12_345
      let wanted = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(seconds)))
      let time = Self.time(seconds).calendar()
      let found: [Int?] = [time.year, time.month, time.day, time.hour, time.minute, time.second]
      #expect(
        found == [wanted.year, wanted.month, wanted.day, wanted.hour, wanted.minute, wanted.second])
    }
  }

  @Test func anOffsetMovesTheClock() {
    let newYear = Self.time(1_798_761_600)
    #expect(newYear.rfc3339 == "2027-01-01T00:00:00.000Z")
    let west = newYear.calendar(offsetSeconds: -5 * 3600 - 1800)
    #expect(west == CalendarTime(year: 2026, month: 12, day: 31, hour: 18, minute: 30))
    let east = newYear.calendar(offsetSeconds: 14 * 3600)
    #expect(east == CalendarTime(year: 2027, month: 1, day: 1, hour: 14))
  }
}
