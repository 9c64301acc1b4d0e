import Cluster
import Testing

@testable import Agent

/// For whom a frame waits.
@Suite struct OpenFrameTests {
  private static let moment = Moment(wall: WallTime(nanoseconds: 9), uptime: Uptime(nanoseconds: 5))

  private func reading(_ source: Int) -> Reading {
    Reading(source: SourceID(source), at: Self.moment, took: .milliseconds(1), outcome: .failure(.refused))
  }

  @Test func itIsCompleteWithTheLastOfThoseThatAreExpected() {
    var frame = OpenFrame(sources: 3)
    frame.open(isBetweenTicks: false)
    frame.wait(for: 0, isExpected: true)
    frame.wait(for: 1, isExpected: false)
    frame.wait(for: 2, isExpected: true)
    let complete = [1, 0, 2].map { frame.take(reading($0)) }
    #expect(complete == [false, false, true])
    let closed = frame.close(at: Self.moment)
    #expect(closed?.readings.map(\.source.index) == [1, 0, 2] && closed?.isBetweenTicks == false)
    let again = frame.close(at: Self.moment)
    #expect(!frame.isOpen && !frame.hasReadings && again == nil)
  }

  @Test func whereNobodyIsExpectedItWaitsForAll() {
    var frame = OpenFrame(sources: 2)
    frame.open(isBetweenTicks: false)
    frame.wait(for: 0, isExpected: false)
    frame.wait(for: 1, isExpected: false)
    let complete = [0, 1].map { frame.take(reading($0)) }
    #expect(complete == [false, true])
  }

  @Test func whatComesTooLateIsInTheNext() {
    var frame = OpenFrame(sources: 2)
    frame.open(isBetweenTicks: false)
    frame.wait(for: 0, isExpected: true)
    frame.wait(for: 1, isExpected: true)
    _ = frame.take(reading(0))
    let first = frame.close(at: Self.moment)
    _ = frame.take(reading(1))
    let none = frame.close(at: Self.moment)
    #expect(first?.readings.count == 1 && frame.hasReadings && none == nil)
    frame.open(isBetweenTicks: true)
    let next = frame.close(at: Self.moment)
    #expect(next?.readings.map(\.source.index) == [1] && next?.isBetweenTicks == true)
  }
}
