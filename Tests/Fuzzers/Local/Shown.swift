import Cluster
import FuzzerKit

@testable import Dashboard

/// What a grid may hold: what the sanitiser lets through, and wide characters whole.
final class Shown {
  /// Scalars that have passed.
  private var known: [UInt32: Int] = [:]

  func require(_ grid: Grid) {
    var place = 0
    var before = 1
    for cell in grid.cells {
      if place % grid.size.width == 0 { before = 1 }
      place += 1
      // The cell that a wide character covers.
      if cell.scalar == 0 {
        FuzzerKit.require(before == 2, "half a wide character at \(place - 1) in \(grid.size)")
        before = 0
        continue
      }
      before = columns(of: cell.scalar)
      if cell.mark != 0 {
        FuzzerKit.require(columns(of: cell.mark) == 0, "a mark that is none: \(cell.mark)")
      }
    }
  }

  private func columns(of value: UInt32) -> Int {
    if 0x20...0x7E ~= value { return 1 }
    if let columns = known[value] { return columns }
    guard let scalar = Unicode.Scalar(value), printable(String(scalar)) == String(scalar) else {
      fatalError("a cell that is not sanitised: \(value)")
    }
    known[value] = scalar.columns
    return scalar.columns
  }
}
