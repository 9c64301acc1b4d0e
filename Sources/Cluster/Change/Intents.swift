/// What people last set, and who: at most one state and one weight for each server of each load balancer.
public struct Intents: Hashable, Sendable {
  /// What there can be one wish about.
  struct Key: Hashable, Sendable {
    var row: ServerRow
    var isWeight: Bool
  }

  private(set) var byKey: [Key: Intent] = [:]

  public init(_ intents: [Intent] = []) {
    for intent in intents { remember(intent) }
  }

  public var isEmpty: Bool { byKey.isEmpty }

  /// Oldest first; among equals by name. O(n log n).
  public var all: [Intent] {
    byKey.values.sorted { ($0.since, $0.row.description) < ($1.since, $1.row.description) }
  }

  /// The state that was last set on a server; nil where nobody did.
  public func state(of row: ServerRow) -> Intent? { byKey[Key(row: row, isWeight: false)] }

  /// The weight that was last set on a server; nil where nobody did.
  public func weight(of row: ServerRow) -> Intent? { byKey[Key(row: row, isWeight: true)] }

  /// A newer wish takes the place of an older one.
  public mutating func remember(_ intent: Intent) { byKey[intent.key] = intent }

  /// Learns from what one load balancer has confirmed of a change by a person; returns what is new.
  ///
  /// A wish that is only set again (`reapply`, `hold`) keeps who wanted it first.
  @discardableResult
  public mutating func learn(
    _ change: Change, _ result: BalancerResult, by actor: Actor, note: String
  ) -> [Intent] {
    var learnt: [Intent] = []
    for (place, outcome) in result.outcomes.sorted(by: { $0.key < $1.key }) where outcome == .done {
      let step = change.steps[place]
      // Who follows has no wish of its own: it would outlive the one that it follows.
      guard step.kind == .send, let wish = Intent.Wish(step.action) else { continue }
      var intent = Intent(row: step.row, wish: wish, actor: actor, note: note, since: result.at.wall)
      let isSetAgain = change.purpose == .reapply || change.purpose == .hold
      if isSetAgain, let old = byKey[intent.key], old.wish == wish {
        intent.actor = old.actor
        intent.note = old.note
      }
      remember(intent)
      learnt.append(intent)
    }
    return learnt
  }
}

extension Intent {
  var key: Intents.Key { Intents.Key(row: row, isWeight: wish.isWeight) }
}
