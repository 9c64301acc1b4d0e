public import Cluster

extension ServerAction {
  /// The action as a person asks for it: `drain`, `weight 50`, `shut sessions down`.
  public var words: String {
    switch self {
    case .set(let state): state.word
    case .weight(let weight): "weight \(weight)"
    case .shutdownSessions: "shut sessions down"
    }
  }

  /// The state that a server is in by it, for its glyph and colour; nil where it stays in its own.
  var state: HealthState? {
    switch self {
    case .set(let admin): admin.state
    case .weight(0): .draining
    case .weight, .shutdownSessions: nil
    }
  }
}

extension Cluster.Intent.Wish {
  /// `drain`, `maint`, `weight 50`.
  public var word: String { action.words }
}

extension Actor {
  /// `ops@bastion pts/3`.
  public var words: String {
    let name = host.isEmpty ? user : "\(user)@\(host)"
    return terminal.isEmpty ? name : "\(name) \(terminal)"
  }
}

extension Standing {
  /// `ready`, `drain`, and the weight where it is 0: `ready, weight 0`.
  public var words: String { weight == 0 ? "\(admin.word), weight 0" : admin.word }
}

extension WriteObstacle {
  /// Why nothing can be changed, and what would have to be otherwise.
  public var words: String {
    switch self {
    case .level(let level):
      "its socket has level \(level.rawValue): changing needs \"stats socket … level admin\""
    case .page: "it is asked over its stats page, which only shows: changing needs its stats socket"
    }
  }
}

extension StepOutcome {
  /// How it ended, in words a person can act on.
  public var words: String {
    switch self {
    case .done: "done"
    case .refused(let words): "refused: \(words)"
    case .ineffective(let standing): "taken, but it reads back \(standing.words)"
    case .unsent(let failure): "not sent: \(failure.words)"
    case .unknown(let failure): "state unknown: \(failure.words)"
    }
  }

  /// The same in one word.
  public var word: String {
    switch self {
    case .done: "done"
    case .refused: "refused"
    case .ineffective: "no effect"
    case .unsent: "not sent"
    case .unknown: "unknown"
    }
  }
}

extension Change.Purpose {
  /// What it is for, before the action: `again: drain`; empty for a plain wish.
  public var prefix: String {
    switch self {
    case .wish: ""
    case .retry, .reapply: "again: "
    case .undo: "undo: "
    case .hold: "held: "
    }
  }
}

extension ChangeNews {
  /// What was done or tried, by whom, and how it ended.
  public var words: String {
    let first = servers.first?.description ?? ""
    let target = servers.count > 1 ? "\(first) and \(servers.count - 1) more" : first
    let why = note.isEmpty ? "" : " (\(note))"
    let end = outcome == .done ? "" : ": \(outcome.words)"
    return "\(purpose.prefix)\(target) \(action.words) by \(actor.words)\(why)\(end)"
  }
}

extension LostIntent {
  /// What is lost, where and why: `drain lost on lb2: web/web1 is ready (was reloaded …)`.
  public var words: String {
    let weight = found.weight.map { "weight \($0)" } ?? Figures.absent
    let stands = intent.wish.isWeight ? weight : found.admin.word
    return "\(intent.wish.word) lost on \(intent.row.balancer): \(intent.row.server) is \(stands)"
      + " (\(cause.words)); set by \(intent.actor.words)"
  }
}

extension LostIntent.Cause {
  /// What has changed it.
  public var words: String {
    switch self {
    case .reset(let reason): reason.words
    case .other: "changed, not by tiertop"
    }
  }
}

extension ChangeFault {
  /// Why there is nothing to be sent, and what would help.
  public var words: String {
    switch self {
    case .unknown(let name, let meant):
      "no node or server \"\(name.shortened(60))\"" + (meant.map { "; did you mean \($0)?" } ?? "")
    case .isBalancer(let name):
      "\(name) is a load balancer: there is nothing before it that could be told"
    case .notBalanced(let name): "\(name) is behind no load balancer"
    case .notInBackend(let name, let backend, let backends):
      "\(name) is no server of backend \(backend.shortened(60)): it serves in"
        + " \(backends.joined(separator: ", "))"
    case .unspeakable(let server):
      "\"\(printable(server.description).shortened(60))\" has a name that no command can have"
        + " (letters, digits, - _ . : and at most 255 of them): nothing was sent"
    case .weightOutOfRange(let weight): "weight \(weight) is not within 0-256"
    case .readOnly(let obstacle): "nothing can be changed: \(obstacle.words)"
    case .nothing: "there is nothing to be done"
    }
  }
}

extension ChangePreview.Load {
  /// `web2 410 → 820 req/s; the most it has carried while watched: 640`.
  public var words: String {
    let change = "\(node) \(Figures.rate(now)) → \(Figures.rate(after))"
    guard let highest else { return change }
    return "\(change); the most it has carried while watched: \(Figures.rate(highest))"
  }
}

extension ChangePreview.Backend {
  /// What happens to it; nil where nothing that has to be told.
  public var words: String? {
    goesDown ? "backend \(name) would go DOWN on \(balancer): nobody else serves in it" : nil
  }
}

extension ChangePreview.FloorBreach {
  /// `backend web would have 0 serving on lb1; the layout keeps 1 up`.
  public var words: String {
    "backend \(backend) would have \(left) serving on \(balancer); the layout keeps \(keepUp) up"
  }
}

extension ChangePreview.Away {
  /// `web/web3 on lb1: drain since …` without the time, which the view adds.
  public var words: String {
    "\(row.server) on \(row.balancer) is \(standing.words), "
      + (intent.map { "by \($0.actor.words)" + ($0.note.isEmpty ? "" : " (\($0.note))") } ?? "not by tiertop")
  }
}

extension ChangePreview.Silent {
  /// What is not known, and why.
  public var words: String {
    let known = age.map { "what is shown of it is \(Figures.age($0)) old" } ?? "nothing is known of it"
    return "\(balancer) does not answer: \(failure.words); \(known)"
  }
}
