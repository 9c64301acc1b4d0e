public import Cluster

/// One change or attempt, as it is written down: who, what, where, with which result.
public struct AuditEntry: Hashable, Sendable {
  public let time: WallTime
  public let actor: Actor
  public let purpose: Change.Purpose
  public let row: ServerRow
  public let action: ServerAction
  /// Where the server stood before.
  public let before: Standing
  /// The server that it tracks, and that was told instead of it.
  public let follows: ServerID?
  public let result: Result
  /// The reason of a result that was no success, sanitised; empty for none.
  public let words: String
  /// Sanitised; empty for none.
  public let note: String

  public enum Result: String, Hashable, Sendable {
    case done, refused, ineffective, unsent, unknown
    /// The floor (`keep_up`) forbade it; nothing was sent.
    case belowFloor = "below-floor"
  }

  /// How one step of a change ended.
  ///
  /// - Parameter words: the wording of why a load balancer could not be asked.
  public init(
    _ step: Change.Step, _ outcome: StepOutcome, purpose: Change.Purpose, by actor: Actor, note: String,
    at time: WallTime, words: (ReadFailure) -> String
  ) {
    let (result, reason): (Result, String) =
      switch outcome {
      case .done: (.done, "")
      case .refused(let words): (.refused, words)
      case .ineffective(let found): (.ineffective, "found " + Self.text(of: found))
      case .unsent(let failure): (.unsent, words(failure))
      case .unknown(let failure): (.unknown, words(failure))
      }
    self.init(step, result, reason, purpose: purpose, by: actor, note: note, at: time)
  }

  /// A step that was not even tried, because of the floor.
  public init(
    belowFloor step: Change.Step, purpose: Change.Purpose, by actor: Actor, note: String, at time: WallTime
  ) {
    self.init(step, .belowFloor, "", purpose: purpose, by: actor, note: note, at: time)
  }

  private init(
    _ step: Change.Step, _ result: Result, _ words: String, purpose: Change.Purpose, by actor: Actor,
    note: String, at time: WallTime
  ) {
    self.time = time
    self.actor = actor
    self.purpose = purpose
    row = step.row
    action = step.action
    before = step.before
    if case .follow(let server) = step.kind { follows = server } else { follows = nil }
    self.result = result
    self.words = printable(words)
    self.note = printable(note)
  }
}
