extension RecordKeeper {
  /// Who records, in a few words for a corner of the screen.
  var words: String {
    switch self {
    case .here: "recorded here"
    case .other(let program): "recorded by \(program.words)"
    case .beside(let program, let obstacle): "polled here; \(program.words) \(obstacle.words)"
    case .nobody(let reason): "not recorded: \(reason)"
    }
  }

  /// Whether somebody should know of it.
  var isTrouble: Bool {
    switch self {
    case .here, .other: false
    case .beside, .nobody: true
    }
  }
}

extension RecordKeeper.Program {
  /// `agent (pid 123)`.
  public var words: String {
    let name =
      switch kind {
      case .agent: "agent"
      case .dashboard: "dashboard"
      case nil: "another program"
      }
    return name + (pid.map { " (pid \($0))" } ?? "")
  }
}

extension RecordKeeper.Obstacle {
  /// What the other program does.
  public var words: String {
    switch self {
    case .otherLayout: "records by another layout"
    case .silence: "records nothing just now"
    case .unreadable(let reason): "records what cannot be read: \(reason)"
    }
  }
}
