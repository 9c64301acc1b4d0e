import Cluster
import Dashboard

/// What a change would do, as lines for a person.
struct PreviewText {
  let preview: ChangePreview
  let layout: Layout

  var text: String { lines.map { $0 + "\n" }.joined() }

  private var lines: [String] {
    var lines = table
    lines += preview.loads.map { "  \($0.words)" }
    lines += preview.away.map { "  \($0.words)" }
    lines += preview.sticky.map { "! clients with a cookie for \($0) still arrive while it drains" }
    lines += preview.backends.compactMap(\.words).map { "! \($0)" }
    lines += preview.breaches.map { "! \($0.words)" }
    lines += preview.silent.map { "! \($0.words)" }
    return lines
  }

  private var table: [String] {
    let rows = preview.rows.map { row in
      [
        row.row.balancer.text, printable(row.row.server.description), row.standings,
        row.sessionWords, Figures.rate(row.qps), row.role.words,
      ]
    }
    let widths = (0..<6).map { column in rows.map { $0[column].columns }.max() ?? 0 }
    return rows.map { row in
      var line = "  "
      for (column, text) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[column] - text.columns)
        line += (column == 3 || column == 4 ? blanks + text : text + blanks) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension ChangePreview.Row {
  fileprivate var sessionWords: String {
    "\(Figures.count(sessions)) \(sessions == 1 ? "session " : "sessions")"
  }

  /// From where to where: `ready → drain`, `weight 1 → 50`.
  fileprivate var standings: String {
    if before.admin != after.admin { return "\(before.words) → \(after.admin.word)" }
    if before.weight != after.weight {
      let weights = [before.weight, after.weight].map { $0.map { "\($0)" } ?? Figures.absent }
      return "weight \(weights[0]) → \(weights[1])"
    }
    return "\(before.words) already"
  }
}

extension ChangePreview.Row.Role {
  /// What is particular about it; empty for most.
  fileprivate var words: String {
    switch self {
    case .told: ""
    case .follows(let leader): "follows \(leader)"
    case .dragged(let leader): "tracks \(leader), and goes with it"
    case .held(let leader): "stays as it is while \(leader) does, which it tracks"
    case .withheld(let obstacle): obstacle.words
    }
  }
}
