import Cluster

/// Two moments beside each other: what is different, node by node, the worst first.
struct CompareScreen {
  let comparison: Comparison
  let now: WallTime?
  let look: Look

  private var glyphs: Glyphs { Glyphs(isUnicode: look.isUnicode) }

  /// Everything: the head, a blank line, the table.
  func lines(width: Int) -> [TextLine] {
    let table = self.table(width: width)
    return head(width: width) + (table.isEmpty ? [] : [TextLine()] + table)
  }

  /// Which moments, and how the whole differs.
  func head(width: Int) -> [TextLine] {
    var first = TextLine()
    let from = Figures.moment(comparison.from, now: now, utcOffset: look.utcOffset)
    let to = Figures.moment(comparison.to, now: now, utcOffset: look.utcOffset)
    first.add("\(from) \(glyphs.to) \(to)", Style(.title, .bold), at: 1)
    let passed = comparison.to.distance(from: comparison.from)
    let span = Figures.span(passed < .zero ? .zero - passed : passed)
    first.add("\(span) \(passed < .zero ? "earlier" : "later")", Style(.label))
    var second = TextLine()
    second.add("cluster", Style(.label), at: 1)
    let (old, new) = comparison.health
    second.add(old == new ? new.word : "\(old.word) \(glyphs.to) \(new.word)", Style(new.role), gap: 1)
    var end = second.runs.last.map { $0.x + $0.text.columns } ?? 0
    for difference in comparison.total where difference.isNews {
      let title = difference.figure.title.lowercased()
      end += 2 + title.columns + 1 + difference.words.columns
      if end > width { break }
      second.add(title, Style(.label))
      second.add(difference.words, difference.style, gap: 1)
    }
    var third = TextLine()
    third.add(countWords, Style(.label), at: 1)
    return [first, second, third]
  }

  /// The headings and a line for each node, in the order of `comparison.nodes`; nothing where none differs.
  func table(width: Int) -> [TextLine] {
    if comparison.nodes.isEmpty { return [] }
    let nameWidth = min(24, comparison.nodes.reduce(4) { max($0, $1.node.text.columns) })
    if width < 72 { return narrowTable(width: width, nameWidth: min(12, nameWidth)) }
    let stateWidth = comparison.nodes.reduce(5) { max($0, $1.stateWords.columns + 2) }
    let columns: [TextTable.Column] = [
      .init(title: "NODE", width: nameWidth), .init(title: "STATE", width: stateWidth, rank: 1),
      .init(title: "ERRORS", width: 17, isNumber: true, rank: 2),
      .init(title: "LATENCY", width: 17, isNumber: true, rank: 3),
      .init(title: "REQUESTS", width: 17, isNumber: true, rank: 4),
      .init(title: "SESSIONS", width: 13, isNumber: true, rank: 6),
      .init(title: "WHAT", width: 12, rank: 5, isOpen: true),
    ]
    let rows = comparison.nodes.map { node -> [TextTable.Field] in
      let state = node.to?.state ?? .down
      func figure(_ metric: Metric) -> TextTable.Field {
        guard let difference = node.figures.first(where: { $0.figure == metric }) else { return ("", .plain) }
        return (difference.words, difference.style)
      }
      return [
        (node.node.text, .plain), ("\(glyphs.state(state)) \(node.stateWords)", Style(state.role)),
        figure(.errorRate), figure(.latency), figure(.qps), figure(.sessions),
        (node.details, Style(.label)),
      ]
    }
    return TextTable(columns: columns, rows: rows).lines(
      width: width - 1, inset: 1, ellipsis: glyphs.ellipsis)
  }

  /// Where figures have no room, each node has what says most: its state, what was set, or one figure.
  private func narrowTable(width: Int, nameWidth: Int) -> [TextLine] {
    let rows = comparison.nodes.map { node -> [TextTable.Field] in
      let state = node.to?.state ?? .down
      let words: String
      switch node.kind {
      case .worse?, .otherwise?, .changed?: words = node.stateWords
      case .figures?, nil:
        words = node.news.first.map { "\($0.figure.title.lowercased()) \($0.words)" } ?? ""
      }
      return [(node.node.text, .plain), ("\(glyphs.state(state)) \(words)", Style(state.role))]
    }
    return TextTable(
      columns: [.init(title: "NODE", width: nameWidth), .init(title: "WHAT", width: 12, isOpen: true)],
      rows: rows
    ).lines(width: width - 1, inset: 1, ellipsis: glyphs.ellipsis)
  }

  private var countWords: String {
    let (differ, same) = (comparison.nodes.count, comparison.sameCount)
    if differ == 0 { return "nothing differs that is worth being told" }
    return "\(differ) of \(differ + same) nodes differ\(differ > 1 ? ", the worst first" : "")"
  }
}

extension FigureDifference {
  /// What got worse stands out, what is as before steps back.
  fileprivate var style: Style { isWorse ? Style(.degraded) : isNews ? .plain : Style(.label) }
}
