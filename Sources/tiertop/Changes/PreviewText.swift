import Cluster
import Dashboard

/// What a change would do, as lines for a person.
struct PreviewText {
  let preview: ChangePreview
  let layout: Layout

  var text: String { lines.map { $0 + "\n" }.joined() }

  /// More than anybody reads before a change.
  private static let mostRows = 200
  private static let mostLoads = 6

  /// What is dangerous comes last: nearest to the question.
  private var lines: [String] {
    var lines = table
    lines += few(preview.loads, Self.mostLoads, of: "nodes would carry other than now") { "  \($0.words)" }
    lines += few(preview.awayByServer, Self.mostLoads, of: "servers are out") { server, balancers in
      let time = server.intent.map { ", since \($0.since.rfc3339)" } ?? ""
      return "  \(printable(server.row.server.description)) on \(balancers) is \(server.standing.words), "
        + server.author + time
    }
    lines += few(preview.sticky, Self.mostLoads, of: "servers have such clients") {
      "! clients with a cookie for \($0) still arrive while it drains; maint sends them on"
    }
    lines += preview.falling.map { "! backend \($0) would go DOWN on \($1): nobody else serves in it" }
    lines += preview.breaches.map { "! \($0.words)" }
    lines += preview.silent.map { "! \($0.words)" }
    return lines
  }

  /// A line for each of the first ones, and one that counts the others.
  private func few<Element>(
    _ elements: [Element], _ most: Int, of rest: String, _ line: (Element) -> String
  ) -> [String] {
    let more = elements.count - most
    return elements.prefix(most).map(line) + (more > 0 ? ["  and \(more) more \(rest)"] : [])
  }

  private var table: [String] {
    let rows = preview.rows.prefix(Self.mostRows).map { row in
      [
        row.row.balancer.text, printable(row.row.server.description), row.standings,
        row.sessionWords, Figures.rate(row.qps), row.role.words,
      ]
    }
    let widths = (0..<6).map { column in rows.map { $0[column].columns }.max() ?? 0 }
    let lines = rows.map { row in
      var line = "  "
      for (column, text) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[column] - text.columns)
        line += (column == 3 || column == 4 ? blanks + text : text + blanks) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    let more = preview.rows.count - rows.count
    return lines + (more > 0 ? ["  and \(more) more servers"] : [])
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
