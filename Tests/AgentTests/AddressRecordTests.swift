import Cluster
import Testing

@testable import Agent

struct AddressRecordTests {
  private static func at(_ milliseconds: Int64) -> Moment {
    Moment(
      wall: WallTime(nanoseconds: milliseconds * 1_000_000),
      uptime: Uptime(nanoseconds: milliseconds * 1_000_000))
  }

  @Test func aSilenceLastsFromTheLastGoodTryToTheNext() {
    var record = AddressRecord()
    for (time, isGood) in [(0, true), (100, true), (200, false), (300, false), (400, true), (500, true)] {
      let number = record.begin()
      record.end(number, isGood: isGood, at: Self.at(Int64(time)))
    }
    #expect(record.tries == 6 && record.failures == 2 && record.answers)
    #expect(record.outageBegan == Self.at(100).wall && record.outage == .milliseconds(300))
  }

  @Test func anAnswerThatOvertakesTheSilenceBeforeItDoesNotHideIt() {
    var record = AddressRecord()
    record.end(record.begin(), isGood: true, at: Self.at(0))
    let silent = record.begin()
    let good = record.begin()
    record.end(good, isGood: true, at: Self.at(201))
    #expect(record.tries == 1 && !record.isJudged(upTo: good))
    record.end(silent, isGood: false, at: Self.at(350))
    #expect(record.isJudged(upTo: good) && record.answers && record.failures == 1)
    #expect(record.outage == .milliseconds(201))
  }

  @Test func missesCountInARowOnly() {
    var record = AddressRecord()
    for (isGood, misses) in [(false, 1), (false, 2), (true, 0), (false, 1)] {
      record.end(record.begin(), isGood: isGood, at: Self.at(0))
      #expect(record.misses == misses)
    }
  }

  @Test func whatNeverAnsweredHasNoBeginningOfItsSilence() {
    var record = AddressRecord()
    record.end(record.begin(), isGood: false, at: Self.at(10))
    #expect(!record.answers && record.outageBegan == nil && record.outage == nil)
    record.end(record.begin(), isGood: true, at: Self.at(20))
    #expect(record.answers && record.outage == nil)
  }

  @Test func aTryThatSaysNothingIsNotCounted() {
    var record = AddressRecord()
    let first = record.begin()
    record.end(record.begin(), isGood: true, at: Self.at(5))
    record.drop(first)
    #expect(record.tries == 1 && record.answers)
  }
}
