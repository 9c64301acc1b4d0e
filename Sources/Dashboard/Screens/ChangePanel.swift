import Cluster

/// A change that is looked at, or how one goes: a panel over the lower part of the view.
struct ChangePanel {
  let state: State

  /// The frame, and the line at the bottom that stays.
  private static let around = 3

  func draw(on canvas: inout Canvas) {
    let lines = self.lines(width: canvas.width)
    let height = min(canvas.height, lines.count + Self.around)
    let rect = Rect(x: 0, y: canvas.height - height, width: canvas.width, height: height)
    canvas.fill(rect)
    canvas.touch(rect, .panel)
    drawFrame(rect, on: &canvas)
    let rows = self.rows(of: height)
    let top = Window.top(state.changes.panelTop, selected: nil, count: lines.count, height: rows)
    let inner = Rect(x: 1, y: rect.y + 1, width: max(0, rect.width - 2), height: max(0, height - 2))
    canvas.within(inner) { canvas in
      for (y, line) in lines.dropFirst(top).prefix(rows).enumerated() { line.draw(on: &canvas, y: y) }
      question.draw(on: &canvas, y: canvas.height - 1)
    }
    if top + rows < lines.count {
      let more = " \(lines.count - top - rows) more \(state.glyphs.arrowDown) "
      canvas.write(more, endingAt: rect.width - 2, y: rect.y + height - 1, style: Style(.accent))
    }
  }

  /// How many lines there is room for.
  func rows(in body: Rect) -> Int {
    rows(of: min(body.height, lines(width: body.width).count + Self.around))
  }

  private func rows(of height: Int) -> Int { max(0, height - Self.around) }

  private func drawFrame(_ rect: Rect, on canvas: inout Canvas) {
    canvas.outline(rect, with: state.glyphs.box(isHeavy: false), style: Style(.accent))
    let title = " \(self.title) ".shortened(max(0, rect.width - 4), ellipsis: state.glyphs.ellipsis)
    canvas.write(title, x: 2, y: rect.y, style: Style(.title, .bold))
  }

  // MARK: What is in it

  private var title: String {
    if let proposal = state.changes.proposal { return PreviewLines(state: state, proposal: proposal).title }
    return shown?.title ?? ""
  }

  func lines(width: Int) -> [TextLine] {
    if let proposal = state.changes.proposal {
      return PreviewLines(state: state, proposal: proposal).lines(width: width - 2)
    }
    return shown.map { ProgressLines(state: state, ongoing: $0).lines(width: width - 2) } ?? []
  }

  private var question: TextLine {
    if let proposal = state.changes.proposal {
      return PreviewLines(state: state, proposal: proposal).question
    }
    return shown.map { ProgressLines(state: state, ongoing: $0).end } ?? TextLine()
  }

  private var shown: OngoingChange? { state.changes.shown.flatMap { state.changes[$0] } }
}
