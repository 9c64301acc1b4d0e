import Dashboard
import Testing

@testable import Terminal

@Suite struct GridDifferenceTests {
  private func grid(_ text: String, width: Int = 10) -> Grid {
    var canvas = Canvas(size: Size(width: width, height: 1))
    canvas.write(text, x: 0, y: 0)
    return canvas.finish()
  }

  @Test func theSameRowIsNotSent() {
    #expect(grid("abc").changedRun(inRow: 0, since: grid("abc"), width: 10) == nil)
  }

  @Test func onlyWhatChangedIsSent() {
    #expect(grid("a12 d").changedRun(inRow: 0, since: grid("a34 d"), width: 10) == 1..<3)
  }

  @Test func aWideCharacterIsSentWhole() {
    #expect(grid("日本x").changedRun(inRow: 0, since: grid("日本y"), width: 10) == 4..<5)
    #expect(grid("abcd").changedRun(inRow: 0, since: grid("a日d"), width: 10) == 1..<3)
    #expect(grid("日x").changedRun(inRow: 0, since: grid("日本"), width: 10) == 2..<4)
  }

  @Test func withoutAPictureBeforeAllIsSent() {
    #expect(grid("abc").changedRun(inRow: 0, since: nil, width: 10) == 0..<10)
    #expect(grid("abc").changedRun(inRow: 0, since: nil, width: 4) == 0..<4)
    #expect(grid("", width: 0).changedRun(inRow: 0, since: nil, width: 4) == nil)
  }
}
