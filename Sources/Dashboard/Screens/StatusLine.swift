import Cluster

/// The line above the last: all there is to say about the selected node in one line, and where there is room
/// left, who records.
struct StatusLine {
  let state: State

  func draw(on canvas: inout Canvas, y: Int) {
    drawKeeper(on: &canvas, y: y, from: drawNode(on: &canvas, y: y))
  }

  /// Returns where it ends.
  private func drawNode(on canvas: inout Canvas, y: Int) -> Int {
    guard state.page == .view, state.view != .events, let place = state.selectedPlace else { return 0 }
    let node = state.topology.nodes[place]
    let report = state.snapshot.nodes[place]
    let ellipsis = state.glyphs.ellipsis
    var x = canvas.write(
      node.name.text.shortened(32, ellipsis: ellipsis), x: 1, y: y, style: Style(.title, .bold))
    x = canvas.write(
      "\(state.glyphs.state(report.verdict.state)) ", x: x + 2, y: y, style: Style(report.verdict.state.role))
    x = canvas.write(
      report.verdict.words.shortened(max(0, canvas.width - x - 1), ellipsis: ellipsis), x: x, y: y,
      style: Style(report.verdict.state.role))
    var facts: [String] = []
    if let role = node.role { facts.append(role.rawValue + (node.of.map { " of \($0)" } ?? "")) }
    if let address = node.address { facts.append(address.description) }
    if report.verdict.state != .stale, let since = report.since, let now = state.now {
      facts.append("for \(Figures.span(.nanoseconds(now.wall.nanoseconds &- since.nanoseconds)))")
    }
    for fact in facts where x + 2 + fact.columns < canvas.width {
      x = canvas.write(fact, x: x + 2, y: y, style: Style(.label))
    }
    return x
  }

  /// What nobody has to do anything about gives way whole; the rest is shortened to what fits.
  private func drawKeeper(on canvas: inout Canvas, y: Int, from start: Int) {
    guard let keeper = state.keeper else { return }
    let room = canvas.width - 1 - (start == 0 ? 1 : start + 3)
    let words = keeper.words
    guard words.columns <= room || keeper.isTrouble && room >= 16 else { return }
    canvas.write(
      words.shortened(room, ellipsis: state.glyphs.ellipsis), endingAt: canvas.width - 1, y: y,
      style: Style(keeper.isTrouble ? .degraded : .label))
  }
}
