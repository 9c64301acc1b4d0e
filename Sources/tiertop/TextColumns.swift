import Dashboard

/// Rows of cells as lines of text, each column as wide as its widest cell.
struct TextColumns {
  private let rows: [[String]]
  private let right: Set<Int>

  /// - Parameter right: the columns whose cells end together.
  init(_ rows: [[String]], right: Set<Int> = []) {
    self.rows = rows
    self.right = right
  }

  var text: String {
    guard let first = rows.first else { return "" }
    let widths = first.indices.map { column in rows.map { $0[column].columns }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let blanks = String(repeating: " ", count: widths[column] - text.columns)
        return right.contains(column) ? blanks + text : text + blanks
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
