import Cluster

/// A trail in one line of cells, the newest to the right, from 0 to its own highest.
struct Sparkline {
  let trail: Trail
  let glyphs: Glyphs

  func draw(on canvas: inout Canvas, x: Int, y: Int, width: Int, isStale: Bool = false) {
    guard width > 0 else { return }
    let slots = trail.slots.suffix(width)
    let most = slots.reduce(Float(0)) { $1.isFinite ? max($0, $1) : $0 }
    let style = isStale ? Style(.stale, .dim) : Style(.graph)
    var column = x + width - slots.count
    for value in slots {
      if value.isFinite {
        canvas.put(Cell(scalar: level(value, of: most), style: style), x: column, y: y)
      }
      column += 1
    }
  }

  private func level(_ value: Float, of most: Float) -> Unicode.Scalar {
    let levels = glyphs.levels
    guard most > 0, value > 0 else { return levels[0] }
    let place = Int((value / most * Float(levels.count - 1)).rounded(.up))
    return levels[min(max(1, place), levels.count - 1)]
  }
}
