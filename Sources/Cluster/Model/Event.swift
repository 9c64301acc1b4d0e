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
    /// What an operator did to a server on the load balancer that is `node`.
    case admin(ServerID, from: AdminState, to: AdminState)
    case weight(ServerID, from: Int64, to: Int64)
    /// The process restarted or reloaded: its counters began again.
    case reset(Source.System, reason: ResetReason)
    case sourceLost(Source.System, ReadFailure)
    case sourceBack(Source.System)
    case appeared
    case vanished
  }

  public enum ResetReason: Sendable, Hashable {
    case newProcess(pid: Int64)
    case restarted
    case counterFell
  }
}
