import Cluster

/// How events are written, a line each: when, who, what.
struct EventLines {
  private let state: State
  private let width: Int
  private let nodeWidth: Int

  private static let timeWidth = Figures.momentWidth
  private static let nodeX = 1 + timeWidth + 2
  private var wordsX: Int { Self.nodeX + 2 + nodeWidth + 2 }

  init(state: State, width: Int) {
    self.state = state
    self.width = width
    nodeWidth = min(max(4, state.nameWidths.ofEverything.node), width < 60 ? 8 : 20)
  }

  func drawHeadings(on canvas: inout Canvas, y: Int) {
    let label = Style(.label)
    canvas.write("TIME", x: 1 + Self.timeWidth - 4, y: y, style: label)
    canvas.write("NODE", x: Self.nodeX + 2, y: y, style: label)
    canvas.write("WHAT", x: wordsX, y: y, style: label)
  }

  func draw(_ event: Event, on canvas: inout Canvas, y: Int) {
    let time = Figures.moment(event.at, now: state.now?.wall, utcOffset: state.look.utcOffset)
    canvas.write(time, endingAt: 1 + Self.timeWidth, y: y, style: Style(.label))
    if let health = event.change.state {
      canvas.put(Cell(scalar: state.glyphs.state(health), style: Style(health.role)), x: Self.nodeX, y: y)
    }
    let ellipsis = state.glyphs.ellipsis
    canvas.write((event.node?.text ?? "").shortened(nodeWidth, ellipsis: ellipsis), x: Self.nodeX + 2, y: y)
    let role = event.change.state.map { $0 == .up ? .text : $0.role } ?? Style.Role.text
    canvas.write(
      event.change.words.shortened(max(0, width - wordsX - 1), ellipsis: ellipsis), x: wordsX, y: y,
      style: Style(role))
  }
}
