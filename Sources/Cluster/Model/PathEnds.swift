/// Between whom a path lies, as far as the layout says it.
public struct PathEnds: Hashable, Sendable {
  /// From where it is tried: a node, or `clients`.
  public var from: NodeName?
  /// The node at its other end.
  public var to: NodeName?

  public init(from: NodeName? = nil, to: NodeName? = nil) {
    self.from = from
    self.to = to
  }
}
