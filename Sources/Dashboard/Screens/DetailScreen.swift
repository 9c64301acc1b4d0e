import Cluster

/// All about one node: every figure with where it comes from and how old it is.
struct DetailScreen {
  let state: State

  func draw(on canvas: inout Canvas, top: Int) {
    let lines = self.lines(width: canvas.width)
    let first = Window.top(top, selected: nil, count: lines.count, height: canvas.height)
    for (y, line) in lines.dropFirst(first).prefix(canvas.height).enumerated() {
      line.draw(on: &canvas, y: y)
    }
    if first + canvas.height < lines.count, canvas.height > 3 {
      let more = " \(lines.count - first - canvas.height) more \(state.glyphs.arrowDown) "
      let start = max(0, canvas.width - more.columns)
      canvas.write("  ", x: max(0, start - 2), y: canvas.height - 1)
      canvas.write(more, x: start, y: canvas.height - 1, style: Style(.accent))
    }
  }

  func lines(width: Int) -> [TextLine] {
    guard let place = state.selectedPlace else {
      var line = TextLine()
      line.add(
        state.selection.map { "\($0) is not in the cluster any more" } ?? "no node is selected", Style(.label)
      )
      return [line]
    }
    let detail = NodeDetail(state: state, place: place, width: width)
    let blocks =
      [
        detail.head, detail.balancersView, detail.wishes, detail.proxies, detail.ownView,
      ] + detail.systems + [detail.process, detail.sources, detail.limits]
    return Array(blocks.filter { !$0.isEmpty }.joined(separator: [TextLine()]))
  }
}
