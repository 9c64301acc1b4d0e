import Cluster

// One node of the map.
extension MapBoxes {
  func drawBox(_ place: Int, _ rect: Rect, on canvas: inout Canvas) {
    let node = state.topology.nodes[place]
    let health = state.snapshot.nodes[place].verdict.state
    // The title: glyph, name, state, role.
    let mark = " \(state.mark(of: place)) "
    var end = drawFrame(of: place, rect, leaving: mark.columns, on: &canvas)
    end = canvas.write(mark, x: end, y: rect.y, style: Style(health.role, health.isBad ? .bold : []))
    if let role = node.role?.rawValue, state.mark(of: place) != role,
      end + role.count + 1 < rect.x + rect.width
    {
      canvas.write(role + " ", x: end, y: rect.y, style: Style(.label))
    }
    drawMark(of: node.name, x: rect.x + 1, y: rect.y, on: &canvas)
    let inner = rect.inner
    canvas.within(inner) { canvas in drawContent(place, on: &canvas) }
    if node.name == state.selection { canvas.emphasise(inner, .selected) }
  }

  /// The site's name, or one of its addresses.
  func drawEntryBox(_ place: Int, _ rect: Rect, on canvas: inout Canvas) {
    let verdict = state.snapshot.nodes[place].verdict
    let end = drawFrame(of: place, rect, leaving: 0, on: &canvas)
    canvas.write(" ", x: end, y: rect.y, style: Style(.title, .bold))
    // What is wrong has the first place, and may take both lines.
    let words = verdict.reason?.words ?? state.facts(of: place)
    let style = verdict.reason == nil ? Style(.text) : Style(verdict.state.role)
    let inner = rect.inner
    canvas.within(inner) { canvas in
      let lines = words.folded(max(1, canvas.width - 2), ellipsis: state.glyphs.ellipsis)
      for (y, line) in lines.prefix(canvas.height).enumerated() {
        canvas.write(line, x: 1, y: y, style: style)
      }
    }
    if state.topology.nodes[place].name == state.selection { canvas.emphasise(inner, .selected) }
  }

  /// The sides of a box, and in the upper one how the node is and its name, where `leaving` so many columns behind it.
  /// Returns the place after the name.
  private func drawFrame(
    of place: Int, _ rect: Rect, leaving columns: Int, on canvas: inout Canvas
  ) -> Int {
    let name = state.topology.nodes[place].name
    let health = state.snapshot.nodes[place].verdict.state
    let isSelected = name == state.selection
    let isQuiet = health == .up || health == .unknown
    canvas.outline(
      rect, with: state.glyphs.box(isHeavy: isSelected),
      style: isSelected ? Style(.accent) : isQuiet ? Style(.line) : Style(health.role))
    canvas.write(" ", x: rect.x + 1, y: rect.y)
    canvas.put(
      Cell(scalar: state.glyphs.state(health), style: Style(health.role)), x: rect.x + 2, y: rect.y)
    let text = name.text.shortened(max(1, rect.width - 6 - columns), ellipsis: state.glyphs.ellipsis)
    return canvas.write(" \(text)", x: rect.x + 3, y: rect.y, style: Style(.title, .bold))
  }

  private func drawMark(of name: NodeName, x: Int, y: Int, on canvas: inout Canvas) {
    guard state.changes.marks.contains(name) else { return }
    canvas.put(Cell(scalar: state.glyphs.mark, style: Style(.accent, .bold)), x: x, y: y)
  }

  private func drawContent(_ place: Int, on canvas: inout Canvas) {
    let node = state.topology.nodes[place]
    let report = state.snapshot.nodes[place]
    let traffic = report.traffic
    let isStale = report.verdict.state == .stale || report.database != nil && report.verdict.state == .down
    let usual = isStale ? Style(.stale, .dim) : Style(.text)
    let broken = isStale ? usual : Style(.degraded)
    let label = Style(.label)
    func style(_ text: String, _ isBroken: Bool) -> Style {
      text == Figures.absent ? Style(.stale) : isBroken ? broken : usual
    }
    let isReset = report.isReset && traffic.qps == nil
    let rate = isReset ? "reset" : Figures.rate(traffic.qps)
    canvas.write(rate, endingAt: 7, y: 0, style: isReset ? Style(.replay) : style(rate, false))
    let errors = Figures.percent(traffic.errorRate)
    canvas.write("err", x: 8, y: 0, style: label)
    canvas.write(
      errors, endingAt: canvas.width - 1, y: 0,
      style: style(errors, node.balancer == nil && traffic.errorRate ?? 0 > node.limits.errorRate))
    if let replication = report.database?.status.replication, traffic.latency == nil {
      // Of a replica it matters more how far it is behind. What it said last, and is not known now, is no answer.
      let lag = isStale ? nil : replication.lag
      let text = lag.map { Figures.lag($0) } ?? Figures.absent
      canvas.write(
        text, endingAt: 7, y: 1, style: style(text, Double(lag ?? 0) / 1000 > node.limits.lag.seconds))
      canvas.write("lag", x: 8, y: 1, style: label)
    } else {
      let latency = Figures.latency(traffic.latency)
      let isSlow = traffic.latency ?? 0 > node.limits.latency.seconds * 1000
      canvas.write(latency, endingAt: 7, y: 1, style: style(latency, isSlow))
      canvas.write("avg", x: 8, y: 1, style: label)
    }
    // A queue that is too long takes the place of the sessions; in a narrow box it is all that has a place.
    let isQueueing = report.queue ?? 0 > node.limits.queue
    if isQueueing || canvas.width >= 24 {
      let count = Figures.count(isQueueing ? report.queue : report.sessions)
      let unit = isQueueing ? (canvas.width >= 24 ? "que" : "q") : "ses"
      canvas.write(unit, x: canvas.width >= 24 ? 14 : 12, y: 1, style: label)
      canvas.write(count, endingAt: canvas.width - 1, y: 1, style: style(count, isQueueing))
    }
    state.sparkline(of: place)
      .draw(on: &canvas, x: 1, y: 2, width: canvas.width - 2, isStale: isStale)
  }

  /// A node in one line, where boxes do not fit.
  func drawLine(_ place: Int, _ rect: Rect, on canvas: inout Canvas) {
    let node = state.topology.nodes[place]
    let report = state.snapshot.nodes[place]
    let health = Style(report.verdict.state.role)
    canvas.put(Cell(scalar: state.glyphs.state(report.verdict.state), style: health), x: rect.x, y: rect.y)
    let isWide = rect.width >= 30
    canvas.write(
      node.name.text.shortened(rect.width - (isWide ? 18 : 10), ellipsis: state.glyphs.ellipsis),
      x: rect.x + 2,
      y: rect.y)
    let usual = Style(report.verdict.state == .stale ? .stale : .text)
    func put(_ figure: String, endingAt end: Int, _ isBroken: Bool) {
      let style = figure == Figures.absent ? Style(.stale) : isBroken ? Style(.degraded) : usual
      canvas.write(figure, endingAt: end, y: rect.y, style: style)
    }
    let end = rect.x + rect.width
    put(Figures.rate(report.traffic.qps), endingAt: isWide ? end - 8 : end, false)
    if isWide {
      let errors = report.traffic.errorRate
      put(Figures.percent(errors), endingAt: end, node.balancer == nil && errors ?? 0 > node.limits.errorRate)
    }
    if node.name == state.selection {
      canvas.put(Cell(scalar: state.glyphs.pointer, style: Style(.accent)), x: rect.x - 1, y: rect.y)
      canvas.emphasise(Rect(x: rect.x - 1, y: rect.y, width: rect.width + 1, height: 1), .selected)
    }
    drawMark(of: node.name, x: rect.x - 1, y: rect.y, on: &canvas)
  }
}
