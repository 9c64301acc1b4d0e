/// One node at two moments.
public struct NodeDifference: Hashable, Sendable {
  public let node: NodeName
  public let tier: TierName
  /// nil where there was no such node.
  public let from: Verdict?
  /// nil where there is none any more.
  public let to: Verdict?
  /// Every metric, in their order.
  public let figures: [FigureDifference]
  /// Its servers on the load balancers that stand otherwise: drained, weighed otherwise, in the order of the
  /// topology.
  public let rows: [RowDifference]

  public enum Kind: Hashable, Sendable, Comparable {
    /// It came to a worse state, or is gone.
    case worse
    /// It came to another state that is no worse, or is new.
    case otherwise
    /// It is in the same state, and somebody changed its servers.
    case changed
    /// Only figures differ.
    case figures
  }

  /// What kind of difference it is; nil where there is none worth being told.
  public var kind: Kind? {
    guard let from else { return to.map { $0.isTrouble ? .worse : .otherwise } }
    guard let to else { return .worse }
    if to.state != from.state { return to.state.severity > from.state.severity ? .worse : .otherwise }
    if !rows.isEmpty { return .changed }
    return figures.contains(where: \.isNews) ? .figures : nil
  }

  /// The figures that are worth being told, the most different first, those that got worse before the others.
  public var news: [FigureDifference] {
    figures.enumerated().filter(\.element.isNews).sorted { a, b in
      if a.element.isWorse != b.element.isWorse { return a.element.isWorse }
      if a.element.relevance != b.element.relevance { return a.element.relevance > b.element.relevance }
      return a.offset < b.offset
    }.map(\.element)
  }
}

/// One server of one load balancer that an operator left otherwise at two moments.
public struct RowDifference: Hashable, Sendable {
  public let row: ServerRow
  public let from: Standing
  public let to: Standing
}
