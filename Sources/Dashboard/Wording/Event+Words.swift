public import Cluster

extension Event.Change {
  /// What changed, in words; one line, without the node and the time.
  public var words: String {
    switch self {
    case .health(let from, let verdict):
      "was \(from.word), now \(verdict.words)"
    case .admin(let server, let from, let to):
      "server \(server) set to \(to.word) (was \(from.word))"
    case .weight(let server, let from, let to):
      "server \(server) weight \(to) (was \(from))"
    case .reset(let system, let reason):
      "\(system.word) \(reason.words): its counters began again, there is a gap"
    case .sourceLost(let system, let failure):
      "\(system.word) does not answer: \(failure.words)"
    case .sourceBack(let system):
      "\(system.word) answers again"
    case .appeared:
      "appeared: a load balancer names it"
    case .vanished:
      "vanished: no load balancer names it any more"
    }
  }

  /// The state that the change is about, for its glyph and colour.
  var state: HealthState? {
    switch self {
    case .health(_, let verdict): verdict.state
    case .admin(_, _, let admin):
      switch admin {
      case .ready: .up
      case .drain: .draining
      case .maint: .maint
      }
    case .sourceLost: .stale
    case .sourceBack: .up
    case .weight, .reset, .appeared, .vanished: nil
    }
  }
}

extension Event.ResetReason {
  /// What happened to the process, in words.
  public var words: String {
    switch self {
    case .newProcess(let pid): "was reloaded or restarted (now pid \(pid))"
    case .restarted: "was restarted"
    case .counterFell: "counters fell"
    }
  }
}

extension AdminState {
  /// `ready`, `drain`, `maint`: HAProxy's own words.
  public var word: String {
    switch self {
    case .ready: "ready"
    case .drain: "drain"
    case .maint: "maint"
    }
  }
}

extension Source.System {
  /// The program's name as it writes itself.
  public var word: String {
    switch self {
    case .haproxy: "HAProxy"
    case .nginx: "Nginx"
    }
  }
}
