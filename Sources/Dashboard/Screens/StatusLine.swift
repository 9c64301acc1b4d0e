import Cluster

/// The line above the last: all there is to say about the selected node in one line.
struct StatusLine {
  let state: State

  func draw(on canvas: inout Canvas, y: Int) {
    guard state.page == .view, state.view != .events, let place = state.selectedPlace else { return }
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
  }
}
