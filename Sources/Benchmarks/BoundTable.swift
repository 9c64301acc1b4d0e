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
      print("  " + row[0].padded(to: 46) + row.dropFirst().map { $0.ending(at: 13) }.joined())
    }
  }

  private func milliseconds(_ seconds: Double) -> String { "\(threePlaces(seconds * 1e3)) ms" }
}
