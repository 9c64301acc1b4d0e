/// One figure of a node at two moments.
public struct FigureDifference: Hashable, Sendable {
  public let figure: Metric
  /// In the unit of the metric; nil where it was not known, or so old that it says nothing.
  public let from: Double?
  public let to: Double?

  /// How large the difference is: 0 is none, 1 is twice as much or half of it; 0 where one side is not known.
  ///
  /// To both sides a floor is added first, below which figures of this kind are noise: from 1 to 2 requests per
  /// second is a tenth, from 100 to 200 nine tenths.
  public var relevance: Double {
    guard let from, let to, from.isFinite, to.isFinite else { return 0 }
    let floor = figure.floor
    let (low, high) = (max(0, min(from, to)) + floor, max(0, max(from, to)) + floor)
    return high / low - 1
  }

  /// Worth being told.
  public var isNews: Bool { relevance >= FigureDifference.leastNews }

  /// It is more, and more of it is worse: errors and latency. More or fewer requests and sessions are neither.
  public var isWorse: Bool {
    guard isNews, let from, let to else { return false }
    return to > from && (figure == .errorRate || figure == .latency)
  }

  /// A quarter more: less than that is how traffic breathes from one second to the next.
  static let leastNews = 0.25
}

extension Metric {
  /// Differences of about this size are noise, whatever their share.
  fileprivate var floor: Double {
    switch self {
    case .qps: 10
    case .latency: 10
    case .errorRate: 0.005
    case .sessions: 10
    }
  }
}
