import Cluster
import Testing

@testable import Dashboard

@Suite struct FigureTests {
  @Test(
    arguments: [
      (nil, "-"), (0, "0/s"), (0.01, "<0.1/s"), (0.4, "0.4/s"), (3, "3/s"), (9.94, "9.9/s"), (9.96, "10/s"),
      (12.4, "12/s"), (999.4, "999/s"), (999.6, "1.0k/s"), (5_120, "5.1k/s"), (12_400, "12.4k/s"),
      (99_960, "100k/s"), (124_000, "124k/s"), (1_240_000, "1.2M/s"), (-1, "-"), (.nan, "-"),
      (.infinity, "-"), (1e40, ">999T/s"),
    ] as [(Double?, String)])
  func ratesKeepTheirUnit(value: Double?, text: String) {
    #expect(Figures.rate(value) == text)
    #expect(text.columns <= Figures.rateWidth)
  }

  @Test(
    arguments: [
      (nil, "-"), (0, "0 %"), (0.00001, "<0.01 %"), (0.0002, "0.02 %"), (0.0139, "1.39 %"), (0.123, "12.3 %"),
      (1, "100 %"), (0.09996, "10.0 %"),
    ] as [(Double?, String)])
  func whatIsNotZeroIsNotShownAsZeroPercent(value: Double?, text: String) {
    #expect(Figures.percent(value) == text)
    #expect(text.columns <= Figures.percentWidth)
  }

  @Test(
    arguments: [
      (nil, "-"), (0, "<1 ms"), (0.4, "<1 ms"), (1, "1 ms"), (4.25, "4.3 ms"), (12, "12 ms"),
      (210.4, "210 ms"),
      (9_999, "9999 ms"), (12_300, "12.3 s"), (250_000, "250 s"), (1e9, ">9999 s"),
    ] as [(Double?, String)])
  func latenciesAreInMilliseconds(value: Double?, text: String) {
    #expect(Figures.latency(value) == text)
    #expect(text.columns <= Figures.latencyWidth)
  }

  @Test(
    arguments: [
      (nil, "-"), (0, "0"), (99_999, "99999"), (123_456, "123k"), (1_240_000, "1.2M"), (.max, ">999T"),
      (-5, "-5"), (.min, "<-9k"),
    ] as [(Int64?, String)])
  func countsFitTheirField(value: Int64?, text: String) {
    #expect(Figures.count(value) == text)
    #expect(text.columns <= Figures.countWidth)
  }

  @Test(arguments: [
    (Duration.milliseconds(449), "0.4s"), (.seconds(9), "9.0s"), (.seconds(22), "22s"), (.seconds(200), "3m"),
    (.seconds(11_040), "3h04"), (.seconds(266_400), "3d02h"), (.seconds(86_400 * 412), "412d"),
    (.seconds(-3), "0.0s"), (.seconds(Int64.max / 2), ">27y"),
  ])
  func agesGrowCoarser(duration: Duration, text: String) {
    #expect(Figures.age(duration) == text)
    #expect(text.columns <= Figures.ageWidth)
  }

  @Test func timesAreOfTheirPlace() {
    #expect(Figures.timeOfDay(Site.start, utcOffset: 0) == "14:30:00")
    #expect(Figures.timeOfDay(Site.start, utcOffset: -5 * 3600) == "09:30:00")
    #expect(Figures.timeOfDay(Site.start, utcOffset: 19_800) == "20:00:00")
  }

  @Test func longTextIsCutAtItsColumnsNotItsLetters() {
    #expect("サーバー".shortened(5) == "サー…")
    #expect("サーバー".shortened(6).columns == 6)
    #expect("abc".trailing(5) == "  abc")
    #expect("abcdef".leading(4) == "abc…")
    #expect("abc".shortened(0) == "")
  }

  @Test func webTenComesAfterWebTwo() {
    func compare(_ a: String, _ b: String) -> Sort.Comparison { Sort.natural(Array(a.utf8), Array(b.utf8)) }
    #expect(compare("web2", "web10") == .before)
    #expect(compare("web10", "web2") == .after)
    #expect(compare("web02", "web2") == .same)
    #expect(compare("web", "web1") == .before)
    #expect(compare("a1b2", "a1b10") == .before)
    #expect(compare("", "") == .same)
  }
}
