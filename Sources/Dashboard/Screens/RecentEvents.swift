/// What happened lately, where a map leaves room: the first thing to ask when something is red.
struct RecentEvents {
  let state: State

  /// Draws below `bottom`, the first line that the map does not need; nothing where there is no room.
  func draw(on canvas: inout Canvas, below bottom: Int) {
    let top = bottom + 1
    guard !state.events.isEmpty, canvas.height - top >= 3 else { return }
    canvas.write("RECENTLY", x: 1, y: top, style: Style(.title, .bold))
    let lines = EventLines(state: state, width: canvas.width)
    for place in 0..<(canvas.height - top - 1) {
      guard let event = state.event(place) else { break }
      lines.draw(event, on: &canvas, y: top + 1 + place)
    }
  }
}
