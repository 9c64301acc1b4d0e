/// One figure over a span, cut into columns of equal width: what a graph draws.
public struct GraphSeries: Hashable, Sendable {
  public private(set) var span: TimeSpan
  private var sums: [Sum?]

  public struct Column: Hashable, Sendable {
    public var min: Double
    /// Weighted by what each point says of its weight.
    public var mean: Double
    public var max: Double
    /// How many ticks are in it; a point over several columns counts in each.
    public var count: Int
  }

  /// Gathers points, in any order, into columns. O(points + columns).
  public init(span: TimeSpan, columns count: Int, points: some Sequence<GraphPoint>) {
    self.span = span
    sums = [Sum?](repeating: nil, count: max(0, count))
    for point in points { add(point) }
  }

  /// Oldest first; nil is a gap.
  public var columns: [Column?] { sums.map { $0?.column } }

  /// The column in which a time lies; nil where that is outside, or in a gap. O(1).
  public func column(at time: WallTime) -> Column? {
    span.part(of: time, count: sums.count).flatMap { sums[$0]?.column }
  }

  /// Adds what has come since. A point that is narrower than a column belongs to the one in which its middle
  /// lies, a wider one to all that it overlaps; so does a tick that nearly is as wide as a column, because ticks
  /// come when they come, and a column between two of them is no gap. O(columns that it touches).
  public mutating func add(_ point: GraphPoint) {
    guard point.min.isFinite, point.mean.isFinite, point.max.isFinite else { return }
    for column in columns(of: point) { sums[column] = (sums[column] ?? Sum()).adding(point) }
  }

  /// Moves on by whole columns, where it has to, so that `time` lies in the last one: what is oldest goes.
  /// Nothing is moved back. O(columns) where it moves.
  public mutating func moveOn(to time: WallTime) {
    let width = span.length.nanoseconds / Int64(max(1, sums.count))
    guard !sums.isEmpty, width > 0, time >= span.end else { return }
    let passed = time.distance(from: span.end).nanoseconds / width + 1
    let gone = Int(min(Int64(sums.count), passed))
    sums.removeFirst(gone)
    sums += [Sum?](repeating: nil, count: gone)
    span = TimeSpan(span.length, until: span.end.advanced(by: .nanoseconds(passed * width)))
  }

  /// The least, the mean and the highest of all columns; nil where there are only gaps.
  public var overall: Column? {
    var whole: Column?
    var total = 0.0
    var ticks = 0
    for case let column? in columns {
      whole = Column(
        min: min(whole?.min ?? column.min, column.min), mean: 0,
        max: max(whole?.max ?? column.max, column.max),
        count: 0)
      total += column.mean * Double(column.count)
      ticks += column.count
    }
    whole?.mean = ticks > 0 ? total / Double(ticks) : 0
    whole?.count = ticks
    return whole
  }

  private func columns(of point: GraphPoint) -> Range<Int> {
    let count = sums.count
    guard count > 0, span.length > .zero else { return 0..<0 }
    let width = span.length / count
    if point.span.length <= (point.count <= 1 ? width * 2 / 3 : width) {
      let middle = point.span.start.advanced(by: point.span.length / 2)
      return span.part(of: middle, count: count).map { $0..<$0 + 1 } ?? 0..<0
    }
    guard point.span.overlaps(span) else { return 0..<0 }
    let first = span.part(of: max(point.span.start, span.start), count: count) ?? 0
    // The end is without: a point that ends where a column begins does not reach into it.
    let last = WallTime(nanoseconds: min(point.span.end, span.end).nanoseconds &- 1)
    return first..<(span.part(of: last, count: count) ?? first) + 1
  }

  private struct Sum: Hashable, Sendable {
    var min = Double.infinity
    var max = -Double.infinity
    var weighted = 0.0
    var weight = 0.0
    var plain = 0.0
    var count = 0

    func adding(_ point: GraphPoint) -> Sum {
      var sum = self
      let ticks = Swift.max(1, point.count)
      let weight = point.weight.isFinite ? Swift.max(0, point.weight) : 0
      sum.min = Swift.min(min, point.min)
      sum.max = Swift.max(max, point.max)
      sum.weighted += point.mean * weight
      sum.weight += weight
      sum.plain += point.mean * Double(ticks)
      sum.count += ticks
      return sum
    }

    /// Where nothing has any weight, every tick has the same.
    var column: Column {
      Column(
        min: min, mean: weight > 0 ? weighted / weight : plain / Double(Swift.max(1, count)), max: max,
        count: count)
    }
  }
}
