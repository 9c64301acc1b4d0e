public import Cluster

/// What a long graph is of.
public enum GraphSubject: Hashable, Sendable {
  case cluster
  case tier(TierName)
  case node(NodeName)
}

/// The figures of a long stretch, from the record.
public struct GraphRequest: Hashable, Sendable {
  public var subject: GraphSubject
  public var span: TimeSpan
  public var columns: Int
}

/// What a request for a long graph has found.
public struct GraphPicture: Hashable, Sendable {
  public var request: GraphRequest
  public var series: [Metric: GraphSeries]

  public init(_ request: GraphRequest, series: [Metric: GraphSeries]) {
    self.request = request
    self.series = series
  }
}
