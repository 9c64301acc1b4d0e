/// A pen on a part of a grid: everything outside its frame is clipped, so that no view can draw out of
/// its place or crash on a small screen.
public struct Canvas: ~Copyable {
  private var grid: Grid
  private var spots: [Spot] = []
  /// The part of the grid that can be drawn on, in the grid's coordinates.
  public private(set) var frame: Rect

  public init(size: Size) {
    grid = Grid(size: size)
    frame = Rect(x: 0, y: 0, width: grid.size.width, height: grid.size.height)
  }

  public var width: Int { frame.width }
  public var height: Int { frame.height }

  /// The drawn grid.
  public consuming func finish() -> Grid { grid }

  /// The drawn grid and what can be clicked on it.
  consuming func finishScene() -> Scene { Scene(grid: grid, spots: spots) }

  /// Says what a click on a rectangle is about.
  mutating func touch(_ rect: Rect, _ target: Spot.Target) {
    let place = frame.clipped(rect)
    if place.width > 0, place.height > 0 { spots.append(Spot(rect: place, target: target)) }
  }

  /// Lets `draw` see only `part` of this canvas, with its own origin; clipped to what there is.
  public mutating func within(_ part: Rect, _ draw: (inout Canvas) -> Void) {
    let outer = frame
    frame = outer.clipped(part)
    draw(&self)
    frame = outer
  }

  /// Writes text from `x` on, at most `limit` cells of it, and returns the place after the last one.
  ///
  /// Text never wraps; a wide character that does not fit whole becomes a blank.
  @discardableResult
  public mutating func write(
    _ text: some StringProtocol, x: Int, y: Int, style: Style = .plain, limit: Int = .max
  ) -> Int {
    guard y >= 0, y < frame.height else { return x }
    let end = limit == .max ? frame.width : min(frame.width, x + max(0, limit))
    var column = x
    for scalar in text.unicodeScalars {
      let cells = scalar.columns
      if cells == 0 {
        mark(scalar, x: column - 1, y: y)
        continue
      }
      if column + cells > end {
        if column < end { put(Cell(scalar: " ", style: style), x: column, y: y) }
        return min(column + cells, end)
      }
      put(Cell(scalar: scalar, style: style), x: column, y: y)
      if cells == 2 { put(.covered(style), x: column + 1, y: y) }
      column += cells
    }
    return column
  }

  /// Writes text so that it ends before `end`.
  mutating func write(_ text: some StringProtocol, endingAt end: Int, y: Int, style: Style = .plain) {
    write(text, x: end - text.columns, y: y, style: style)
  }

  /// Sets every cell of a rectangle.
  public mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar = " ", style: Style = .plain) {
    for y in max(0, rect.y)..<max(0, rect.y, min(frame.height, rect.y + rect.height)) {
      for x in max(0, rect.x)..<max(0, rect.x, min(frame.width, rect.x + rect.width)) {
        put(Cell(scalar: scalar, style: style), x: x, y: y)
      }
    }
  }

  /// Adds to the emphasis of every cell of a rectangle, and keeps what is written there.
  public mutating func emphasise(_ rect: Rect, _ emphasis: Style.Emphasis) {
    for y in max(0, rect.y)..<max(0, rect.y, min(frame.height, rect.y + rect.height)) {
      for x in max(0, rect.x)..<max(0, rect.x, min(frame.width, rect.x + rect.width)) {
        grid[frame.x + x, frame.y + y].style.emphasis.formUnion(emphasis)
      }
    }
  }

  /// Draws the corners and sides of a rectangle, and leaves what is in it.
  mutating func outline(_ rect: Rect, with box: Glyphs.Box, style: Style) {
    let (right, bottom) = (rect.x + rect.width - 1, rect.y + rect.height - 1)
    for y in [rect.y, bottom] {
      fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), with: box.horizontal, style: style)
    }
    for x in [rect.x, right] {
      fill(Rect(x: x, y: rect.y, width: 1, height: rect.height), with: box.vertical, style: style)
    }
    put(Cell(scalar: box.topLeft, style: style), x: rect.x, y: rect.y)
    put(Cell(scalar: box.topRight, style: style), x: right, y: rect.y)
    put(Cell(scalar: box.bottomLeft, style: style), x: rect.x, y: bottom)
    put(Cell(scalar: box.bottomRight, style: style), x: right, y: bottom)
  }

  /// Sets one cell; a place outside the frame is ignored.
  public mutating func put(_ cell: Cell, x: Int, y: Int) {
    guard x >= 0, y >= 0, x < frame.width, y < frame.height else { return }
    grid[frame.x + x, frame.y + y] = cell
  }

  private mutating func mark(_ scalar: Unicode.Scalar, x: Int, y: Int) {
    guard x >= 0, x < frame.width, y >= 0, y < frame.height else { return }
    if grid[frame.x + x, frame.y + y].mark == 0 { grid[frame.x + x, frame.y + y].mark = scalar.value }
  }
}

public struct Rect: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// What is within its outline.
  var inner: Rect { Rect(x: x + 1, y: y + 1, width: width - 2, height: height - 2) }

  /// `part`, given in this rectangle's coordinates, cut to this rectangle, in the outer coordinates.
  func clipped(_ part: Rect) -> Rect {
    let left = min(max(0, part.x), width)
    let top = min(max(0, part.y), height)
    let right = min(max(left, part.x + part.width), width)
    let bottom = min(max(top, part.y + part.height), height)
    return Rect(x: x + left, y: y + top, width: right - left, height: bottom - top)
  }
}
