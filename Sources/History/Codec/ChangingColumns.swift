/// The columns of a segment that change, each with its values: one for each change, and none for samples that pass
/// without one. Of ten thousand servers nearly all columns change some time, and each of them in a few samples.
struct ChangingColumns {
  /// The places of the columns in a sample, numbers first, then texts behind them, in the order in which they came.
  private var places: [Int32] = []
  /// Where the changes of each column end.
  private var ends: [Int] = []
  /// Column by column: the sample from which on a value holds, and the value.
  private var samples: [Int32] = []
  private var values: [Int64] = []

  /// Changes in all columns together.
  var count: Int { values.count }

  /// Begins a column; what is added from here on belongs to it, in the order of the samples.
  mutating func begin(at place: Int) {
    places.append(Int32(place))
    ends.append(values.count)
  }

  @inline(__always)
  mutating func add(_ value: Int64, from sample: Int) {
    samples.append(Int32(sample))
    values.append(value)
    ends[ends.count - 1] = values.count
  }

  /// Calls `visit` with each column that has changed by a sample, and its value there. O(columns × log changes of one).
  @inline(__always)
  func values(at sample: Int, _ visit: (_ place: Int, _ value: Int64) -> Void) {
    var start = 0
    for (column, place) in places.enumerated() {
      let end = ends[column]
      if let change = lastChange(in: start..<end, by: Int32(sample)) { visit(Int(place), values[change]) }
      start = end
    }
  }

  @inline(__always)
  private func lastChange(in range: Range<Int>, by sample: Int32) -> Int? {
    // There are no more changes than samples: in a column that changes each time, the first look finds it.
    var (low, high) = (range.lowerBound - 1, min(range.upperBound, range.lowerBound + Int(sample)) - 1)
    guard high > low else { return nil }
    if samples[high] <= sample { return high }
    while high - low > 1 {
      let middle = (low + high) >> 1
      if samples[middle] <= sample { low = middle } else { high = middle }
    }
    return low < range.lowerBound ? nil : low
  }
}
