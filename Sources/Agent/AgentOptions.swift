/// What an agent is given besides its plan.
public struct AgentOptions: Sendable {
  /// A reply that is longer than this many bytes is given up.
  public var replyLimit = 64 << 20
  /// Whether the second tick comes after a quarter of the interval, so that there are rates soon.
  public var warmUp = true
  /// Whether all polls of a tick begin together and its frame waits for each of them, up to the deadline: for
  /// a measurement. A screen wants a picture soon, and polls that spread a little.
  public var waitsForAll = false
  /// How often it is tried whether anybody answers at a virtual address: so well is known for how long nobody did.
  public var probeGap = Duration.milliseconds(50)
  /// Where passwords for pages are read.
  public var secrets = SecretStore()
  /// The certificates (PEM) that are trusted for https; nil for the system's.
  public var certificateFile: String?
  /// Arguments for the OpenSSH client that come before the agent's own, and so win: `-F`, `FILE`.
  public var sshOptions: [String] = []

  public init() {}
}
