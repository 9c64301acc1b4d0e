/// What was measured, each beside the bound that it is to keep to.
struct BoundTable {
  private var rows: [[String]] = [["", "median", "slowest", "bound"]]

  mutating func add(_ name: String, _ figures: Figures, _ bound: String) {
    rows.append([name, milliseconds(figures.median), milliseconds(figures.slowest), bound])
  }

  /// One time, in seconds.
  mutating func add(_ name: String, _ slowest: Double, _ bound: String) {
    rows.append([name, "", milliseconds(slowest), bound])
  }

  mutating func add(_ name: String, words: String, _ bound: String) { rows.append([name, words, "", bound]) }

  func show() {
    for row in rows {
      var line = "  " + row[0] + String(repeating: " ", count: max(1, 46 - row[0].count))
      for cell in row.dropFirst() { line += String(repeating: " ", count: max(1, 13 - cell.count)) + cell }
      print(line)
    }
  }

  private func milliseconds(_ seconds: Double) -> String { "\(threePlaces(seconds * 1e3)) ms" }
}
