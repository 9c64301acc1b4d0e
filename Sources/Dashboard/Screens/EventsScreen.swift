import Cluster

/// What changed, the newest first.
struct EventsScreen {
  let state: State

  static func rows(height: Int) -> Int { max(0, height - 1) }

  func draw(on canvas: inout Canvas) {
    let lines = EventLines(state: state, width: canvas.width)
    lines.drawHeadings(on: &canvas, y: 0)
    if state.events.isEmpty {
      canvas.write("nothing has changed since the start", x: 1, y: 2, style: Style(.label))
      return
    }
    let height = Self.rows(height: canvas.height)
    let top = Window.top(state.eventTop, selected: nil, count: state.events.count, height: height)
    for line in 0..<height {
      guard let event = state.event(top + line) else { break }
      let y = line + 1
      lines.draw(event, on: &canvas, y: y)
      if top + line == state.selectedEvent {
        canvas.put(Cell(scalar: state.glyphs.pointer, style: Style(.accent)), x: 0, y: y)
        canvas.emphasise(Rect(x: 0, y: y, width: canvas.width, height: 1), .selected)
      }
      canvas.touch(Rect(x: 0, y: y, width: canvas.width, height: 1), .event(top + line))
    }
  }
}
