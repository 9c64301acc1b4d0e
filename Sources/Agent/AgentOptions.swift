/// What an agent is given besides its plan.
public struct AgentOptions: Sendable {
  /// A reply that is longer than this many bytes is given up.
  public var replyLimit = 64 << 20
  /// Whether the second tick comes after a quarter of the interval, so that there are rates soon.
  public var warmUp = true

  public init() {}
}
