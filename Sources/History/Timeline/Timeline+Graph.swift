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

  /// Calls `visit` with what each tick of a span says of one thing; without anything where it says nothing.
  public func eachTick(
    of subject: GraphSubject, in span: TimeSpan, layoutOf: @escaping (String) -> Layout?,
    _ visit: ([Metric: GraphPoint]) -> Void
  ) throws(StoreFailure) {
    try eachFrame(of: subject, in: span, layoutOf: layoutOf) { snapshot, isTick in
      // Between two ticks rates are over a part of one.
      if isTick { visit(snapshot.points(of: subject)) }
    }
  }

  /// Calls `visit` with each frame of a span, folded, and whether it is a tick's. Of the snapshots only the figures
  /// of that thing are those of the whole cluster. Over each gap it begins anew.
  public func eachFrame(
    of subject: GraphSubject, in span: TimeSpan, layoutOf: @escaping (String) -> Layout?,
    _ visit: (Snapshot, _ isTick: Bool) -> Void
  ) throws(StoreFailure) {
    let walk = try FrameWalk(self, of: subject, in: span, layoutOf: layoutOf)
    while try walk.step(visit) {}
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
