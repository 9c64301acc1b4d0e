import Testing

@testable import Cluster

struct ErrorWindowTests {
  @Test func countsThatNoProgramCanHaveOverflowNothing() {
    var windows = ErrorWindows(count: 2)
    for _ in 0..<3 * ErrorWindows.ticks {
      windows.beginTick()
      windows.note(errors: .min, attempts: .min, of: 0)
      windows.note(errors: .max, attempts: .max, of: 1)
    }
    #expect(windows.sums(of: 0) == (0, 0))
    #expect(windows.sums(of: 1).errors > 0)
  }

  @Test func whatIsOlderThanTheWindowIsForgottenOfEachByItself() {
    var windows = ErrorWindows(count: 3)
    windows.beginTick()
    windows.note(errors: 1, attempts: 10, of: 1)
    for _ in 1..<ErrorWindows.ticks {
      windows.beginTick()
      windows.note(errors: 2, attempts: 2, of: 2)
    }
    #expect(windows.sums(of: 0) == (0, 0))
    #expect(windows.sums(of: 1) == (1, 10))
    windows.beginTick()
    #expect(windows.sums(of: 1) == (0, 0))
    #expect(windows.sums(of: 2).errors == 18)
    let moved = windows.moved(to: 2) { $0 == 0 ? 2 : nil }
    #expect(moved.sums(of: 0).errors == 18)
    #expect(moved.sums(of: 1) == (0, 0))
  }
}
