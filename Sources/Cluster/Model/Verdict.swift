/// The judgement on a node: a state and why.
public struct Verdict: Hashable, Sendable {
  public var state: HealthState
  public var reason: HealthReason?

  public init(_ state: HealthState, _ reason: HealthReason? = nil) {
    self.state = state
    self.reason = reason
  }

  /// Somebody has to look at it: it serves badly or not at all, or cannot be asked. What an operator took out,
  /// and what nobody has tried to read yet, is no trouble.
  public var isTrouble: Bool {
    switch state {
    case .down, .degraded, .stale: return true
    case .unknown:
      // Who is told, and does not ask, may have to wait for the first word.
      guard case .neverRead(let failure?)? = reason else { return false }
      return failure != .nothingSent
    case .up, .draining, .maint: return false
    }
  }
}

public enum HealthState: String, Hashable, Sendable, CaseIterable {
  case up, degraded, draining, maint, down, stale, unknown

  /// How much it wants to be looked at; higher is worse.
  public var severity: Int {
    switch self {
    case .up: 0
    case .maint: 1
    case .draining: 2
    case .unknown: 3
    case .stale: 4
    case .degraded: 5
    case .down: 6
    }
  }
}

/// Why a node is in its state: facts; the wording is in the view.
public enum HealthReason: Hashable, Sendable {
  /// Rates are 0…1.
  case errorRate(Double, limit: Double)
  /// Milliseconds.
  case latency(Double, limit: Double)
  /// Milliseconds; it is much slower than the others that do the same, of which half answer within `others`.
  case slowerThanOthers(Double, others: Double)
  case queue(Int64, limit: Int64)
  /// So many of those that it can have at a time; the limit is a share, 0…1.
  case inUse(Int64, of: Int64, Slots, limit: Double)
  /// It accepted connections and had no place for them, since the reading before.
  case connectionsDropped(Int64)
  /// A health check failed: HAProxy's code (`L4CON`) and its words.
  case check(code: String, words: String)
  /// A check that passed before fails, and the server will be down when it goes on: `UP 1/3`.
  case goingDown(passed: Int, of: Int)
  /// A check that failed before passes: `DOWN 1/2`.
  case comingUp(passed: Int, of: Int)
  /// Sessions that are still there while draining.
  case sessionsLeft(Int64)
  /// The load balancers disagree: `count` of `of` say `state`.
  case disagreement(state: HealthState, count: Int, of: Int)
  /// In some of its backends only: `count` of `of` server rows say `state`.
  case server(ServerID, state: HealthState, count: Int, of: Int)
  /// What a person wanted of it is no longer so, on these load balancers.
  case lost(Intent.Wish, on: [NodeName], LostIntent.Cause, at: WallTime)
  /// It takes nothing because its weight is 0.
  case zeroWeight
  /// Maintenance comes from another server, or from a name that does not resolve; HAProxy's words.
  case maintenance(words: String)
  /// A backend of this load balancer has no server left.
  case backendDown(backend: String)
  /// The load balancer's process is on its way out.
  case stopping
  /// Several processes answer behind one path, each with its own counters: no rate can be trusted.
  case severalProcesses
  /// The node itself does not answer; for how long, and why.
  case silent(Duration, ReadFailure?)
  /// It serves, but its own status page does not answer; for how long, where it ever did, and why.
  case pageSilent(Duration?, ReadFailure)
  /// All its workers are busy, and requests wait.
  case workersBusy(Int64, waiting: Int64)
  /// A replica does not follow its primary; the server's words.
  case replicationBroken(DatabaseStatus.Progress, applying: DatabaseStatus.Progress, words: String)
  /// Seconds.
  case replicationLag(Double, limit: Double)
  /// It should follow this node, and follows nobody, or somebody else: `follows`, empty for nobody.
  case followsWrong(NodeName, follows: String)
  /// It should follow this node, and takes writes itself.
  case secondPrimary(NodeName)
  /// It should take writes, and refuses them.
  case readOnlyPrimary
  /// keepalived on this load balancer sees a fault.
  case routerFault
  /// No load balancer holds the virtual address.
  case addressNotHeld
  /// More than one does.
  case addressHeldTwice([NodeName])
  /// Somebody holds it, and nobody answers there.
  case addressSilent(Duration)
  /// The name server's response code.
  case nameNotFound(code: UInt8)
  /// None of the name's addresses leads to this cluster.
  case nameElsewhere([String])
  /// What should pass does not.
  case pathClosed(SocketAddress, PathState, PathEnds)
  /// What should not pass does.
  case pathOpen(SocketAddress, PathEnds)
  /// Nothing has been read yet.
  case neverRead(ReadFailure?)
  /// No load balancer and no source knows of it.
  case notSeen

  /// Whether a node of which this is so answers no health checks either.
  var explainsFailedChecks: Bool {
    switch self {
    case .workersBusy, .connectionsDropped: true
    default: false
    }
  }

  /// What a node has a limited number of.
  public enum Slots: Hashable, Sendable {
    case sessions, connections
    /// Connections of one frontend of a load balancer.
    case frontend(String)
  }
}
