import Cluster

/// A trail cut into as many parts as there is room for, the newest to the right.
struct Plot: Sendable {
  /// The mean of each part; NaN is a gap.
  let parts: [Float]
  /// The least and the most in each part, where a part stands for more than is drawn of it; else empty.
  let band: [(least: Float, most: Float)]
  let partWidth: Duration
  let least, mean, most: Float?
  let newest: Float?
  /// The part in which the moment lies that is looked at, and what is known of it; nil where that is now, or not
  /// in the picture.
  private(set) var moment: (part: Int, column: GraphSeries.Column?)?

  /// How many slots go into a part so that everything known fits into `count` parts.
  static func slotsPerPart(_ trail: Trail, count: Int) -> Int {
    guard count > 0, let first = (0..<trail.count).first(where: { trail[$0].isFinite }) else { return 1 }
    let known = trail.count - first
    return [1, 2, 5, 10, 20, 60].first { $0 * count >= known } ?? 60
  }

  init(_ trail: TrailParts) {
    partWidth = trail.trail.slotWidth * trail.slotsPerPart
    parts = Array(trail)
    band = []
    let extremes = trail.extremes
    least = extremes?.least
    mean = extremes?.mean
    most = extremes?.most
    newest = trail.trail.newest
  }

  /// A stretch from the record; `newest` is what it has come to at the moment that is looked at.
  init(_ series: GraphSeries, newest: Float?, moment: WallTime? = nil) {
    let columns = series.columns
    partWidth = series.span.length / max(1, columns.count)
    self.moment = moment.flatMap { series.span.part(of: $0, count: columns.count) }.map { ($0, columns[$0]) }
    parts = columns.map { $0.map { Float($0.mean) } ?? .nan }
    band = columns.map { $0.map { (Float($0.min), Float($0.max)) } ?? (.nan, .nan) }
    let overall = series.overall
    least = overall.map { Float($0.min) }
    mean = overall.map { Float($0.mean) }
    most = overall.map { Float($0.max) }
    self.newest = newest
  }

  /// The highest value that is drawn.
  var highest: Float {
    let means = parts.reduce(0 as Float) { $1.isFinite ? max($0, $1) : $0 }
    return band.reduce(means) { $1.most.isFinite ? max($0, $1.most) : $0 }
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
    let marked = plot.moment.map { width - (plot.parts.count - $0.part + perCell - 1) / perCell }
    if let marked { drawMoment(at: marked, on: &canvas) }
    guard let begun = plot.parts.firstIndex(where: \.isFinite) else { return }
    for x in 0..<width {
      let first = plot.parts.count - (width - x) * perCell
      guard first + perCell > begun, first >= 0 else { continue }
      let parts = plot.parts[first..<first + perCell]
      // What came after the moment steps back: it was not known then.
      let isLater = marked.map { x > $0 } ?? false
      if parts.allSatisfy({ !$0.isFinite }) {
        if x != marked { canvas.put(Cell(scalar: glyphs.gap, style: Style(.stale)), x: x, y: height - 1) }
        continue
      }
      let isBad = parts.contains { $0.isFinite && $0 > limit }
      let style = Style(x == marked ? .replay : isBad ? .degraded : .graph)
      // The band stands behind the mean: what it has above it is faint, and what is below its foot is firm.
      let band = plot.band.isEmpty ? [] : Array(plot.band[first..<first + perCell])
      for y in 0..<height {
        let row = height - 1 - y
        if let scalar = sign(for: Array(parts), row: row, height: height) {
          let isFirm = !band.isEmpty && isBelow(band.map(\.least), row: row, height: height)
          canvas.put(
            Cell(scalar: scalar, style: Style(style.role, isLater ? .dim : isFirm ? .bold : [])), x: x, y: y)
        } else if x != marked, let scalar = sign(for: band.map(\.most), row: row, height: height) {
          canvas.put(Cell(scalar: scalar, style: Style(style.role, .dim)), x: x, y: y)
        }
      }
    }
  }

  /// The line on which the moment stands that is looked at.
  private func drawMoment(at x: Int, on canvas: inout Canvas) {
    for y in 0..<canvas.height {
      canvas.put(Cell(scalar: glyphs.vertical, style: Style(.replay)), x: x, y: y)
    }
  }

  /// Whether a row, counted from the bottom, is wholly below the least of all that is known.
  private func isBelow(_ least: [Float], row: Int, height: Int) -> Bool {
    let known = least.filter(\.isFinite)
    return !known.isEmpty && known.allSatisfy { $0 / bound * Float(height) >= Float(row + 1) }
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
    // Cut before it becomes a whole number: a value may be far below 0, and then it is none.
    return Int(max(1, min(Float(steps), (value / bound * Float(steps)).rounded())))
  }

  /// The bits of a braille sign from the bottom up, left and right. Source: Unicode, Braille Patterns.
  private static let dots: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
}
