/// What each of several sizes costs, and how that grows beside the sizes themselves.
struct GrowthTable {
  /// What the columns are called, and how large each is.
  private let sizes: [(name: String, size: Double)]
  private var rows: [(name: String, values: [Double])] = []

  init(_ sizes: [(name: String, size: Double)]) { self.sizes = sizes }

  /// Adds the value of the next size that this one has none of.
  mutating func add(_ name: String, _ value: Double) {
    if let place = rows.firstIndex(where: { $0.name == name }) {
      rows[place].values.append(value)
    } else {
      rows.append((name, [value]))
    }
  }

  /// The last column: how much a value has grown from one size to the last, for each time that the size has.
  ///
  /// - Parameter from: the size that growth is told from: small ones are mostly what everything costs.
  func show(from base: Int = 0) {
    func line(_ name: String, _ cells: [String]) {
      print("  " + name.padded(to: 34) + cells.map { $0.ending(at: 13) }.joined())
    }
    line("", sizes.map(\.name) + ["1 is linear"])
    let last = sizes.count - 1
    for (name, values) in rows {
      let growth = values[last] / values[base] / (sizes[last].size / sizes[base].size)
      line(name, values.map(threePlaces) + [threePlaces(growth)])
    }
  }
}
