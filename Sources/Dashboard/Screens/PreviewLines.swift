import Cluster

/// What a change would do, line by line: what is dangerous first.
struct PreviewLines {
  let state: State
  let proposal: Proposal

  /// More rows than anybody reads before a change; what they come to is in the other lines.
  private static let mostRows = 200
  private static let mostLoads = 6

  var title: String {
    switch proposal.content {
    case .ready(let change, _): return "\(change.purpose.prefix)\(action(of: change)) \(target(of: change))"
    case .fault, .notLive: return "a change"
    }
  }

  private func action(of change: Change) -> String {
    unique(change.steps.map(\.action.words)).joined(separator: " and ")
  }

  private func target(of change: Change) -> String {
    let names: [String]
    switch proposal.wish {
    case .action(_, let nodes), .reapply(let nodes): names = nodes.map(\.text)
    case .undo, .retry: names = unique(change.steps.map(\.row.server.description))
    }
    let place = proposal.backend.map { " in \($0)" } ?? ""
    if names.count <= 3 { return names.joined(separator: ", ") + place }
    return "\(names[0]) and \(names.count - 1) more" + place
  }

  /// The line that stays: what one key will do.
  var question: TextLine {
    var line = TextLine()
    switch proposal.content {
    case .notLive:
      line.add("the screen does not show what is now: nothing can be sent", Style(.down, .bold), at: 1)
    case .fault(let fault): line.add(fault.words, Style(.degraded, .bold), at: 1)
    case .ready(let change, let preview):
      if let breach = preview.floorBreach {
        line.add("Type the backend's name, \(breach.backend), to do it:", Style(.down, .bold), at: 1)
        line.add(printable(proposal.typed), Style(.text, .bold), gap: 1)
        line.add(" ", Style(.text, .reverse), gap: 0)
      } else {
        line.add("\(title) on \(balancers(of: change))?", Style(.title, .bold), at: 1)
        line.add("y", Style(.accent, .bold))
        line.add("makes it,", Style(.label), gap: 1)
        line.add("Esc", Style(.accent, .bold), gap: 1)
        line.add("leaves it", Style(.label), gap: 1)
      }
    }
    return line
  }

  private func balancers(of change: Change) -> String {
    unique(change.steps.map(\.row.balancer.text)).joined(separator: ", ")
  }

  /// Each text once, in order.
  private func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  func lines(width: Int) -> [TextLine] {
    guard case .ready(_, let preview) = proposal.content else { return [] }
    return dangers(in: preview) + rows(of: preview, width: width) + loads(of: preview)
      + remarks(on: preview) + wishes
  }

  private func dangers(in preview: ChangePreview) -> [TextLine] {
    var lines = preview.falling.map { backend, balancers in
      line("backend \(backend) would go DOWN on \(balancers): nobody else serves in it", .down)
    }
    lines += preview.breaches.filter { $0.left > 0 }.map { line($0.words, .degraded) }
    lines += preview.silent.map { line($0.words, .degraded) }
    for withheld in preview.withheld {
      lines.append(line("\(withheld.balancer) stays as it is: \(withheld.obstacle.words)", .degraded))
    }
    return lines
  }

  private func rows(of preview: ChangePreview, width: Int) -> [TextLine] {
    let columns: [TextTable.Column] = [
      .init(title: "LB", width: 6, rank: 1), .init(title: "SERVER", width: serverWidth(preview), rank: 0),
      .init(title: "NOW", width: 10, rank: 2), .init(title: "THEN", width: 10, rank: 0),
      .init(title: "SESS", width: 6, isNumber: true, rank: 3),
      .init(title: "REQ/S", width: 7, isNumber: true, rank: 4),
      .init(title: "", width: 8, rank: 5, isOpen: true),
    ]
    let shown = preview.rows.prefix(Self.mostRows)
    let rows = shown.map { row -> [TextTable.Field] in
      let isWithheld = if case .withheld = row.role { true } else { false }
      return [
        (row.row.balancer.text, .plain), (printable(row.row.server.description), .plain),
        (row.words.before, Style(row.before.state.role)),
        isWithheld ? (row.words.before, Style(.label)) : (row.words.after, Style(row.after.state.role)),
        (Figures.count(row.sessions), .plain), (Figures.rate(row.qps), .plain),
        (row.remark, Style(.label)),
      ]
    }
    var lines = TextTable(columns: columns, rows: Array(rows))
      .lines(width: width - 1, inset: 1, ellipsis: state.glyphs.ellipsis)
    if preview.rows.count > shown.count {
      lines.append(line("and \(preview.rows.count - shown.count) more servers", .label))
    }
    return lines
  }

  private func serverWidth(_ preview: ChangePreview) -> Int {
    let longest = preview.rows.prefix(Self.mostRows).map { $0.row.server.description.columns }.max() ?? 0
    return min(24, max(8, longest))
  }

  private func loads(of preview: ChangePreview) -> [TextLine] {
    // Those that go are in the rows above.
    let gaining = preview.loads.filter { $0.after > $0.now }
    var lines = gaining.prefix(Self.mostLoads).map { line($0.words, $0.isBeyond ? .degraded : .text) }
    if gaining.count > Self.mostLoads {
      lines.append(line("and \(gaining.count - Self.mostLoads) more nodes carry more", .label))
    }
    return lines
  }

  private func remarks(on preview: ChangePreview) -> [TextLine] {
    var lines: [TextLine] = []
    if !preview.sticky.isEmpty {
      let names = preview.sticky.prefix(3).map(\.description).joined(separator: ", ")
      let more = preview.sticky.count > 3 ? " and \(preview.sticky.count - 3) more" : ""
      lines.append(
        line(
          "clients with a cookie for \(names)\(more) still arrive while it drains; maint sends them on", .text
        )
      )
    }
    let away = preview.awayByServer
    for (server, balancers) in away.prefix(4) {
      var words = "\(server.row.server) on \(balancers) is \(server.standing.words), \(server.author)"
      if let intent = server.intent {
        words += ", since \(Figures.timeOfDay(intent.since, utcOffset: state.look.utcOffset))"
      }
      lines.append(line(words, .label))
    }
    if away.count > 4 { lines.append(line("and \(away.count - 4) more are out", .label)) }
    return lines
  }

  private var wishes: [TextLine] {
    var lines: [TextLine] = []
    if !proposal.backends.isEmpty {
      var line = TextLine()
      line.add("backend", Style(.label), at: 1)
      for (name, isChosen) in [("all", proposal.backend == nil)]
        + proposal.backends.map({ ($0, proposal.backend == $0) })
      {
        line.add(name, isChosen ? Style(.accent, [.bold, .underline]) : Style(.text))
      }
      line.add("Tab", Style(.accent))
      line.add("chooses", Style(.label), gap: 1)
      lines.append(line)
    }
    if !proposal.note.isEmpty { lines.append(line("note: \(proposal.note)", .text)) }
    return lines
  }

  private func line(_ text: String, _ role: Style.Role) -> TextLine {
    var line = TextLine()
    line.add(text, Style(role), at: 1)
    return line
  }
}

extension ChangePreview.Row {
  /// Where it stands before and after: the weight where it is what changes, or is 0.
  fileprivate var words: (before: String, after: String) {
    let isWeighed = before.weight != after.weight || before.weight == 0
    func words(_ standing: Standing) -> String {
      isWeighed ? "\(standing.admin.word), \(standing.weight.map(String.init) ?? "-")" : standing.admin.word
    }
    return (words(before), words(after))
  }
}

extension Standing {
  fileprivate var state: HealthState { weight == 0 && admin == .ready ? .draining : admin.state }
}

extension ChangePreview.Row {
  /// What is special about it.
  fileprivate var remark: String {
    switch role {
    case .told: told
    case .follows(let leader), .dragged(by: let leader): "follows \(leader)"
    case .held(by: let leader): "stays: it follows \(leader)"
    case .withheld: "cannot be told"
    }
  }
}

extension ChangePreview.Row {
  private var told: String {
    let isOut = before.admin != .ready || before.weight == 0
    let words = author.map { "by \($0.actor.words)" } ?? (isOut ? "not by tiertop" : "")
    return before == after ? (words.isEmpty ? "already so" : "already so, \(words)") : words
  }
}

extension ChangePreview {
  /// Each load balancer that cannot be told, once.
  fileprivate var withheld: [(balancer: NodeName, obstacle: WriteObstacle)] {
    var seen: Set<NodeName> = []
    return rows.compactMap { row in
      guard case .withheld(let obstacle) = row.role, seen.insert(row.row.balancer).inserted else {
        return nil
      }
      return (row.row.balancer, obstacle)
    }
  }
}
