import Cluster

/// The second line: the worst node and why, and how many are in which state.
struct AlertLine {
  let state: State

  func draw(on canvas: inout Canvas, y: Int) {
    let counts = self.counts(isWide: canvas.width >= 110)
    let width = counts.reduce(0) { $0 + $1.text.columns } + 2 * max(0, counts.count - 1)
    let inset = canvas.width > 20 ? 1 : 0
    let worst = self.worst
    // Where both do not fit, the worst node says more than the counts.
    let isNarrow = canvas.width < 60 && worst != nil
    var limit = canvas.width - inset
    if !isNarrow, width < canvas.width - inset {
      var x = canvas.width - inset - width
      limit = x - 2
      for count in counts { x = canvas.write(count.text, x: x, y: y, style: count.style) + 2 }
    }
    guard let worst else {
      canvas.write(calm, x: inset, y: y, style: Style(.label), limit: limit - inset)
      return
    }
    let node = state.topology.nodes[worst]
    let verdict = state.snapshot.nodes[worst].verdict
    let style = Style(verdict.state.role, .bold)
    let glyph = String(Character(state.glyphs.state(verdict.state)))
    let name = node.name.text.shortened(24, ellipsis: state.glyphs.ellipsis)
    let start = "\(glyph) \(name) \(verdict.state.word.uppercased())"
    var x = canvas.write(start, x: inset, y: y, style: style, limit: limit - inset)
    if let reason = verdict.reason, x + 4 < limit {
      let room = limit - x - 2
      let words = reason.words + duration(of: worst)
      x = canvas.write(
        words.shortened(room, ellipsis: state.glyphs.ellipsis), x: x + 2, y: y,
        style: Style(verdict.state.role), limit: room)
    }
    canvas.touch(Rect(x: 0, y: y, width: limit, height: 1), .alert(node.name))
  }

  private func duration(of place: Int) -> String {
    let report = state.snapshot.nodes[place]
    // How long it has been silent is already in the reason.
    guard report.verdict.state != .stale, let since = report.since, let now = state.now else { return "" }
    return ", for \(Figures.span(.nanoseconds(now.wall.nanoseconds &- since.nanoseconds)))"
  }

  private var calm: String {
    if state.newestFrame == nil { return "waiting for the first readings" }
    let isAllUp = state.snapshot.nodes.allSatisfy { $0.verdict.state == .up }
    return isAllUp && !state.snapshot.nodes.isEmpty ? "all is well" : "nothing is wrong that is known"
  }

  /// The node that most wants to be looked at: the first of the worst state; nil where all is well.
  private var worst: Int? {
    var found: (place: Int, severity: Int)?
    for (place, report) in state.snapshot.nodes.enumerated() where report.verdict.isTrouble {
      let severity = report.verdict.state.severity
      if severity > found?.severity ?? -1 { found = (place, severity) }
    }
    return found?.place
  }

  private func counts(isWide: Bool) -> [(text: String, style: Style)] {
    var numbers: [HealthState: Int] = [:]
    for report in state.snapshot.nodes { numbers[report.verdict.state, default: 0] += 1 }
    if !isWide, let stale = numbers[.stale] {
      // Where it is narrow the signs have to do, so that the reason has room; these two share theirs.
      numbers[.stale] = stale + (numbers.removeValue(forKey: .unknown) ?? 0)
    }
    let states = HealthState.allCases.filter { $0 != .up }.sorted { $0.severity > $1.severity }
    return ([.up] + states).compactMap { health in
      guard let number = numbers[health] else { return nil }
      let text = isWide ? "\(number) \(health.word)" : "\(state.glyphs.state(health))\(number)"
      return (text, Style(health.role))
    }
  }
}
