/// Rows of words and figures under headings, as lines: what is least important is left out where it is narrow.
struct TextTable {
  struct Column {
    var title: String
    var width: Int
    var isNumber = false
    /// Higher ones are left out first.
    var rank = 0
    /// Takes what is left over.
    var isOpen = false
  }

  typealias Field = (text: String, style: Style)

  var columns: [Column]
  var rows: [[Field]]

  /// The heading and the rows in `width` columns, from column `inset` on.
  func lines(width: Int, inset: Int, ellipsis: Unicode.Scalar) -> [TextLine] {
    let places = self.places(width: width, inset: inset)
    func line(_ fields: [Field]) -> TextLine {
      var line = TextLine()
      for (index, x, width) in places where index < fields.count {
        let (text, style) = fields[index]
        let cut = text.shortened(width, ellipsis: ellipsis)
        line.add(cut, style, at: columns[index].isNumber ? x + width - cut.columns : x)
      }
      return line
    }
    return [line(columns.map { ($0.title, Style(.label)) })] + rows.map(line)
  }

  /// How wide a column will be; nil where it is left out.
  func width(ofColumn index: Int, width: Int, inset: Int) -> Int? {
    places(width: width, inset: inset).first { $0.index == index }?.width
  }

  /// Which columns are shown, and where.
  private func places(width: Int, inset: Int) -> [(index: Int, x: Int, width: Int)] {
    var shown = Array(columns.indices)
    let room = width - inset
    func total() -> Int { shown.reduce(0) { $0 + columns[$1].width } + 2 * (shown.count - 1) }
    while shown.count > 1, total() > room {
      let last = shown.indices.max { columns[shown[$0]].rank < columns[shown[$1]].rank } ?? 0
      shown.remove(at: last)
    }
    let spare = max(0, room - total())
    var places: [(index: Int, x: Int, width: Int)] = []
    var x = inset
    for index in shown {
      let width = columns[index].width + (columns[index].isOpen ? spare : 0)
      places.append((index, x, width))
      x += width + 2
    }
    return places
  }
}

/// One line of a page that scrolls: pieces of text, each at its column.
struct TextLine {
  var runs: [(x: Int, text: String, style: Style)] = []

  /// Adds text at a column, or two columns after what is there.
  mutating func add(_ text: String, _ style: Style = .plain, at x: Int? = nil, gap: Int = 2) {
    let end = runs.last.map { $0.x + $0.text.columns + gap } ?? 1
    runs.append((x ?? end, text, style))
  }

  static func heading(_ text: String, _ note: String = "") -> TextLine {
    var line = TextLine()
    line.add(text, Style(.title, .bold), at: 1)
    if !note.isEmpty { line.add(note, Style(.label)) }
    return line
  }

  func draw(on canvas: inout Canvas, y: Int) {
    for run in runs { canvas.write(run.text, x: run.x, y: y, style: run.style) }
  }
}
