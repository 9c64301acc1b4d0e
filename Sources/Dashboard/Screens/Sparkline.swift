import Cluster

/// A trail in one line of cells, the newest to the right, from 0 to beyond its own highest.
///
/// A cell stands for five seconds: a line that moved each second would be all that the eye sees.
struct Sparkline {
  let trail: Trail
  /// The number of the newest slot.
  let tick: Int
  let glyphs: Glyphs

  func draw(on canvas: inout Canvas, x: Int, y: Int, width: Int, isStale: Bool = false) {
    guard width > 0, trail.slotWidth > .zero else { return }
    let perCell = Int(max(1, min(60, (5 / trail.slotWidth.seconds).rounded())))
    let parts = TrailParts(trail, count: width, slotsPerPart: perCell, tick: tick)
    // Steady traffic is a line in the middle, with room for what is out of the ordinary.
    let most = max(parts.reduce(0) { $1.isFinite ? max($0, $1) : $0 }, 1.8 * (parts.extremes?.mean ?? 0))
    let style = isStale ? Style(.stale, .dim) : Style(.graph)
    // Before the first reading there is nothing; after it, what is missing is a gap.
    var hasBegun = (0..<max(0, trail.count - width * perCell)).contains { trail[$0].isFinite }
    for (column, value) in parts.enumerated() {
      if value.isFinite {
        hasBegun = true
        canvas.put(Cell(scalar: level(value, of: most), style: style), x: x + column, y: y)
      } else if hasBegun {
        canvas.put(Cell(scalar: glyphs.gap, style: Style(.stale, .dim)), x: x + column, y: y)
      }
    }
  }

  private func level(_ value: Float, of most: Float) -> Unicode.Scalar {
    let levels = glyphs.levels
    guard most > 0, value > 0 else { return levels[0] }
    let place = Int((value / most * Float(levels.count - 1)).rounded())
    return levels[min(max(1, place), levels.count - 1)]
  }
}
