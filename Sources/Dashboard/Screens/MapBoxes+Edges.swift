import Cluster

extension MapBoxes {
  /// The lines from the column before to this one: out of each node, together, and into each node.
  func drawEdges(
    into tier: MapPlan.Tier, _ column: Int, from: [Int], to: [(place: Int, y: Int)], on canvas: inout Canvas
  ) {
    let end = columns.x(of: column) - 1
    let start = end - columns.gap + 1
    let previous = column == 0 ? nil : column - 1
    let flow = MapWords(state: state).edges(to: tier.tier).first { $0.edge.from == previous }
    guard let flow, !to.isEmpty, !from.isEmpty else { return }
    let rate = flow.rate.words(state.glyphs, width: columns.gap)
    let middle = start + columns.gap / 2
    canvas.write(rate, x: middle - rate.columns / 2, y: 0, style: flow.rate.style)
    if let firewall = flow.edge.firewall {
      let ports = firewall.allow.map { $0.transport == .tcp ? "\($0.number)" : $0.description }
      // Half a list of ports would be a wrong one.
      let text = "fw " + (ports.isEmpty ? "all" : ports.joined(separator: ","))
      let cut = text.columns < columns.gap ? text : "fw"
      let fault = flow.edge.firewallNode.map { state.snapshot.nodes[$0].verdict.state } ?? .up
      canvas.write(
        cut, x: middle - cut.columns / 2, y: 1, style: Style(fault == .up ? .label : fault.role))
    }
    let line = Style(.line)
    let trunk = start + columns.gap / 2 - 1
    let ends = to.map(\.y)
    let top = min(from.min() ?? 0, ends.min() ?? 0)
    let bottom = max(from.max() ?? 0, ends.max() ?? 0)
    for y in top...bottom {
      let isFrom = from.contains(y)
      let target = to.first { $0.y == y }
      if isFrom {
        for x in start..<trunk { canvas.put(Cell(scalar: state.glyphs.horizontal, style: line), x: x, y: y) }
      }
      if let target {
        let health = state.snapshot.nodes[target.place].verdict.state
        let style = health == .up ? line : Style(health.role)
        for x in trunk + 1..<max(trunk + 1, end) {
          canvas.put(Cell(scalar: state.glyphs.horizontal, style: style), x: x, y: y)
        }
        canvas.put(Cell(scalar: state.glyphs.arrowRight, style: style), x: end, y: y)
      }
      let sign = state.glyphs.junction(up: y > top, down: y < bottom, left: isFrom, right: target != nil)
      canvas.put(Cell(scalar: sign, style: line), x: trunk, y: y)
    }
  }
}
