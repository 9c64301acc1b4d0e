import Cluster

/// A trail cut into as many parts as there is room for, the newest to the right.
struct Plot: Sendable {
  /// The mean of each part; NaN is a gap.
  let parts: [Float]
  let partWidth: Duration
  let least, mean, most: Float?
  let newest: Float?

  /// How many slots go into a part so that everything known fits into `count` parts.
  static func slotsPerPart(_ trail: Trail, count: Int) -> Int {
    guard count > 0, let first = trail.slots.firstIndex(where: \.isFinite) else { return 1 }
    let known = trail.slots.count - first
    return [1, 2, 5, 10, 20, 60].first { $0 * count >= known } ?? 60
  }

  /// `tick` numbers the newest slot, so that a slot stays in its part while time goes on and nothing flickers.
  init(_ trail: Trail, count: Int, slotsPerPart: Int, tick: Int) {
    partWidth = trail.slotWidth * slotsPerPart
    var parts = [Float](repeating: .nan, count: max(0, count))
    var end = trail.slots.count
    var length = tick % slotsPerPart + 1
    var shown: ArraySlice<Float> = []
    for index in parts.indices.reversed() {
      guard end > 0 else { break }
      let start = max(0, end - length)
      let known = trail.slots[start..<end].filter(\.isFinite)
      if !known.isEmpty { parts[index] = known.reduce(0, +) / Float(known.count) }
      shown = trail.slots[start...]
      end = start
      length = slotsPerPart
    }
    self.parts = parts
    let known = shown.filter(\.isFinite)
    least = known.min()
    most = known.max()
    mean = known.isEmpty ? nil : known.reduce(0, +) / Float(known.count)
    newest = trail.slots.last.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The least of 1, 2, 5 · 10ⁿ that is not below `value`, so that an axis rarely changes.
  static func niceBound(above value: Float, atLeast least: Float) -> Float {
    guard value.isFinite, value > least else { return least }
    var step = least
    while step < value, step < 1e12 {
      if step * 2 >= value { return step * 2 }
      if step * 5 >= value { return step * 5 }
      step *= 10
    }
    return step
  }
}

/// Draws a plot as a filled area: in braille two parts to a cell, in ASCII one.
struct PlotArea {
  let plot: Plot
  let bound: Float
  /// From where on values are drawn as bad; infinity for never.
  let limit: Float
  let glyphs: Glyphs

  static func partsPerCell(_ glyphs: Glyphs) -> Int { glyphs.isUnicode ? 2 : 1 }

  func draw(on canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    guard width > 0, height > 0 else { return }
    let perCell = Self.partsPerCell(glyphs)
    guard let begun = plot.parts.firstIndex(where: \.isFinite) else { return }
    for x in 0..<width {
      let first = plot.parts.count - (width - x) * perCell
      guard first + perCell > begun, first >= 0 else { continue }
      let parts = plot.parts[first..<first + perCell]
      if parts.allSatisfy({ !$0.isFinite }) {
        canvas.put(Cell(scalar: glyphs.gap, style: Style(.stale)), x: x, y: height - 1)
        continue
      }
      let isBad = parts.contains { $0.isFinite && $0 > limit }
      let style = Style(isBad ? .degraded : .graph)
      for y in 0..<height {
        if let scalar = sign(for: Array(parts), row: height - 1 - y, height: height) {
          canvas.put(Cell(scalar: scalar, style: style), x: x, y: y)
        }
      }
    }
  }

  /// What stands in the row counted from the bottom; nil for nothing.
  private func sign(for parts: [Float], row: Int, height: Int) -> Unicode.Scalar? {
    if glyphs.isUnicode {
      var dots: UInt32 = 0
      for (column, part) in parts.enumerated() where part.isFinite {
        let filled = self.filled(part, steps: height * 4) - row * 4
        for step in 0..<max(0, min(4, filled)) { dots |= Self.dots[column][step] }
      }
      return dots == 0 ? nil : Unicode.Scalar(0x2800 + dots)
    }
    guard let part = parts.first, part.isFinite else { return nil }
    let filled = self.filled(part, steps: height * 3) - row * 3
    return filled <= 0 ? nil : filled == 1 ? "." : filled == 2 ? ":" : "#"
  }

  /// How many steps are filled; what is known is never quite empty.
  private func filled(_ value: Float, steps: Int) -> Int {
    guard bound > 0 else { return 1 }
    return max(1, min(steps, Int((value / bound * Float(steps)).rounded())))
  }

  /// The bits of a braille sign from the bottom up, left and right. Source: Unicode, Braille Patterns.
  private static let dots: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
}
