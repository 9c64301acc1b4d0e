import Cluster

/// The picture of a state: exactly `size` cells, whatever the size.
public func render(_ state: State, size: Size) -> Grid { scene(of: state, size: size).grid }

/// The picture and what can be clicked on it.
func scene(of state: State, size: Size) -> Scene {
  var canvas = Canvas(size: size)
  let regions = Regions(size: size, hasBar: state.strip != nil)
  if let y = regions.header { Header(state: state).draw(on: &canvas, y: y) }
  if let y = regions.alert { AlertLine(state: state).draw(on: &canvas, y: y) }
  if let y = regions.tabs { TabLine(state: state).draw(on: &canvas, y: y) }
  canvas.within(regions.body) { canvas in
    switch state.page {
    case .help(let top, _): HelpScreen(state: state).draw(on: &canvas, top: top)
    case .detail(let top): DetailScreen(state: state).draw(on: &canvas, top: top)
    case .comparison(let top): draw(state.comparison?.lines(width: canvas.width) ?? [], top: top, on: &canvas)
    case .incidents(let selected): drawIncidents(of: state, selected: selected, on: &canvas)
    case .view:
      switch state.view {
      case .map: MapScreen(state: state).draw(on: &canvas)
      case .table: TableScreen(state: state).draw(on: &canvas)
      case .graphs: GraphsScreen(state: state).draw(on: &canvas)
      case .events: EventsScreen(state: state).draw(on: &canvas)
      }
    }
  }
  if state.isPanelOpen {
    canvas.within(regions.body) { canvas in ChangePanel(state: state).draw(on: &canvas) }
  }
  if let y = regions.bar, let bar = state.timeBar {
    let width = canvas.width
    canvas.within(Rect(x: 0, y: y, width: width, height: 1)) { canvas in bar.draw(on: &canvas, y: 0) }
    canvas.touch(Rect(x: 0, y: y, width: width, height: 1), .timeBar)
  }
  if let y = regions.status { StatusLine(state: state).draw(on: &canvas, y: y) }
  if let y = regions.footer { Footer(state: state).draw(on: &canvas, y: y) }
  var scene = canvas.finishScene()
  if !state.look.isUnicode { scene.grid.reduceToASCII() }
  return scene
}

/// A page of lines, from one of them on.
private func draw(_ lines: [TextLine], top: Int, on canvas: inout Canvas) {
  for (y, line) in lines.dropFirst(top).prefix(canvas.height).enumerated() { line.draw(on: &canvas, y: y) }
}

/// The incidents under their headings, with one of them selected.
private func drawIncidents(of state: State, selected: Int, on canvas: inout Canvas) {
  guard let screen = state.incidentsScreen else { return }
  // Where there is little room the list has it: some lines of it at least.
  let service = screen.service(width: canvas.width, height: canvas.height - 7)
  let head = service + (service.isEmpty ? [] : [TextLine()])
  for (y, line) in head.enumerated() { line.draw(on: &canvas, y: y) }
  let lines = screen.list(width: canvas.width)
  let height = max(0, canvas.height - head.count - 1)
  let top = Window.top(0, selected: selected, count: lines.count - 1, height: height)
  lines.first?.draw(on: &canvas, y: head.count)
  for (place, line) in lines.dropFirst(1 + top).prefix(height).enumerated() {
    let y = head.count + 1 + place
    line.draw(on: &canvas, y: y)
    if top + place == selected, !state.record.incidents.isEmpty {
      canvas.put(Cell(scalar: state.glyphs.pointer, style: Style(.accent)), x: 0, y: y)
      canvas.emphasise(Rect(x: 0, y: y, width: canvas.width, height: 1), .selected)
    }
  }
}

extension Grid {
  /// Names and words from outside may hold what an ASCII terminal cannot show.
  mutating func reduceToASCII() {
    for y in 0..<size.height {
      for x in 0..<size.width where self[x, y].scalar > 0x7E || self[x, y].mark != 0 {
        self[x, y].mark = 0
        switch self[x, y].scalar {
        case 0x00...0x7E: continue
        case 0x2026: self[x, y].scalar = 0x7E  // … becomes ~
        case 0x2192: self[x, y].scalar = 0x3E  // → becomes >
        case 0x2013, 0x2014: self[x, y].scalar = 0x2D
        default: self[x, y].scalar = 0x3F
        }
      }
    }
    // The right half of what was wide.
    for y in 0..<size.height {
      for x in 0..<size.width where self[x, y].scalar == 0 { self[x, y].scalar = 0x3F }
    }
  }
}
