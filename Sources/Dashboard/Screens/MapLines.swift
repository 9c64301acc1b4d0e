import Cluster

/// The map with a line for each node and, between the tiers, a line for what flows there.
struct MapLines {
  let state: State
  let plan: MapPlan
  let hasEntry: Bool
  let hasLinks: Bool

  private enum Line {
    case entry
    /// A part of the entry that is asked.
    case entryNode(Int, isFirst: Bool)
    /// The traffic into a tier, by its place in the plan.
    case link(Int)
    /// A node; the tier's name stands before its first.
    case node(Int, tier: Int, isFirst: Bool)
    case summary(tier: Int, isFirst: Bool)
  }

  private static let columns: [ScreenPreferences.Column] = [
    .state, .qps, .errors, .latency, .sessions, .queue, .spark, .reason,
  ]

  func draw(on canvas: inout Canvas) {
    let gutter = 1 + min(8, max(4, state.nameWidths.tier)) + 2
    let columns = NodeColumns(
      Self.columns, from: gutter, to: canvas.width - (canvas.width > 20 ? 1 : 0), names: state.nameWidths)
    columns.drawHeadings(on: &canvas, y: 0, sort: nil, glyphs: state.glyphs)
    let row = NodeRow(state: state, columns: columns)
    let lines = self.lines
    let height = max(0, canvas.height - 1)
    let top = Window.top(0, selected: selectedLine(in: lines), count: lines.count, height: height)
    for (offset, line) in lines.dropFirst(top).prefix(height).enumerated() {
      let y = offset + 1
      switch line {
      case .entry:
        canvas.write("entry", x: 1, y: y, style: Style(.title))
        canvas.write(
          MapWords(state: state).entry.shortened(max(0, canvas.width - gutter - 1)), x: gutter, y: y)
      case .entryNode(let place, let isFirst):
        if isFirst { canvas.write("entry", x: 1, y: y, style: Style(.title)) }
        drawEntry(place, on: &canvas, x: gutter, y: y)
      case .link(let index): drawLink(index, on: &canvas, y: y, gutter: gutter)
      case .node(let place, let tier, let isFirst):
        if isFirst { drawName(of: tier, on: &canvas, y: y, gutter: gutter) }
        row.draw(place, on: &canvas, y: y)
      case .summary(let index, let isFirst):
        let tier = plan.tiers[index]
        if isFirst { drawName(of: tier.tier, on: &canvas, y: y, gutter: gutter) }
        drawSummary(tier, on: &canvas, y: y, gutter: gutter)
      }
    }
    RecentEvents(state: state).draw(on: &canvas, below: 1 + lines.count)
  }

  private var lines: [Line] {
    var lines: [Line] = hasEntry && plan.entry.isEmpty ? [.entry] : []
    if hasEntry {
      for place in plan.entry {
        lines.append(.entryNode(place, isFirst: place == plan.entry[0]))
      }
    }
    for (index, tier) in plan.tiers.enumerated() {
      if hasLinks, index > 0 || hasEntry { lines.append(.link(index)) }
      for place in tier.shown.map({ tier.order[$0] }) {
        lines.append(.node(place, tier: tier.tier, isFirst: place == tier.order[tier.shown.lowerBound]))
      }
      if tier.isCut || tier.order.isEmpty {
        lines.append(.summary(tier: index, isFirst: tier.shown.isEmpty))
      }
    }
    return lines
  }

  private func selectedLine(in lines: [Line]) -> Int? {
    guard let place = state.selectedPlace else { return nil }
    let tier = state.topology.nodes[place].tier
    return lines.firstIndex { line in
      switch line {
      case .node(place, _, _), .entryNode(place, _): true
      case .summary(let index, true): plan.tiers[index].tier == tier
      case .node, .summary, .entry, .entryNode, .link: false
      }
    }
  }

  /// The site's name or one of its addresses: its state, and what there is to say of it.
  private func drawEntry(_ place: Int, on canvas: inout Canvas, x: Int, y: Int) {
    let node = state.topology.nodes[place]
    let verdict = state.snapshot.nodes[place].verdict
    let style = Style(verdict.state.role)
    if node.name == state.selection {
      canvas.put(Cell(scalar: state.glyphs.pointer, style: Style(.accent)), x: x - 1, y: y)
    }
    canvas.put(Cell(scalar: state.glyphs.state(verdict.state), style: style), x: x, y: y)
    let room = max(0, canvas.width - x - 3)
    var end = canvas.write(
      node.name.text.shortened(room, ellipsis: state.glyphs.ellipsis), x: x + 2, y: y)
    let words = verdict.reason.map { "\(verdict.state.word): \($0.words)" } ?? state.facts(of: place)
    end += 2
    canvas.write(
      words.shortened(max(0, canvas.width - end - 1), ellipsis: state.glyphs.ellipsis), x: end, y: y,
      style: verdict.reason == nil ? Style(.label) : style)
    if node.name == state.selection {
      canvas.emphasise(Rect(x: x - 1, y: y, width: canvas.width - x + 1, height: 1), .selected)
    }
    canvas.touch(Rect(x: 0, y: y, width: canvas.width, height: 1), .node(node.name))
  }

  private func drawName(of tier: Int, on canvas: inout Canvas, y: Int, gutter: Int) {
    canvas.write(
      state.topology.tiers[tier].name.text.shortened(gutter - 3, ellipsis: state.glyphs.ellipsis), x: 1,
      y: y, style: Style(.title))
  }

  private func drawLink(_ index: Int, on canvas: inout Canvas, y: Int, gutter: Int) {
    canvas.put(Cell(scalar: state.glyphs.vertical, style: Style(.line)), x: 2, y: y)
    let words = MapWords(state: state)
    var x = gutter
    let edges = words.edges(to: plan.tiers[index].tier)
    for (place, (edge, rate)) in edges.enumerated() {
      // Only what comes from the tier before, and nowhere else, needs no name.
      let isNext = edges.count == 1 && (edge.from == nil || edge.from == plan.tiers[index].tier - 1)
      var text = rate.words(state.glyphs)
      // The first of each line stand in a column, their signs in what is free before it.
      if place == 0 { x = max(gutter - 1, gutter + Figures.rateWidth - text.columns) }
      if !isNext, let from = edge.from { text += " from \(state.topology.tiers[from].name.text)" }
      x = canvas.write(text, x: x, y: y, style: rate.style) + 2
      if let firewall = edge.firewall {
        let text = words.firewall(firewall)
        // What is wrong there matters more than what may pass, where there is little room for both.
        let isWrong = edge.firewallNode.map { state.snapshot.nodes[$0].verdict.reason != nil } ?? false
        if x + text.columns < canvas.width, edges.count == 1 || !isWrong {
          x = canvas.write(text, x: x, y: y, style: Style(.label)) + 2
        }
        if let place = edge.firewallNode { x = drawFirewall(place, on: &canvas, x: x, y: y) }
        x += 1
      }
    }
    if let total = words.total(of: plan.tiers[index].tier), x + total.columns < canvas.width {
      canvas.write(total, x: x, y: y, style: Style(.accent))
    }
  }

  /// How a firewall does, beside what it lets pass; returns where it ends.
  private func drawFirewall(_ place: Int, on canvas: inout Canvas, x: Int, y: Int) -> Int {
    let report = state.snapshot.nodes[place]
    let verdict = report.verdict
    let style = Style(verdict.state.role)
    guard x + 2 < canvas.width else { return x }
    canvas.put(Cell(scalar: state.glyphs.state(verdict.state), style: style), x: x, y: y)
    let words = verdict.reason.map(\.words) ?? state.facts(of: place)
    let end = canvas.write(
      words.shortened(max(0, canvas.width - x - 3), ellipsis: state.glyphs.ellipsis), x: x + 2, y: y,
      style: verdict.reason == nil ? Style(.label) : style)
    canvas.touch(Rect(x: x, y: y, width: end - x, height: 1), .node(state.topology.nodes[place].name))
    return end + 1
  }

  private func drawSummary(_ tier: MapPlan.Tier, on canvas: inout Canvas, y: Int, gutter: Int) {
    let room = max(0, canvas.width - gutter - 1)
    if tier.order.isEmpty {
      let text = state.filter.isEmpty ? "no node is known yet" : "no match"
      canvas.write(text, x: gutter, y: y, style: Style(.label))
      return
    }
    var x = gutter
    if tier.shown.isEmpty, let place = state.selectedPlace, tier.order.contains(place) {
      // There is no line for the selected node: it is named here.
      x = canvas.write(
        "\(state.glyphs.pointer)\(state.topology.nodes[place].name.text)", x: x - 1, y: y,
        style: Style(.accent), limit: max(0, room / 2))
      let health = state.snapshot.nodes[place].verdict.state
      x = canvas.write("\(state.glyphs.state(health))", x: x + 1, y: y, style: Style(health.role)) + 2
    }
    for run in MapWords(state: state).summary(of: tier.order, width: max(0, gutter + room - x)) {
      x = canvas.write(run.text, x: x, y: y, style: run.style)
    }
    if !tier.shown.isEmpty {
      let seen = "\(tier.shown.lowerBound + 1)-\(tier.shown.upperBound) of \(tier.order.count)"
      if x + 2 + seen.count < canvas.width {
        canvas.write(seen, endingAt: canvas.width - 1, y: y, style: Style(.label))
      }
    }
  }
}
