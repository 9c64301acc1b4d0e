/// A node of the cluster by its name: `web1`, `lb2`. Unique in a cluster, sanitised.
public struct NodeName: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = printable(text) }

  public var description: String { text }

  public static func < (a: NodeName, b: NodeName) -> Bool { a.text < b.text }
}

/// A tier by its name: `lb`, `web`, `app`, `db`. Unique in a cluster, sanitised.
public struct TierName: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = printable(text) }

  public var description: String { text }
}

/// A server as one load balancer names it: `web/web1`.
public struct ServerID: Hashable, Sendable, CustomStringConvertible {
  public let backend: String
  public let server: String

  public init(backend: String, server: String) {
    self.backend = backend
    self.server = server
  }

  public var description: String { "\(backend)/\(server)" }
}

/// One thing that is polled, by its place in `PollPlan.sources`.
public struct SourceID: Hashable, Comparable, Sendable {
  public let index: Int

  public init(_ index: Int) { self.index = index }

  public static func < (a: SourceID, b: SourceID) -> Bool { a.index < b.index }
}
