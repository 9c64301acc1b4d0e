import Cluster

/// The line under the head: the views, and what narrows or orders what is seen.
struct TabLine {
  let state: State

  func draw(on canvas: inout Canvas, y: Int) {
    let line = Style(.line)
    canvas.fill(
      Rect(x: 0, y: y, width: canvas.width, height: 1), with: state.glyphs.horizontal, style: line)
    var x = canvas.width > 20 ? 1 : 0
    for view in ScreenPreferences.View.allCases {
      let isShown = state.view == view && state.page == .view
      let text = " \(view == state.view ? view.rawValue.uppercased() : view.rawValue) "
      let style = isShown ? Style(.title, [.bold]) : Style(view == state.view ? .title : .label)
      canvas.touch(Rect(x: x, y: y, width: text.columns, height: 1), .view(view))
      x = canvas.write(text, x: x, y: y, style: style) + 1
    }
    switch state.page {
    case .detail:
      x = canvas.write(" \(state.selection?.text ?? "") ", x: x, y: y, style: Style(.title, .bold)) + 1
    case .help:
      x = canvas.write(" help ", x: x, y: y, style: Style(.title, .bold)) + 1
    case .comparison: x = canvas.write(" comparison ", x: x, y: y, style: Style(.title, .bold)) + 1
    case .incidents: x = canvas.write(" incidents ", x: x, y: y, style: Style(.title, .bold)) + 1
    case .view: break
    }
    var notes: [(String, Style)] = []
    if !state.changes.marks.isEmpty {
      notes.append((" \(state.changes.marks.count) marked ", Style(.accent)))
    }
    if state.page == .view, state.view == .table, state.sort != .layout {
      let direction = state.sort.isDescending ? state.glyphs.descending : state.glyphs.ascending
      notes.append((" sort \(state.sort.key.word) \(direction) ", Style(.label)))
    }
    if !state.filter.isEmpty {
      let count = "\(state.listing.count) of \(state.topology.nodes.count)"
      notes.append((" filter: \(state.filter.text) (\(count)) ", Style(.accent)))
    }
    if state.newestFrame != nil, state.past == nil {
      let isWriting = if case .readWrite = state.access { true } else { false }
      notes.append((" \(state.access.mark) ", Style(isWriting ? .label : .accent)))
    }
    var end = canvas.width - 1
    for (text, style) in notes.reversed() where end - text.columns > x {
      canvas.write(text, endingAt: end, y: y, style: style)
      end -= text.columns + 1
    }
  }
}
