/// A rectangle of cells: what a screen is before any terminal sees it.
///
/// Pure: rendering makes a grid, a terminal shows the difference between two of them.
public struct Grid: Sendable, Equatable {
  public let size: Size
  /// Row by row, `size.width * size.height` of them.
  public private(set) var cells: [Cell]

  /// A blank grid. Negative sizes count as 0.
  public init(size: Size) {
    self.size = Size(width: max(0, size.width), height: max(0, size.height))
    cells = [Cell](repeating: .blank, count: self.size.width * self.size.height)
  }

  /// The cell at a place inside the grid; a place outside traps.
  public subscript(x: Int, y: Int) -> Cell {
    get { cells[y * size.width + x] }
    set { cells[y * size.width + x] = newValue }
  }
}

public struct Size: Hashable, Sendable {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// One place on the screen.
public struct Cell: Hashable, Sendable {
  /// What is drawn; 0 where the wide character to the left covers this cell.
  public var scalar: UInt32
  /// A combining mark on it; 0 for none. Further marks are dropped.
  public var mark: UInt32
  public var style: Style

  public init(scalar: Unicode.Scalar, mark: Unicode.Scalar? = nil, style: Style = .plain) {
    self.scalar = scalar.value
    self.mark = mark?.value ?? 0
    self.style = style
  }

  /// The right half of a wide character.
  static func covered(_ style: Style) -> Cell {
    var cell = Cell(scalar: " ", style: style)
    cell.scalar = 0
    return cell
  }

  public static let blank = Cell(scalar: " ")
}
