public import Cluster

/// What a figure is kept of over months: the whole, a tier, or a node.
public enum Series: Hashable, Sendable {
  case cluster
  case tier(TierName)
  case node(NodeName)

  /// As the store numbers the kinds.
  var kind: Int64 {
    switch self {
    case .cluster: 0
    case .tier: 1
    case .node: 2
    }
  }

  var name: String {
    switch self {
    case .cluster: ""
    case .tier(let name): name.text
    case .node(let name): name.text
    }
  }
}

/// The lengths of time over which figures are summed up.
public enum Resolution: Int64, Sendable, CaseIterable {
  case minute = 60
  case hour = 3600

  public var duration: Duration { .seconds(rawValue) }

  var nanoseconds: Int64 { rawValue * 1_000_000_000 }

  /// The stretch of this length that a time lies in, counted from 1970; earlier ones are negative.
  func index(of time: WallTime) -> Int64 {
    let (quotient, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: nanoseconds)
    return rest < 0 ? quotient - 1 : quotient
  }

  func start(of index: Int64) -> WallTime {
    let (product, overflow) = index.multipliedReportingOverflow(by: nanoseconds)
    return WallTime(nanoseconds: overflow ? (index < 0 ? .min : .max) : product)
  }
}
