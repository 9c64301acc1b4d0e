/// One figure over a span, cut into columns of equal width: what a graph draws.
public struct GraphSeries: Hashable, Sendable {
  public let span: TimeSpan
  /// Oldest first; nil is a gap.
  public let columns: [Column?]

  public struct Column: Hashable, Sendable {
    public var min: Double
    /// Weighed by what each point says of its weight.
    public var mean: Double
    public var max: Double
    /// How many ticks are in it; a point over several columns counts in each.
    public var count: Int
  }

  /// Gathers points, in any order, into columns. A point that is narrower than a column belongs to the one in
  /// which its middle lies; a wider one to all that it overlaps. O(points + columns).
  public init(span: TimeSpan, columns count: Int, points: some Sequence<GraphPoint>) {
    let count = max(0, count)
    var sums = [Sum?](repeating: nil, count: count)
    for point in points {
      guard point.min.isFinite, point.mean.isFinite, point.max.isFinite else { continue }
      for column in GraphSeries.columns(of: point.span, in: span, count: count) {
        sums[column] = (sums[column] ?? Sum()).adding(point)
      }
    }
    self.span = span
    columns = sums.map { $0?.column }
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

  private static func columns(of point: TimeSpan, in span: TimeSpan, count: Int) -> Range<Int> {
    guard count > 0, span.length > .zero else { return 0..<0 }
    if point.length <= span.length / count {
      let middle = point.start.advanced(by: point.length / 2)
      return span.part(of: middle, count: count).map { $0..<$0 + 1 } ?? 0..<0
    }
    guard point.overlaps(span) else { return 0..<0 }
    let first = span.part(of: max(point.start, span.start), count: count) ?? 0
    // The end is without: a point that ends where a column begins does not reach into it.
    let last = WallTime(nanoseconds: min(point.end, span.end).nanoseconds &- 1)
    return first..<(span.part(of: last, count: count) ?? first) + 1
  }

  private struct Sum {
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
