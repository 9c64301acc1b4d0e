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
    canvas.outline(rect, with: state.glyphs.box(isHeavy: false), style: Style(.line))
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
}
