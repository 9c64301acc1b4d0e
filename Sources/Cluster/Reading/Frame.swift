/// What was read in one tick, raw: the replies as reported, or the reason why there is none, each with its
/// own time. Everything that is shown is a pure function of frames.
public struct Frame: Sendable {
  /// When the frame was complete.
  public var at: Moment
  /// What has reported since the frame before, in the order it came in. A source that is not in it has
  /// said nothing new.
  public var readings: [Reading]
  /// Whether it is none of those that come once a tick: what it says is new, but no tick is over with it.
  public var isBetweenTicks: Bool

  public init(at: Moment, readings: [Reading], isBetweenTicks: Bool = false) {
    self.at = at
    self.readings = readings
    self.isBetweenTicks = isBetweenTicks
  }
}

/// How one poll of one source ended.
public struct Reading: Sendable {
  public var source: SourceID
  /// When the reply was complete, or when the poll was given up.
  public var at: Moment
  /// From the beginning of the poll, connecting included, to its end.
  public var took: Duration
  public var outcome: Outcome

  public enum Outcome: Sendable {
    case sample(Sample)
    case failure(ReadFailure)
  }

  public init(source: SourceID, at: Moment, took: Duration, outcome: Outcome) {
    self.source = source
    self.at = at
    self.took = took
    self.outcome = outcome
  }
}

/// A good reply, of whichever system it came from.
public enum Sample: Sendable {
  case proxy(ProxySample)
  case web(StubStatus)
  case workers(WorkerStatus)
  case database(DatabaseStatus)
  case host(HostStatus)
  case router(RouterStatus)
  case address(AddressStatus)
  case name(NameAnswer)
  case firewall(FirewallCounters)
  case path(PathState)
}
