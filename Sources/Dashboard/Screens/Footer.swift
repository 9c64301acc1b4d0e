import Cluster

/// The last line: what is being typed, what there is to say, or the keys of this place.
struct Footer {
  let state: State

  func draw(on canvas: inout Canvas, y: Int) {
    if let prompt = state.prompt {
      drawPrompt(prompt, on: &canvas, y: y)
    } else if let message = state.message {
      canvas.write(
        message.shortened(max(0, canvas.width - 2), ellipsis: state.glyphs.ellipsis), x: 1, y: y,
        style: Style(.degraded))
    } else {
      drawHints(on: &canvas, y: y, from: canvas.width > 20 ? 1 : 0)
    }
  }

  private func drawPrompt(_ prompt: Prompt, on canvas: inout Canvas, y: Int) {
    var x = canvas.write(
      prompt.kind.sign, x: canvas.width > 20 ? 1 : 0, y: y, style: Style(.accent, .bold))
    // A long line shows its end, where the typing is.
    var text = Substring(prompt.text)
    while !text.isEmpty, text.columns > max(0, canvas.width - x - 2) { text = text.dropFirst() }
    x = canvas.write(text, x: x, y: y)
    canvas.put(Cell(scalar: " ", style: Style(.text, .reverse)), x: x, y: y)
    x += 3
    let help: String
    if let message = state.message {
      help = message
    } else if let completion = state.completion {
      help = completion.candidates.joined(separator: "  ")
    } else {
      drawHints(on: &canvas, y: y, from: max(x, canvas.width / 3))
      return
    }
    canvas.write(
      help.shortened(max(0, canvas.width - x - 1), ellipsis: state.glyphs.ellipsis), x: x, y: y,
      style: Style(state.message == nil ? .label : .degraded))
  }

  /// The hints that fit; how to get help and how to leave are the last to be left out.
  private func drawHints(on canvas: inout Canvas, y: Int, from start: Int) {
    let hints = Keymap.standard.hints(
      in: state.scope, isPast: state.past != nil, hasPresent: state.file == nil,
      of: state.changes.shown.flatMap { state.changes[$0] })
    func width(_ hint: Keymap.Binding.Hint) -> Int { hint.key.columns + 1 + hint.word.columns + 2 }
    var room = canvas.width - start + 2 - (canvas.width > 20 ? 1 : 0)
    // A bit for each: there are fewer keys than that.
    var shown: UInt64 = 0
    for isEssential in [true, false] {
      for (index, hint) in hints.prefix(64).enumerated()
      where hint.isEssential == isEssential && width(hint) <= room {
        shown |= 1 << UInt64(index)
        room -= width(hint)
      }
    }
    var x = start
    for index in hints.indices where shown & 1 << UInt64(index) != 0 {
      x = canvas.write(hints[index].key, x: x, y: y, style: Style(.accent))
      x = canvas.write(hints[index].word, x: x + 1, y: y, style: Style(.label)) + 2
    }
  }
}
