import Cluster

/// All keys, commands and signs: the keys come from the keymap itself.
struct HelpScreen {
  let state: State

  func draw(on canvas: inout Canvas, top: Int) {
    let lines = self.lines(width: canvas.width)
    let first = Window.top(top, selected: nil, count: lines.count, height: canvas.height)
    for (y, line) in lines.dropFirst(first).prefix(canvas.height).enumerated() {
      line.draw(on: &canvas, y: y)
    }
  }

  func lines(width: Int) -> [TextLine] {
    let blocks = Keymap.Group.allCases.map(keys(of:)) + [commands, signs, edges]
    guard width >= 110 else { return Array(blocks.joined(separator: [TextLine()])) }
    // Two columns; each block stays whole.
    let count = blocks.reduce(0) { $0 + $1.count + 1 }
    var left: [TextLine] = []
    var right: [TextLine] = []
    for block in blocks {
      if left.count + block.count / 2 < count / 2, right.isEmpty {
        left += (left.isEmpty ? [] : [TextLine()]) + block
      } else {
        right += (right.isEmpty ? [] : [TextLine()]) + block
      }
    }
    return (0..<max(left.count, right.count)).map { index in
      var line = index < left.count ? left[index] : TextLine()
      if index < right.count {
        line.runs += right[index].runs.map { ($0.x + width / 2, $0.text, $0.style) }
      }
      return line
    }
  }

  private func keys(of group: Keymap.Group) -> [TextLine] {
    [.heading(group.rawValue)]
      + Keymap.standard.bindings.filter { $0.group == group }.map { binding in
        let keys = binding.keys.map { $0.name(isUnicode: state.look.isUnicode) }.joined(separator: "  ")
        var line = TextLine()
        let shown = binding.shown ?? keys
        line.add(shown, Style(.accent), at: 3)
        line.add(binding.words, at: max(20, 3 + shown.columns + 2))
        return line
      }
  }

  private var commands: [TextLine] {
    [.heading("Commands")]
      + CommandWord.allCases.map { command in
        var line = TextLine()
        line.add(
          ":" + command.rawValue + (command.argument.isEmpty ? "" : " " + command.argument), Style(.accent),
          at: 3)
        line.add(command.words, at: 20)
        return line
      }
  }

  private var signs: [TextLine] {
    [.heading("Signs")]
      + HealthState.allCases.map { health in
        var line = TextLine()
        line.add("\(state.glyphs.state(health)) \(health.word)", Style(health.role), at: 3)
        line.add(health.meaning, at: 20)
        return line
      }
  }

  /// Who counts what flows between the tiers, by how it looks on the map.
  private var edges: [TextLine] {
    let rates: [EdgeRate?] = [.counted(120), .inferred(120), .connections(12), nil]
    return [.heading("Between the tiers of the map")]
      + rates.map { rate in
        var line = TextLine()
        line.add(rate.words(state.glyphs), rate.style, at: 3)
        line.add(rate.meaning, at: 20)
        return line
      }
  }
}
