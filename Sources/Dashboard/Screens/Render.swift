import Cluster

/// The picture of a state: exactly `size` cells, whatever the size.
public func render(_ state: State, size: Size) -> Grid { scene(of: state, size: size).grid }

/// The picture and what can be clicked on it.
func scene(of state: State, size: Size) -> Scene {
  var canvas = Canvas(size: size)
  let regions = Regions(size: size)
  if let y = regions.header { Header(state: state).draw(on: &canvas, y: y) }
  if let y = regions.alert { AlertLine(state: state).draw(on: &canvas, y: y) }
  if let y = regions.tabs { TabLine(state: state).draw(on: &canvas, y: y) }
  canvas.within(regions.body) { canvas in
    switch state.page {
    case .help(let top, _): HelpScreen(state: state).draw(on: &canvas, top: top)
    case .detail(let top): DetailScreen(state: state).draw(on: &canvas, top: top)
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
  if let y = regions.status { StatusLine(state: state).draw(on: &canvas, y: y) }
  if let y = regions.footer { Footer(state: state).draw(on: &canvas, y: y) }
  var scene = canvas.finishScene()
  if !state.look.isUnicode { scene.grid.reduceToASCII() }
  return scene
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
