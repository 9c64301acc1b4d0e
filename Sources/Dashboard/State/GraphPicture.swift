public import Cluster

/// The figures of a stretch of the record.
public struct GraphRequest: Hashable, Sendable {
  public var subject: GraphSubject
  /// Of whole columns (`TimeSpan.onGrid`).
  public var span: TimeSpan
  public var columns: Int
}

/// What a request for a graph has found; it grows with what comes after that.
public struct GraphPicture: Hashable, Sendable {
  public private(set) var request: GraphRequest
  public private(set) var series: [Metric: GraphSeries]

  public init(_ request: GraphRequest, series: [Metric: GraphSeries]) {
    self.request = request
    self.series = series
  }

  /// Takes a tick in. Where the graph moves, it does by whole columns, so that what is drawn stands still between;
  /// else a tick that is later than its end is no part of it. O(1), and O(columns) where it moves.
  mutating func advance(with snapshot: Snapshot, isMoving: Bool) {
    if !isMoving, snapshot.middleOfTick >= request.span.end { return }
    let points = snapshot.points(of: request.subject)
    for metric in Metric.allCases {
      // Where its middle lies, so that the last column is never empty.
      if isMoving { series[metric]?.moveOn(to: snapshot.middleOfTick) }
      if let point = points[metric] { series[metric]?.add(point) }
    }
    if let span = series.values.first?.span { request.span = span }
  }
}
