import Cluster

/// What the load balancers have made of a change, as far as it is known.
struct AppliedChange {
  let change: Change
  /// By place in the change's steps.
  private(set) var outcomes: [Int: StepOutcome] = [:]
  /// From sending to knowing.
  private(set) var took: [SourceID: Duration] = [:]

  init(_ change: Change) { self.change = change }

  mutating func take(_ result: BalancerResult) {
    outcomes.merge(result.outcomes) { $1 }
    took[result.balancer] = result.took
  }

  /// Whether every load balancer has been heard of.
  var isComplete: Bool { outcomes.count == change.steps.count }

  /// Whether nothing is left that may be known later.
  var isCertain: Bool { !outcomes.values.contains(where: \.isUnknown) }

  /// The steps of one load balancer with their outcomes, in order.
  func steps(of balancer: SourceID) -> [(step: Change.Step, outcome: StepOutcome)] {
    change.steps.enumerated().compactMap { place, step in
      guard step.balancer == balancer, let outcome = outcomes[place] else { return nil }
      return (step, outcome)
    }
  }

  /// How far it came, where `silent` load balancers could not even be asked what they have.
  func reach(silent: Int) -> Reach {
    let isNowhere = outcomes.values.allSatisfy { if case .unsent = $0 { true } else { false } }
    if isNowhere, change.withheld.isEmpty { return .none }
    let isDone = outcomes.values.allSatisfy { $0 == .done }
    return isDone && change.withheld.isEmpty && silent == 0 ? .all : .some
  }

  /// On how many load balancers a change was confirmed.
  enum Reach {
    case all, some
    /// On none, since none could be reached.
    case none
  }
}

extension StepOutcome {
  /// Whether it may have been done, or not.
  var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
