public import Cluster

extension Timeline {
  /// The figures of one thing over a span, in columns; see `GraphReading`.
  public func graph(
    of subject: GraphSubject, in span: TimeSpan, columns: Int, layoutOf: @escaping (String) -> Layout?
  ) throws(StoreFailure) -> [Metric: GraphSeries] {
    let reading = try GraphReading(self, of: subject, in: span, columns: columns, layoutOf: layoutOf)
    while try reading.step() {}
    return reading.series
  }

  /// Begins to go through the frames of a span; see `FrameWalk`.
  public func walk(
    of subject: GraphSubject, in span: TimeSpan, layoutOf: @escaping (String) -> Layout?
  ) throws(StoreFailure) -> FrameWalk {
    try FrameWalk(self, of: subject, in: span, layoutOf: layoutOf)
  }
}

extension Series {
  /// The series that a graph is drawn from.
  public init(_ subject: GraphSubject) {
    switch subject {
    case .cluster: self = .cluster
    case .tier(let name): self = .tier(name)
    case .node(let name): self = .node(name)
    }
  }
}
