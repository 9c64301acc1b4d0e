public import Cluster

extension HealthState {
  /// The state in one word: `up`, `degraded`, `draining`, `maint`, `down`, `stale`, `unknown`.
  public var word: String { rawValue }

  /// What the state means, for the help screen.
  var meaning: String {
    switch self {
    case .up: "takes traffic, within its limits"
    case .degraded: "takes traffic, but beyond a limit of the layout"
    case .draining: "takes nothing new, and finishes what it has"
    case .maint: "taken out for maintenance"
    case .down: "its health check fails, or nothing answers"
    case .stale: "nothing new for three intervals: these are the last figures"
    case .unknown: "never read; - is a figure that is not known, which is not 0"
    }
  }
}

extension Verdict {
  /// The state in at most 9 columns, with how far it holds: `up`, `down 1/2`, `drain 1/2`, `stale 22s`.
  public var mark: String {
    switch reason {
    case .disagreement(let state, let count, let of) where count < 10 && of < 10:
      return "\(state == .draining ? "drain" : state == .degraded ? "degr" : state.word) \(count)/\(of)"
    case .silent(let duration, _) where state == .stale: return "stale \(Figures.span(duration))"
    case .goingDown(let passed, let of) where passed < 10 && of < 10: return "\(state.word) \(passed)/\(of)"
    default: return state.word
    }
  }

  /// The whole judgement in words: `degraded: errors 8.10 % > 2.00 %`.
  public var words: String {
    guard let reason else { return state.word }
    return "\(state.word): \(reason.words)"
  }
}
