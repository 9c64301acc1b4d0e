import Cluster

/// One node in one line: its name and figures in columns.
struct NodeRow {
  let state: State
  let columns: NodeColumns

  func draw(_ place: Int, on canvas: inout Canvas, y: Int) {
    let node = state.topology.nodes[place]
    let report = state.snapshot.nodes[place]
    for column in columns.columns {
      draw(column, of: place, node, report, on: &canvas, y: y)
      // A name and an address have no figures, but something to say.
      if column.kind == .state, node.kind == .name || node.kind == .address {
        drawFacts(of: place, on: &canvas, x: column.x + column.width + 1, y: y)
        break
      }
    }
    let start = (columns.columns.first?.x ?? 1) - 1
    if node.name == state.selection {
      canvas.put(Cell(scalar: state.glyphs.pointer, style: Style(.accent)), x: start, y: y)
      canvas.emphasise(Rect(x: start, y: y, width: canvas.width - start, height: 1), .selected)
    }
    if state.changes.marks.contains(node.name) {
      canvas.put(Cell(scalar: state.glyphs.mark, style: Style(.accent, .bold)), x: start, y: y)
    }
    canvas.touch(Rect(x: 0, y: y, width: canvas.width, height: 1), .node(node.name))
  }

  /// What a node says of itself, or what is wrong with it, up to the end of the line.
  private func drawFacts(of place: Int, on canvas: inout Canvas, x: Int, y: Int) {
    let verdict = state.snapshot.nodes[place].verdict
    let words = verdict.reason?.words ?? state.facts(of: place)
    canvas.write(
      words.shortened(max(0, canvas.width - x - 1), ellipsis: state.glyphs.ellipsis), x: x, y: y,
      style: verdict.reason == nil ? Style(.text) : Style(verdict.state.role))
  }

  private func draw(
    _ column: NodeColumns.Column, of place: Int, _ node: Topology.Node, _ report: NodeReport,
    on canvas: inout Canvas, y: Int
  ) {
    let verdict = report.verdict
    let health = Style(verdict.state.role)
    let sign = Style(verdict.state.role, verdict.state.isBad ? .bold : [])
    let ellipsis = state.glyphs.ellipsis
    switch column.kind {
    case nil:
      let style = verdict.state == .stale || verdict.state == .unknown ? Style(.stale) : Style(.text)
      canvas.write(
        node.name.text.shortened(column.width, ellipsis: ellipsis), x: column.x, y: y, style: style)
    case .tier:
      canvas.write(
        state.topology.tiers[node.tier].name.text.shortened(column.width, ellipsis: ellipsis), x: column.x,
        y: y, style: Style(.label))
    case .state:
      canvas.put(Cell(scalar: state.glyphs.state(verdict.state), style: sign), x: column.x, y: y)
      canvas.write(state.mark(of: place), x: column.x + 2, y: y, style: sign, limit: column.width - 2)
    case .spark:
      state.sparkline(of: place)
        .draw(on: &canvas, x: column.x, y: y, width: column.width, isStale: verdict.state == .stale)
    case .address:
      canvas.write(
        (node.address?.description ?? Figures.absent).shortened(column.width, ellipsis: ellipsis),
        x: column.x, y: y, style: Style(.label))
    case .reason:
      let reason = verdict.reason?.words
      canvas.write(
        (reason ?? state.facts(of: place)).shortened(column.width, ellipsis: ellipsis), x: column.x, y: y,
        style: reason == nil ? Style(.label) : health)
    case .qps, .errors, .latency, .max, .sessions, .queue, .weight, .age:
      let (text, style) = figure(column.kind ?? .qps, of: place, node, report)
      canvas.write(text, endingAt: column.x + column.width, y: y, style: style)
    }
  }

  /// A figure and how it is to be seen: what broke its limit stands out, what is old steps back.
  private func figure(
    _ kind: ScreenPreferences.Column, of place: Int, _ node: Topology.Node, _ report: NodeReport
  ) -> (String, Style) {
    let traffic = report.traffic
    let usual = report.verdict.state == .stale ? Style(.stale, .dim) : Style(.text)
    let broken = report.verdict.state == .stale ? usual : Style(.degraded)
    let text: String
    var isBroken = false
    switch kind {
    case .qps:
      if report.isReset, traffic.qps == nil { return ("reset", Style(.replay)) }
      text = Figures.rate(traffic.qps)
    case .errors:
      text = Figures.percent(traffic.errorRate)
      // What a load balancer hands on is the fault of others.
      isBroken = node.balancer == nil && traffic.errorRate ?? 0 > node.limits.errorRate
    case .latency:
      text = Figures.latency(traffic.latency)
      isBroken = traffic.latency ?? 0 > node.limits.latency.seconds * 1000
    case .max: text = Figures.latency(traffic.latencyMax)
    case .sessions:
      text = Figures.count(report.sessions)
      if let sessions = report.sessions, let limit = report.sessionLimit, limit > 0 {
        isBroken = Double(sessions) > Double(limit) * node.limits.sessionShare
      }
    case .queue:
      text = Figures.count(report.queue)
      isBroken = report.queue ?? 0 > node.limits.queue
    case .weight:
      text =
        state.snapshot.weights(of: place).map {
          $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
        } ?? Figures.absent
    case .age: text = Figures.age(report.age)
    case .tier, .state, .spark, .address, .reason: text = ""
    }
    if text == Figures.absent { return (text, Style(.stale)) }
    return (text, isBroken ? broken : usual)
  }
}
