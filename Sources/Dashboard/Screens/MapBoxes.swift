import Cluster

/// The map with a column of boxes for each tier, from left to right, and the edges between them.
struct MapBoxes {
  let state: State
  let plan: MapPlan
  let columns: BoxColumns

  func draw(on canvas: inout Canvas) {
    var from = [plan.entry.isEmpty ? drawEntry(on: &canvas) : drawEntryNodes(on: &canvas)]
    for (column, tier) in plan.tiers.enumerated() {
      drawHead(of: tier, column, on: &canvas)
      let middles = drawNodes(of: tier, column, on: &canvas)
      drawEdges(into: tier, column, from: from, to: middles, on: &canvas)
      from = middles.map(\.y)
    }
    let used = plan.tiers.map { BoxColumns.headLines + $0.shown.count * $0.height + ($0.isCut ? 1 : 0) }
    let entry = BoxColumns.headLines + 4 * max(1, plan.entry.count)
    RecentEvents(state: state).draw(on: &canvas, below: max(entry, used.max() ?? 0))
  }

  /// Where traffic comes from, and the line at which it leaves.
  private func drawEntry(on canvas: inout Canvas) -> Int {
    let y = BoxColumns.headLines
    let rect = Rect(x: 1, y: y, width: columns.entryWidth, height: 4)
    canvas.write("ENTRY", x: 2, y: 0, style: Style(.title, .bold))
    drawFrame(rect, style: Style(.line), isHeavy: false, on: &canvas)
    let entry = state.topology.layout.entry
    let room = rect.width - 4
    let name = entry?.dns ?? "clients"
    canvas.write(name.shortened(room, ellipsis: state.glyphs.ellipsis), x: rect.x + 2, y: y + 1)
    let vips = entry?.vips ?? []
    let text = vips.isEmpty ? "" : vips.joined(separator: " ")
    canvas.write(
      text.shortened(room, ellipsis: state.glyphs.ellipsis), x: rect.x + 2, y: y + 2, style: Style(.label))
    return y + 1
  }

  /// The site's name and its addresses, one under the other; returns the line at which traffic leaves the last.
  private func drawEntryNodes(on canvas: inout Canvas) -> Int {
    canvas.write("ENTRY", x: 2, y: 0, style: Style(.title, .bold))
    var y = BoxColumns.headLines
    for place in plan.entry {
      let rect = Rect(x: 1, y: y, width: columns.entryWidth, height: 4)
      drawEntryBox(place, rect, on: &canvas)
      canvas.touch(rect, .node(state.topology.nodes[place].name))
      y += rect.height
    }
    return y - 3
  }

  private func drawEntryBox(_ place: Int, _ rect: Rect, on canvas: inout Canvas) {
    let node = state.topology.nodes[place]
    let verdict = state.snapshot.nodes[place].verdict
    let isSelected = node.name == state.selection
    let isQuiet = verdict.state == .up || verdict.state == .unknown
    drawFrame(
      rect, style: isSelected ? Style(.accent) : isQuiet ? Style(.line) : Style(verdict.state.role),
      isHeavy: isSelected, on: &canvas)
    let name = node.name.text.shortened(max(1, rect.width - 6), ellipsis: state.glyphs.ellipsis)
    canvas.write(" ", x: rect.x + 1, y: rect.y)
    canvas.put(
      Cell(scalar: state.glyphs.state(verdict.state), style: Style(verdict.state.role)), x: rect.x + 2,
      y: rect.y)
    canvas.write(" \(name) ", x: rect.x + 3, y: rect.y, style: Style(.title, .bold))
    // What is wrong has the first place, and may take both lines.
    let words = verdict.reason?.words ?? state.facts(of: place)
    let style = verdict.reason == nil ? Style(.text) : Style(verdict.state.role)
    let inner = Rect(x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: rect.height - 2)
    canvas.within(inner) { canvas in
      let lines = words.folded(max(1, canvas.width - 2), ellipsis: state.glyphs.ellipsis)
      for (y, line) in lines.prefix(canvas.height).enumerated() {
        canvas.write(line, x: 1, y: y, style: style)
      }
    }
    if isSelected { canvas.emphasise(inner, .selected) }
  }

  private func drawHead(of tier: MapPlan.Tier, _ column: Int, on canvas: inout Canvas) {
    let x = columns.x(of: column)
    let info = state.topology.tiers[tier.tier]
    let states = info.nodes.map { state.snapshot.nodes[$0].verdict.state }
    let serving = states.count { $0 == .up || $0 == .degraded }
    let name = info.name.text.uppercased().shortened(columns.boxWidth - 10, ellipsis: state.glyphs.ellipsis)
    let after = canvas.write(name, x: x + 1, y: 0, style: Style(.title, .bold))
    canvas.write("\(serving)/\(info.nodes.count) up", x: after + 2, y: 0, style: Style(.label))
    // Traffic that does not come from the tier beside it is told in words.
    var words = info.nodes.count > 1 && info.mode == .activePassive ? ["active-passive"] : []
    for (edge, rate) in MapWords(state: state).edges(to: tier.tier) {
      guard let source = edge.from, source != tier.tier - 1 else { continue }
      words.append("from \(state.topology.tiers[source].name.text) \(rate.words(state.glyphs))")
    }
    if let total = MapWords(state: state).total(of: tier.tier),
      (words + [total]).joined(separator: ", ").columns < columns.boxWidth
    {
      words.append(total)
    }
    canvas.write(
      words.joined(separator: ", ").shortened(columns.boxWidth - 1, ellipsis: state.glyphs.ellipsis),
      x: x + 1,
      y: 1, style: Style(.label))
  }

  /// Draws the nodes of a tier, and returns the line of each at which edges end.
  private func drawNodes(of tier: MapPlan.Tier, _ column: Int, on canvas: inout Canvas) -> [(
    place: Int, y: Int
  )] {
    let x = columns.x(of: column)
    var y = BoxColumns.headLines
    var middles: [(place: Int, y: Int)] = []
    for place in tier.shown.map({ tier.order[$0] }) {
      let rect = Rect(x: x, y: y, width: columns.boxWidth, height: tier.height)
      if tier.height == 1 {
        drawLine(place, rect, on: &canvas)
        middles.append((place, y))
      } else {
        drawBox(place, rect, on: &canvas)
        middles.append((place, y + 1))
      }
      canvas.touch(rect, .node(state.topology.nodes[place].name))
      y += tier.height
    }
    if tier.order.isEmpty {
      let text = state.filter.isEmpty ? "no node is known yet" : "no match"
      canvas.write(text, x: x + 1, y: y, style: Style(.label))
    }
    if tier.isCut {
      var end = x
      for run in MapWords(state: state).summary(of: tier.order, width: columns.boxWidth) {
        end = canvas.write(run.text, x: end, y: y, style: run.style)
      }
    }
    return middles
  }

  private func drawBox(_ place: Int, _ rect: Rect, on canvas: inout Canvas) {
    let node = state.topology.nodes[place]
    let report = state.snapshot.nodes[place]
    let verdict = report.verdict
    let isSelected = node.name == state.selection
    let isQuiet = verdict.state == .up || verdict.state == .unknown
    drawFrame(
      rect, style: isSelected ? Style(.accent) : isQuiet ? Style(.line) : Style(verdict.state.role),
      isHeavy: isSelected, on: &canvas)
    // The title: glyph, name, role, state.
    let room = rect.width - 4
    let mark = " \(state.mark(of: place)) "
    let name = node.name.text.shortened(max(1, room - 2 - mark.columns), ellipsis: state.glyphs.ellipsis)
    canvas.write(" ", x: rect.x + 1, y: rect.y)
    canvas.put(
      Cell(scalar: state.glyphs.state(verdict.state), style: Style(verdict.state.role)), x: rect.x + 2,
      y: rect.y)
    var end = canvas.write(" \(name)", x: rect.x + 3, y: rect.y, style: Style(.title, .bold))
    let emphasis: Style.Emphasis = verdict.state.isBad ? .bold : []
    end = canvas.write(mark, x: end, y: rect.y, style: Style(verdict.state.role, emphasis))
    if let role = node.role?.rawValue, state.mark(of: place) != role,
      end + role.count + 1 < rect.x + rect.width
    {
      canvas.write(role + " ", x: end, y: rect.y, style: Style(.label))
    }
    drawMark(of: node.name, x: rect.x + 1, y: rect.y, on: &canvas)
    let inner = Rect(x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: rect.height - 2)
    canvas.within(inner) { canvas in drawContent(place, on: &canvas) }
    if isSelected {
      canvas.emphasise(inner, .selected)
    }
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
  private func drawLine(_ place: Int, _ rect: Rect, on canvas: inout Canvas) {
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

  private func drawFrame(_ rect: Rect, style: Style, isHeavy: Bool, on canvas: inout Canvas) {
    let box = state.glyphs.box(isHeavy: isHeavy)
    let (right, bottom) = (rect.x + rect.width - 1, rect.y + rect.height - 1)
    for x in rect.x...max(rect.x, right) {
      canvas.put(Cell(scalar: box.horizontal, style: style), x: x, y: rect.y)
      canvas.put(Cell(scalar: box.horizontal, style: style), x: x, y: bottom)
    }
    for y in rect.y...max(rect.y, bottom) {
      canvas.put(Cell(scalar: box.vertical, style: style), x: rect.x, y: y)
      canvas.put(Cell(scalar: box.vertical, style: style), x: right, y: y)
    }
    canvas.put(Cell(scalar: box.topLeft, style: style), x: rect.x, y: rect.y)
    canvas.put(Cell(scalar: box.topRight, style: style), x: right, y: rect.y)
    canvas.put(Cell(scalar: box.bottomLeft, style: style), x: rect.x, y: bottom)
    canvas.put(Cell(scalar: box.bottomRight, style: style), x: right, y: bottom)
  }
}
