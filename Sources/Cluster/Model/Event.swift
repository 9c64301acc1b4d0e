/// Something that changed, and when: what the events view shows, and what history keeps for ever.
public struct Event: Sendable, Hashable {
  public var at: WallTime
  public var node: NodeName?
  public var change: Change

  public init(at: WallTime, node: NodeName?, change: Change) {
    self.at = at
    self.node = node
    self.change = change
  }

  public enum Change: Sendable, Hashable {
    case health(from: HealthState, to: Verdict)
    /// A node that is degraded, and was before, is so for another kind of reason; it has been for more than a tick.
    case reason(from: HealthReason, to: HealthReason)
    /// What was seen to have been done to a server on the load balancer that is `node`; by whom, where that
    /// is known: nil is somebody else than tiertop.
    case admin(ServerID, from: AdminState, to: AdminState, by: Actor?)
    case weight(ServerID, from: Int64, to: Int64, by: Actor?)
    /// What tiertop did, or tried to do, on the load balancer that is `node`.
    case changed(ChangeNews)
    /// What a person set on a server of `node` is no longer so.
    case lost(LostIntent)
    /// The process restarted or reloaded: its counters began again.
    case reset(Source.System, reason: ResetReason)
    case sourceLost(Source.System, ReadFailure)
    case sourceBack(Source.System)
    /// The virtual address that is `node` is held by another load balancer; how long nobody answered there, as
    /// far as that was tried.
    case moved(from: NodeName, to: NodeName, gap: Duration?)
    case appeared
    case vanished
  }

  public enum ResetReason: Sendable, Hashable {
    case newProcess(pid: Int64)
    case restarted
    case counterFell
  }
}

/// What tiertop did to some servers of one load balancer, and how it ended.
public struct ChangeNews: Hashable, Sendable {
  public var action: ServerAction
  /// Those with the same outcome.
  public var servers: [ServerID]
  public var outcome: StepOutcome
  public var purpose: Change.Purpose
  public var actor: Actor
  /// Sanitised; empty for none.
  public var note: String

  public init(
    action: ServerAction, servers: [ServerID], outcome: StepOutcome, purpose: Change.Purpose, actor: Actor,
    note: String
  ) {
    self.action = action
    self.servers = servers
    self.outcome = outcome
    self.purpose = purpose
    self.actor = actor
    self.note = note
  }
}
