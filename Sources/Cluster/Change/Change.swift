/// What is to be done to servers, load balancer by load balancer: checked, complete, ready to be sent.
///
/// It can only be compiled on a `LiveSnapshot`: there is no way from the past, or from names alone, to a
/// command.
public struct Change: Hashable, Sendable {
  /// One action on one server of one load balancer.
  public struct Step: Hashable, Sendable {
    public let row: ServerRow
    /// The load balancer's source, through which it is told.
    public let balancer: SourceID
    public let action: ServerAction
    /// Where the server stands before: what an undo puts back.
    public let before: Standing
    public let kind: Kind

    public enum Kind: Hashable, Sendable {
      /// The action is sent.
      case send
      /// Nothing is sent: the server tracks another one of the same change, and follows it.
      case follow(ServerID)
    }
  }

  /// In the order of the topology's servers.
  public let steps: [Step]
  /// Servers that should have a step, on load balancers that are known not to let anybody change anything.
  public let withheld: [Withheld]
  public let purpose: Purpose

  /// Why nothing can be sent to a load balancer.
  public struct Withheld: Hashable, Sendable {
    public let row: ServerRow
    public let obstacle: WriteObstacle
  }

  /// Why it is done.
  public enum Purpose: Hashable, Sendable {
    /// A person wants it.
    case wish
    /// What failed of a change, once more.
    case retry
    /// Puts back what a change did.
    case undo
    /// Sets again what a person wanted and something else has changed.
    case reapply
    /// The same, by the layout's `hold`.
    case hold
  }

  init(steps: [Step], withheld: [Withheld] = [], purpose: Purpose = .wish) {
    self.steps = steps
    self.withheld = withheld
    self.purpose = purpose
  }

  /// The load balancers that it concerns, in order.
  public var balancers: [SourceID] {
    var seen: Set<SourceID> = []
    return steps.map(\.balancer).filter { seen.insert($0).inserted }
  }
}

extension Change {
  /// The result of a load balancer to which nothing was sent, for the same reason throughout.
  public func refused(by balancer: SourceID, words: String, at moment: Moment) -> BalancerResult {
    let own = steps.indices.filter { steps[$0].balancer == balancer }
    return BalancerResult(
      balancer: balancer,
      outcomes: Dictionary(uniqueKeysWithValues: own.map { ($0, .refused(words: words)) }), at: moment,
      took: .zero)
  }
}

/// Why a load balancer cannot be changed from here.
public enum WriteObstacle: Hashable, Sendable {
  /// Its socket gives a level that only reads.
  case level(AccessLevel)
  /// It is asked over its stats page, which only shows.
  case page
}

/// How one step ended, as far as it is known.
public enum StepOutcome: Hashable, Sendable {
  /// Reading it back has shown it. Sessions cannot be read back that way: they were shut down as far as
  /// HAProxy says.
  case done
  /// The load balancer said no; its words, sanitised.
  case refused(words: String)
  /// It was taken without a word, but reading back shows something else.
  case ineffective(Standing)
  /// Nothing was sent: there was no connection.
  case unsent(ReadFailure)
  /// It may have been sent, and may have been done: the connection ended before reading back did.
  case unknown(ReadFailure)
}

/// What one load balancer has made of its part of a change.
public struct BalancerResult: Hashable, Sendable {
  public let balancer: SourceID
  /// By place in `Change.steps`, for its own steps only.
  public let outcomes: [Int: StepOutcome]
  /// When it was known.
  public let at: Moment
  /// From sending to knowing, connecting included.
  public let took: Duration

  public init(balancer: SourceID, outcomes: [Int: StepOutcome], at: Moment, took: Duration) {
    self.balancer = balancer
    self.outcomes = outcomes
    self.at = at
    self.took = took
  }
}
