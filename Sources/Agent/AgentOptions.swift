/// What an agent is given besides its plan.
public struct AgentOptions: Sendable {
  /// A reply that is longer than this many bytes is given up.
  public var replyLimit = 64 << 20
  /// Whether the second tick comes after a quarter of the interval, so that there are rates soon.
  public var warmUp = true
  /// Where passwords for pages are read.
  public var secrets = SecretStore()
  /// The certificates (PEM) that are trusted for https; nil for the system's.
  public var certificateFile: String?

  public init() {}
}
