public import Cluster

/// What kind of event it is, as the store numbers it, so that the next of a kind is found at once. Changes of
/// health are told apart by where they lead.
public enum EventKind: Int64, Sendable, CaseIterable, Hashable {
  case up = 1
  case degraded, draining, maint, down, stale, unknown
  case admin, weight, changed, lost, reset, sourceLost, sourceBack, appeared, vanished, moved, reason
  /// Written by a newer tiertop; it is kept, and cannot be read here.
  case other = 0

  public init(_ change: Event.Change) {
    switch change {
    case .health(_, let verdict):
      switch verdict.state {
      case .up: self = .up
      case .degraded: self = .degraded
      case .draining: self = .draining
      case .maint: self = .maint
      case .down: self = .down
      case .stale: self = .stale
      case .unknown: self = .unknown
      }
    case .reason: self = .reason
    case .admin: self = .admin
    case .weight: self = .weight
    case .changed: self = .changed
    case .lost: self = .lost
    case .reset: self = .reset
    case .sourceLost: self = .sourceLost
    case .sourceBack: self = .sourceBack
    case .appeared: self = .appeared
    case .vanished: self = .vanished
    case .moved: self = .moved
    }
  }

  /// What a change of health leads to; nil for everything else.
  var health: HealthState? {
    switch self {
    case .up: .up
    case .degraded: .degraded
    case .draining: .draining
    case .maint: .maint
    case .down: .down
    case .stale: .stale
    case .unknown: .unknown
    default: nil
    }
  }

  /// Where something goes wrong.
  public static let troubles: Set<EventKind> = [.degraded, .down, .stale, .sourceLost, .lost, .moved]
  /// Where somebody has done something.
  public static let interventions: Set<EventKind> = [.admin, .weight, .changed, .draining, .maint]
}

/// Why a line of the store is no event.
public enum EventFault: Error, Hashable, Sendable {
  /// Of a kind that this version does not know.
  case newerKind(String)
  case missing(key: String)
  case invalid(key: String)
  case notLogfmt
}
