import Cluster
import Foundation
import Testing

@testable import Dashboard

extension Site {
  /// The dashboard after so many ticks of this site.
  mutating func dashboard(
    ticks: Int = 40, isUnicode: Bool = true, view: ScreenPreferences.View = .map,
    size: Size = Size(width: 80, height: 24)
  ) -> State {
    var state = State(
      model: ClusterModel(layout: layout), preferences: ScreenPreferences(view: view),
      look: Look(isUnicode: isUnicode))
    _ = update(&state, .resize(size))
    run(&state, ticks: ticks)
    return state
  }

  /// Lets time pass for a dashboard; the picture is looked at 0.4 s after the last frame.
  mutating func run(_ state: inout State, ticks: Int) {
    for _ in 0..<ticks { _ = update(&state, .frame(tick())) }
    if ticks > 0 {
      var later = now
      later.wall.nanoseconds += 400_000_000
      later.uptime.nanoseconds += 400_000_000
      _ = update(&state, .clock(later))
    }
  }
}

extension State {
  /// Presses keys one after the other, and returns the last effects.
  @discardableResult
  mutating func hit(_ keys: Key...) -> [Effect] {
    keys.reduce([]) { _, key in update(&self, .key(key)) }
  }

  /// Types text.
  mutating func type(_ text: String) {
    for scalar in text.unicodeScalars { _ = update(&self, .key(.character(scalar))) }
  }

  var grid: Grid { render(self, size: size) }
}

extension Grid {
  /// The rows as text, without the blanks at their ends.
  var rows: [String] {
    (0..<size.height).map { y in
      var row = String.UnicodeScalarView()
      for x in 0..<size.width {
        let cell = self[x, y]
        if let scalar = Unicode.Scalar(cell.scalar), cell.scalar != 0 { row.append(scalar) }
        if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { row.append(mark) }
      }
      while row.last == " " { row.removeLast() }
      return String(row)
    }
  }

  var text: String { rows.joined(separator: "\n") }

  /// The roles as letters, upper case where the cell is selected or reversed; `.` is ordinary text.
  fileprivate var styles: [String] {
    (0..<size.height).map { y in
      var row = ""
      for x in 0..<size.width {
        let style = self[x, y].style
        let letter = style.role.letter
        row += style.emphasis.isDisjoint(with: [.selected, .reverse]) ? letter : letter.uppercased()
      }
      while row.last == "." { row.removeLast() }
      return row
    }
  }

  fileprivate var screen: String {
    let (text, styles) = (rows, self.styles)
    return "\(size.width)x\(size.height)\n" + text.map { "|" + $0 }.joined(separator: "\n")
      + "\n-- styles: . text, l label, - line, t title, a accent, u up, g degraded, n draining, m maint, d down,"
      + " s stale, k unknown, ~ graph, v live, r replay; upper case or _ is selected or reversed\n"
      + styles.map { "|" + $0 }.joined(separator: "\n") + "\n"
  }
}

extension Style.Role {
  fileprivate var letter: String {
    switch self {
    case .text: "."
    case .label: "l"
    case .line: "-"
    case .title: "t"
    case .accent: "a"
    case .up: "u"
    case .degraded: "g"
    case .draining: "n"
    case .maint: "m"
    case .down: "d"
    case .stale: "s"
    case .unknown: "k"
    case .graph: "~"
    case .live: "v"
    case .replay: "r"
    }
  }
}

/// Compares a grid with `Screens/<name>.screen`. With `RECORD=1` in the environment it writes the file, and
/// fails, so that nothing is ever recorded by accident.
func expectScreen(
  _ grid: Grid, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Screens")
  let file = folder.appendingPathComponent(name + ".screen")
  let actual = grid.screen
  if ProcessInfo.processInfo.environment["RECORD"] == "1" {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
    } catch {
      Issue.record("cannot record \(name): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let data = try? Data(contentsOf: file) else {
    Issue.record("no screen \(name): record it with RECORD=1", sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: data, as: UTF8.self)
  guard expected != actual else { return }
  Issue.record(
    "the screen \(name) has changed; now it is\n\(actual)", sourceLocation: sourceLocation)
}
