/// What a person set on one server of one load balancer, and has not taken back.
public struct Intent: Hashable, Sendable {
  public var row: ServerRow
  public var wish: Wish
  public var actor: Actor
  /// Sanitised; empty for none.
  public var note: String
  /// When reading back had shown it. Only what was asked after that tells whether it still holds.
  public var since: WallTime

  /// What is wanted to stay: `ready` is what every server is without a wish, so it ends one.
  public enum Wish: Hashable, Sendable {
    case drain
    case maint
    case weight(Int64)

    /// The action that fulfils it.
    public var action: ServerAction {
      switch self {
      case .drain: .set(.drain)
      case .maint: .set(.maint)
      case .weight(let weight): .weight(weight)
      }
    }
  }

  public init(row: ServerRow, wish: Wish, actor: Actor, note: String, since: WallTime) {
    self.row = row
    self.wish = wish
    self.actor = actor
    self.note = printable(note)
    self.since = since
  }
}

/// Everything that people want to stay as they set it: at most one state and one weight for each server of
/// each load balancer.
public struct Intents: Hashable, Sendable {
  /// What a server has a wish about.
  private struct Key: Hashable {
    var row: ServerRow
    var isWeight: Bool

    init(_ row: ServerRow, isWeight: Bool) {
      self.row = row
      self.isWeight = isWeight
    }

    init(_ intent: Intent) {
      row = intent.row
      if case .weight = intent.wish { isWeight = true } else { isWeight = false }
    }
  }

  private var byKey: [Key: Intent] = [:]

  public init(_ intents: [Intent] = []) {
    for intent in intents { remember(intent) }
  }

  public var isEmpty: Bool { byKey.isEmpty }

  /// Oldest first; among equals by name. O(n log n).
  public var all: [Intent] {
    byKey.values.sorted { ($0.since, $0.row.description) < ($1.since, $1.row.description) }
  }

  /// The state that is wanted of a server; nil for none.
  public func state(of row: ServerRow) -> Intent? { byKey[Key(row, isWeight: false)] }

  /// The weight that is wanted of a server; nil for none.
  public func weight(of row: ServerRow) -> Intent? { byKey[Key(row, isWeight: true)] }

  /// A newer wish takes the place of an older one.
  public mutating func remember(_ intent: Intent) { byKey[Key(intent)] = intent }

  /// Nothing is wanted of the server's state any more.
  public mutating func forgetState(of row: ServerRow) { byKey[Key(row, isWeight: false)] = nil }

  /// Nothing is wanted of the server's weight any more.
  public mutating func forgetWeight(of row: ServerRow) { byKey[Key(row, isWeight: true)] = nil }

  /// Learns from what one load balancer has confirmed of a change by a person.
  ///
  /// `configuredWeight` is the weight of the configuration: going back to it ends a wish. A wish that is only
  /// set again (`reapply`, `hold`, `retry`) keeps who wanted it first, where it is the same one.
  public mutating func learn(
    _ change: Change, _ result: BalancerResult, by actor: Actor, note: String,
    configuredWeight: (ServerRow) -> Int64?
  ) {
    for (place, outcome) in result.outcomes where outcome == .done {
      let step = change.steps[place]
      switch step.action {
      case .shutdownSessions: continue
      case .set(.ready): forgetState(of: step.row)
      case .set(.drain): learn(.drain, step, result.at.wall, change.purpose, actor, note)
      case .set(.maint): learn(.maint, step, result.at.wall, change.purpose, actor, note)
      case .weight(let weight):
        if weight == configuredWeight(step.row) {
          forgetWeight(of: step.row)
        } else {
          learn(.weight(weight), step, result.at.wall, change.purpose, actor, note)
        }
      }
    }
  }

  private mutating func learn(
    _ wish: Intent.Wish, _ step: Change.Step, _ time: WallTime, _ purpose: Change.Purpose, _ actor: Actor,
    _ note: String
  ) {
    // Who follows has no wish of its own: it would outlive the one that it follows.
    if case .follow = step.kind { return }
    var intent = Intent(row: step.row, wish: wish, actor: actor, note: note, since: time)
    if purpose == .reapply || purpose == .hold, let old = byKey[Key(intent)], old.wish == wish {
      intent.actor = old.actor
      intent.note = old.note
    }
    remember(intent)
  }
}
