import Cluster

/// What changed, the newest first.
struct EventsScreen {
  let state: State

  static func rows(height: Int) -> Int { max(0, height - 1) }

  private static let timeWidth = 11

  func draw(on canvas: inout Canvas) {
    let nodeWidth = min(max(4, state.nameWidths.node), canvas.width < 60 ? 8 : 20)
    let nodeX = 1 + Self.timeWidth + 2
    let wordsX = nodeX + 2 + nodeWidth + 2
    let label = Style(.label)
    canvas.write("TIME", x: 1 + Self.timeWidth - 4, y: 0, style: label)
    canvas.write("NODE", x: nodeX + 2, y: 0, style: label)
    canvas.write("WHAT", x: wordsX, y: 0, style: label)
    if state.events.isEmpty {
      canvas.write("nothing has changed since the start", x: 1, y: 2, style: label)
      return
    }
    let height = Self.rows(height: canvas.height)
    let top = Window.top(state.eventTop, selected: nil, count: state.events.count, height: height)
    for line in 0..<height {
      guard let event = state.event(top + line) else { break }
      let y = line + 1
      canvas.write(time(of: event), endingAt: 1 + Self.timeWidth, y: y, style: label)
      if let health = event.change.state {
        canvas.put(Cell(scalar: state.glyphs.state(health), style: Style(health.role)), x: nodeX, y: y)
      }
      let ellipsis = state.glyphs.ellipsis
      canvas.write((event.node?.text ?? "").shortened(nodeWidth, ellipsis: ellipsis), x: nodeX + 2, y: y)
      let role = event.change.state.map { $0 == .up ? .text : $0.role } ?? Style.Role.text
      canvas.write(
        event.change.words.shortened(max(0, canvas.width - wordsX - 1), ellipsis: ellipsis), x: wordsX, y: y,
        style: Style(role))
      if top + line == state.selectedEvent {
        canvas.put(Cell(scalar: state.glyphs.pointer, style: Style(.accent)), x: 0, y: y)
        canvas.emphasise(Rect(x: 0, y: y, width: canvas.width, height: 1), .selected)
      }
      canvas.touch(Rect(x: 0, y: y, width: canvas.width, height: 1), .event(top + line))
    }
  }

  /// The time of day; for another day than today, its date and the minute.
  private func time(of event: Event) -> String {
    let offset = state.look.utcOffset
    let time = Figures.timeOfDay(event.at, utcOffset: offset)
    let then = event.at.calendar(offsetSeconds: offset)
    guard let now = state.now?.wall.calendar(offsetSeconds: offset),
      (then.year, then.month, then.day) != (now.year, now.month, now.day)
    else { return time }
    return "\(Figures.twoDigits(then.month))-\(Figures.twoDigits(then.day)) \(time.prefix(5))"
  }
}
