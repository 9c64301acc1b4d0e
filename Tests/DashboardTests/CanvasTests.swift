import Testing

@testable import Dashboard

@Suite struct CanvasTests {
  @Test func textIsClippedAtItsFrame() {
    var canvas = Canvas(size: Size(width: 6, height: 2))
    canvas.within(Rect(x: 2, y: 0, width: 3, height: 1)) { canvas in
      canvas.write("abcdef", x: 0, y: 0)
      canvas.write("no", x: 0, y: 1)
      canvas.write("xyz", x: -2, y: 0)
    }
    #expect(canvas.finish().rows == ["  zbc", ""])
  }

  @Test func aWideCharacterThatDoesNotFitWholeIsABlank() {
    var canvas = Canvas(size: Size(width: 3, height: 1))
    canvas.write("日本", x: 0, y: 0)
    let grid = canvas.finish()
    #expect(grid.rows == ["日"])
    #expect(grid[1, 0].scalar == 0)
    #expect(grid[2, 0].scalar == 0x20)
  }

  @Test func aMarkStandsOnItsLetter() {
    var canvas = Canvas(size: Size(width: 3, height: 1))
    canvas.write("e\u{301}x", x: 0, y: 0)
    let grid = canvas.finish()
    #expect(grid[0, 0].mark == 0x301)
    #expect(grid[1, 0].scalar == 0x78)
  }

  @Test func placesOutsideAreIgnored() {
    var canvas = Canvas(size: Size(width: 2, height: 2))
    canvas.fill(Rect(x: -5, y: -5, width: 100, height: 100), with: "#")
    canvas.put(Cell(scalar: "x"), x: 9, y: -1)
    canvas.emphasise(Rect(x: 1, y: 1, width: 9, height: 9), .selected)
    #expect(canvas.finish().rows == ["##", "##"])
  }
}
