/// Something that a person set, and that is no longer so.
public struct LostIntent: Hashable, Sendable {
  public var intent: Intent
  /// Where the server stands instead.
  public var found: Standing
  public var cause: Cause
  /// When that was seen first.
  public var at: WallTime

  public init(intent: Intent, found: Standing, cause: Cause, at: WallTime) {
    self.intent = intent
    self.found = found
    self.cause = cause
    self.at = at
  }

  public enum Cause: Hashable, Sendable {
    /// The load balancer began again, and has forgotten it.
    case reset(Event.ResetReason)
    /// Somebody or something else has set it otherwise.
    case other
  }
}
