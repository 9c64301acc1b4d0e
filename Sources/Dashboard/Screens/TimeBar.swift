import Cluster

/// One line about a stretch of the past: how bad each part of it was, where somebody changed something, where a
/// virtual address moved (F for failover), where nothing is known, and where we are.
///
///     13:32 [......:...!....::=#####..F...D..__..!!##|] now
struct TimeBar {
  let strip: TimeStrip
  /// The moment that is shown; nil for the present.
  let cursor: WallTime?
  /// Whether the strip reaches up to the present.
  let endsNow: Bool
  let look: Look

  private var glyphs: Glyphs { Glyphs(isUnicode: look.isUnicode) }

  /// How many parts a strip needs to fill the bar.
  static func parts(width: Int, span: TimeSpan, endsNow: Bool, look: Look) -> Int {
    Frame(width: width, span: span, endsNow: endsNow, look: look).count
  }

  func draw(on canvas: inout Canvas, y: Int) {
    let frame = Frame(width: canvas.width, span: strip.span, endsNow: endsNow, look: look)
    guard frame.count > 0 else { return }
    let label = Style(.label)
    let line = Style(.line)
    canvas.write(frame.start, x: frame.inset, y: y, style: label)
    canvas.write(frame.end, endingAt: canvas.width - frame.inset, y: y, style: label)
    canvas.write("[", x: frame.x - 1, y: y, style: line)
    canvas.write("]", x: frame.x + frame.count, y: y, style: line)
    for column in 0..<frame.count {
      canvas.put(cell(of: part(column, of: frame.count)), x: frame.x + column, y: y)
    }
    let here = Cell(scalar: glyphs.here, style: Style(cursor == nil ? .live : .replay, .bold))
    if let column = self.column(of: cursor, count: frame.count) {
      canvas.put(here, x: frame.x + column, y: y)
    }
  }

  /// The moment that a click on a column of a bar of that width means: the middle of what the column covers;
  /// nil beside the bar.
  func time(x: Int, width: Int) -> WallTime? {
    let frame = Frame(width: width, span: strip.span, endsNow: endsNow, look: look)
    guard x >= frame.x, x < frame.x + frame.count else { return nil }
    return strip.span.start(ofPart: 2 * (x - frame.x) + 1, count: 2 * frame.count)
  }

  /// Where we are; nil where that is not in the bar.
  private func column(of cursor: WallTime?, count: Int) -> Int? {
    guard let cursor else { return endsNow ? count - 1 : nil }
    if cursor == strip.span.end { return count - 1 }
    return strip.span.part(of: cursor, count: count)
  }

  /// What a column stands for: all the parts in it where there are more parts than columns.
  private func part(_ column: Int, of count: Int) -> TimeStrip.Part {
    let parts = strip.parts
    guard !parts.isEmpty else { return TimeStrip.Part() }
    let first = column * parts.count / count
    let end = max(first + 1, (column + 1) * parts.count / count)
    return parts[first..<end].dropFirst().reduce(parts[first]) { sum, part in
      var sum = sum
      if part.worst?.severity ?? -1 > sum.worst?.severity ?? -1 { sum.worst = part.worst }
      sum.hasChange = sum.hasChange || part.hasChange
      sum.hasFailover = sum.hasFailover || part.hasFailover
      sum.isGap = sum.isGap || part.isGap
      return sum
    }
  }

  /// That the address moved is seen before everything else, in the colour of what was bad then: it is over soon,
  /// and one looks for it. What was bad is seen before what somebody did, which underlines it.
  private func cell(of part: TimeStrip.Part) -> Cell {
    if part.hasFailover {
      let role = part.worst.flatMap { $0.isBad ? $0.role : nil } ?? HealthState.degraded.role
      return Cell(scalar: "F", style: Style(role, part.hasChange ? [.bold, .underline] : .bold))
    }
    if let worst = part.worst, worst.isBad {
      return Cell(
        scalar: glyphs.past(worst), style: Style(worst.role, part.hasChange ? [.bold, .underline] : .bold))
    }
    if part.hasChange { return Cell(scalar: "D", style: Style(.accent, .bold)) }
    if part.isGap || part.worst == nil { return Cell(scalar: glyphs.gap, style: Style(.stale)) }
    return Cell(scalar: glyphs.past(part.worst), style: Style(part.worst?.role ?? .stale))
  }

  /// Where everything stands in the line.
  private struct Frame {
    let inset: Int
    let start: String
    let end: String
    /// The first column of the bar, and how many there are.
    let x: Int
    let count: Int

    init(width: Int, span: TimeSpan, endsNow: Bool, look: Look) {
      let isRoomy = width >= 20
      inset = isRoomy ? 1 : 0
      start =
        isRoomy ? Figures.axis(span.start, of: span, isNarrow: width < 60, utcOffset: look.utcOffset) : ""
      end =
        !isRoomy
        ? ""
        : endsNow ? "now" : Figures.axis(span.end, of: span, isNarrow: width < 60, utcOffset: look.utcOffset)
      let gap = isRoomy ? 2 : 1
      x = inset + start.columns + gap
      count = max(0, width - inset - end.columns - gap - x)
    }
  }
}
