import Cluster
import History

/// The figures of one thing over a span, at one resolution. A point without figures stands for a gap.
struct PastSeries {
  /// A tick, or the minute or hour that begins then.
  struct Point {
    var at: WallTime
    /// nil where nothing was recorded.
    var figures: RollUps?
  }

  var resolution: Cluster.Resolution
  var points: [Point]
}

extension Timeline {
  /// The finest that is shown where nothing is said: so many points, about, are enough for a look.
  private static let usualPoints = 160

  /// - Parameter wanted: nil where the length of the span decides, and what is still there of it.
  func figures(
    of series: Series, in span: TimeSpan, by wanted: Cluster.Resolution?
  ) throws(StoreFailure) -> PastSeries {
    if let wanted {
      return PastSeries(resolution: wanted, points: try points(of: series, in: span, by: wanted))
    }
    let recorded = try self.span().map { TimeSpan(from: $0.start, to: $0.end) }
    // Of a long span of a young store there is only as much as there is.
    let length = min(span.length, recorded?.length ?? span.length)
    var resolution = Cluster.Resolution.choose(span: length, columns: Timeline.usualPoints)
    var points = try points(of: series, in: span, by: resolution)
    // What is let go of first is the finest.
    for coarser in Cluster.Resolution.allCases where coarser.rawValue > resolution.rawValue {
      guard try isMissing(points, of: series, in: span, than: coarser) else { continue }
      points = try self.points(of: series, in: span, by: coarser)
      resolution = coarser
    }
    return PastSeries(resolution: resolution, points: points)
  }

  /// Whether a coarser resolution reaches further back into the span.
  private func isMissing(
    _ points: [PastSeries.Point], of series: Series, in span: TimeSpan, than coarser: Cluster.Resolution
  ) throws(StoreFailure) -> Bool {
    guard let width = coarser.width else { return false }
    let first = points.first?.at ?? span.end
    // The coarser piece in which the first point lies began before it.
    guard first.distance(from: span.start) > width * 2 else { return false }
    let before = TimeSpan(from: span.start, to: first.advanced(by: .zero - width))
    return try self.points(of: series, in: before, by: coarser).contains { $0.figures != nil }
  }

  private func points(
    of series: Series, in span: TimeSpan, by resolution: Cluster.Resolution
  ) throws(StoreFailure) -> [PastSeries.Point] {
    switch resolution {
    case .raw: try TickFold(self, series).points(in: span)
    case .minute: try rolledUp(series, span, .minute)
    case .hour: try rolledUp(series, span, .hour)
    }
  }

  /// The roll-ups, and between them those that there are none of.
  private func rolledUp(
    _ series: Series, _ span: TimeSpan, _ resolution: History.Resolution
  ) throws(StoreFailure) -> [PastSeries.Point] {
    var points: [PastSeries.Point] = []
    for point in try rollUps(of: series, in: span.start...span.end, by: resolution) {
      while let last = points.last?.at.advanced(by: resolution.duration), last < point.start {
        points.append(PastSeries.Point(at: last, figures: nil))
      }
      points.append(PastSeries.Point(at: point.start, figures: point.rollUps))
    }
    return points
  }
}
