/// What the agent polls for a layout: one entry for each question that is asked of a node each tick.
public struct PollPlan: Sendable, Hashable {
  public var interval: Duration
  public var sources: [Source]

  public init(interval: Duration, sources: [Source]) {
    self.interval = interval
    self.sources = sources
  }

  /// One source for each endpoint of each node, tier by tier, then those of the entry and of the firewalls,
  /// then those without a node.
  public init(for layout: Layout) {
    interval = layout.interval
    sources = layout.nodes.flatMap { node in
      Source.System.allCases.compactMap { system in
        node.endpoints[system].map { Source(node: node.name, system: system, endpoint: $0, via: node.via) }
      }
    }
    sources += layout.entry?.sources ?? []
    sources += layout.firewallSources
    sources += layout.unplaced
  }

  public subscript(id: SourceID) -> Source { sources[id.index] }
}
