/// A tier, node after node: out of the traffic, its command, back again.
///
/// It only decides. Whoever carries it out does what `advance` orders, and says how each order ended; the time
/// is that of the snapshots. At the first failure nothing new begins: the node that failed stays as it is, and
/// the others that are under way are brought back.
public struct Roll: Sendable {
  public struct Limits: Hashable, Sendable {
    /// So many nodes are out at once.
    public var maxDown: Int
    /// The longest that sessions may take to end.
    public var sessions: Duration
    /// The longest that checks may take to pass again, and then to let the node serve.
    public var up: Duration

    public init(maxDown: Int = 1, sessions: Duration = .seconds(60), up: Duration = .seconds(60)) {
      self.maxDown = maxDown
      self.sessions = sessions
      self.up = up
    }
  }

  /// What is to be done now. Each is answered once: `settle` for a change, `end` for a command.
  public enum Order: Hashable, Sendable {
    /// Drain it on all load balancers, or `refuse` that.
    case drain(NodeName)
    case run(NodeName)
    case ready(NodeName)
  }

  public struct Node: Hashable, Sendable {
    public let name: NodeName
    /// It is taken up where an earlier roll left it, though it is not ready.
    public let isResumed: Bool
    public internal(set) var phase: Phase
  }

  public enum Phase: Hashable, Sendable {
    case waiting
    /// Somebody had taken it out before: nothing is done to it.
    case skipped
    case draining
    /// Until it has no sessions.
    case emptying(since: Moment)
    case running
    /// Until its checks pass again.
    case checking(since: Moment)
    case readying
    /// Until it serves again.
    case comingUp(since: Moment)
    case done
    /// Made ready again without its command having run, because another node has failed.
    case returning
    case returned
    case failed(Fault)
  }

  /// Why a node went no further.
  public enum Fault: Hashable, Sendable {
    case notDrained
    /// Its backend would have been left with too few.
    case floor(ChangePreview.FloorBreach)
    /// So many were left when the time was over; nil where a load balancer did not say.
    case sessions(left: Int64?)
    case command(CommandEnd)
    /// The first server whose check does not pass, and what the check said; nil where nobody has said.
    case checks(row: ServerRow?, words: String)
    case notReady
    /// The first server that does not serve; nil where it is not there any more.
    case notServing(row: ServerRow?)
    /// Somebody ended the roll.
    case interrupted
  }

  /// How a command ended.
  public enum CommandEnd: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It could not be started; the system's words.
    case notStarted(String)

    /// Whether it says of itself that all went well.
    public var isSuccess: Bool { self == .exited(0) }
  }

  public internal(set) var nodes: [Node]
  public let limits: Limits
  /// Whether somebody has ended it.
  public internal(set) var isInterrupted = false
  /// As many nodes were out when the floor forbade one more; nil while it has not.
  var crowd: Int?

  /// - Parameters:
  ///   - names: in the order in which they are to be done.
  ///   - done: those that an earlier roll has done.
  ///   - open: those that it has left under way: they come first.
  public init(
    of names: [NodeName], limits: Limits, done: Set<NodeName> = [], open: Set<NodeName> = []
  ) {
    self.limits = limits
    let ordered = names.filter(open.contains) + names.filter { !open.contains($0) }
    nodes = ordered.map { name in
      Node(name: name, isResumed: open.contains(name), phase: done.contains(name) ? .done : .waiting)
    }
  }

  // MARK: What is known of it

  /// Whether nothing will be ordered any more, and nothing is under way.
  public var isOver: Bool {
    !nodes.contains(where: \.isUnderWay) && (isStopping || !nodes.contains { $0.phase == .waiting })
  }

  /// Whether nothing new begins any more.
  public var isStopping: Bool { isInterrupted || nodes.contains { $0.fault != nil } }

  /// Whether each node has been done, or was passed over.
  public var isDone: Bool { nodes.allSatisfy { $0.phase == .done || $0.phase == .skipped } }

  /// Nodes that are not as they should be before a roll, nor as after it: with these a later one goes on.
  public var open: [NodeName] { nodes.filter(\.isOpen).map(\.name) }

  public var done: [NodeName] { nodes.filter { $0.phase == .done }.map(\.name) }
}

extension Roll.Node {
  /// Whether something is being done to it, or waited for.
  public var isUnderWay: Bool {
    switch phase {
    case .waiting, .skipped, .done, .returned, .failed: false
    case .draining, .emptying, .running, .checking, .readying, .comingUp, .returning: true
    }
  }

  public var fault: Roll.Fault? {
    if case .failed(let fault) = phase { fault } else { nil }
  }

  fileprivate var isOpen: Bool {
    // The floor kept it from being touched at all.
    if case .floor? = fault { return isResumed }
    // It has not been taken up yet, and still is where the earlier roll left it.
    if phase == .waiting { return isResumed }
    return isUnderWay || fault != nil
  }
}
