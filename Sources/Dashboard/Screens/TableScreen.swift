import Cluster

/// Every node in a line, in the order that was chosen.
struct TableScreen {
  let state: State

  /// How many nodes fit on a body of that height.
  static func rows(height: Int) -> Int { max(0, height - 1) }

  func draw(on canvas: inout Canvas) {
    let columns = NodeColumns(
      state.preferences.columns ?? NodeColumns.usual, from: 1, to: canvas.width - (canvas.width > 20 ? 1 : 0),
      names: state.nameWidths.ofEverything)
    columns.drawHeadings(on: &canvas, y: 0, sort: state.sort, glyphs: state.glyphs)
    let height = Self.rows(height: canvas.height)
    let listing = state.listing
    if listing.isEmpty {
      canvas.write(emptiness, x: 1, y: 2, style: Style(.label))
      return
    }
    let top = Window.top(
      state.tableTop, selected: nil, count: listing.count, height: height)
    let row = NodeRow(state: state, columns: columns)
    for (line, place) in listing.dropFirst(top).prefix(height).enumerated() {
      row.draw(place, on: &canvas, y: line + 1)
    }
  }

  private var emptiness: String {
    state.filter.isEmpty
      ? "no node is known yet" : "no node matches \"\(state.filter.text)\"; Esc forgets the filter"
  }
}
