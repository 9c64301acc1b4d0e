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
      prompt.kind == .filter ? "/" : ":", x: canvas.width > 20 ? 1 : 0, y: y, style: Style(.accent, .bold))
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

  private func drawHints(on canvas: inout Canvas, y: Int, from start: Int) {
    var x = start
    for hint in Keymap.standard.hints(in: state.scope) {
      let width = hint.key.columns + 1 + hint.word.columns
      if x + width > canvas.width - (canvas.width > 20 ? 1 : 0) { break }
      x = canvas.write(hint.key, x: x, y: y, style: Style(.accent))
      x = canvas.write(hint.word, x: x + 1, y: y, style: Style(.label)) + 2
    }
  }
}
