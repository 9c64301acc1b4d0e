/// What the agent polls for a layout: one entry for each question that is asked of a node each tick.
public struct PollPlan: Sendable, Hashable {
  public var interval: Duration
  public var sources: [Source]

  public init(interval: Duration, sources: [Source]) {
    self.interval = interval
    self.sources = sources
  }

  /// One source for each endpoint of each node, tier by tier, then those without a node.
  public init(for layout: Layout) {
    interval = layout.interval
    sources = layout.nodes.flatMap { node in
      [(Source.System.haproxy, node.haproxy), (.nginx, node.nginx)].compactMap { system, endpoint in
        endpoint.map { Source(node: node.name, system: system, endpoint: $0, via: node.via) }
      }
    }
    sources += layout.unplaced
  }

  public subscript(id: SourceID) -> Source { sources[id.index] }
}

/// One thing that is polled.
public struct Source: Sendable, Hashable {
  public var node: NodeName
  public var system: System
  public var endpoint: Endpoint
  public var via: SSHHost?

  public enum System: String, Sendable, Hashable {
    case haproxy, nginx
  }

  public init(node: NodeName, system: System, endpoint: Endpoint, via: SSHHost? = nil) {
    self.node = node
    self.system = system
    self.endpoint = endpoint
    self.via = via
  }
}
