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

  /// Whether both names are such that they can be part of a command: letters, digits and `-_.:`, which is
  /// what HAProxy allows in its configuration (configuration manual, 2.2), and of a length that people write.
  public var isSpeakable: Bool {
    [backend, server].allSatisfy { name in
      1...ServerID.longest ~= name.utf8.count && name.utf8.allSatisfy(ServerID.isNameByte)
    }
  }

  private static let longest = 255

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }
}

/// One thing that is polled, by its place in `PollPlan.sources`.
public struct SourceID: Hashable, Comparable, Sendable {
  public let index: Int

  public init(_ index: Int) { self.index = index }

  public static func < (a: SourceID, b: SourceID) -> Bool { a.index < b.index }
}
