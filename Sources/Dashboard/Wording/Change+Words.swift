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
      "nothing was sent: no command can name \"\(printable(server.description).shortened(40))\""
        + " (letters, digits, - _ . : and at most 255 of them)"
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

extension ChangePreview {
  /// The backends that would have nobody left, and on which load balancers: `web`, `lb1, lb2`.
  public var falling: [(backend: String, balancers: String)] {
    var balancers: [(backend: String, names: [String])] = []
    for backend in backends where backend.goesDown {
      if let index = balancers.firstIndex(where: { $0.backend == backend.name }) {
        balancers[index].names.append(backend.balancer.text)
      } else {
        balancers.append((backend.name, [backend.balancer.text]))
      }
    }
    return balancers.map { ($0.backend, $0.names.joined(separator: ", ")) }
  }

  /// Servers that are out already: those that are so by the same hand on several load balancers are one.
  public var awayByServer: [(server: Away, balancers: String)] {
    var groups: [(server: Away, names: [String])] = []
    for one in away {
      let same = groups.firstIndex { group in
        group.server.row.server == one.row.server && group.server.standing == one.standing
          && group.server.intent?.actor == one.intent?.actor
      }
      if let same {
        groups[same].names.append(one.row.balancer.text)
      } else {
        groups.append((one, [one.row.balancer.text]))
      }
    }
    return groups.map { ($0.server, $0.names.joined(separator: ", ")) }
  }
}

extension ChangePreview.FloorBreach {
  /// `backend web would have 0 serving on lb1; the layout keeps 1 up`.
  public var words: String {
    "backend \(backend) would have \(left) serving on \(balancer); the layout keeps \(keepUp) up"
  }
}

extension ChangePreview.Away {
  /// Who took it out: `by ops@bastion pts/3 (kernel update)`, or `not by tiertop`.
  public var author: String {
    guard let intent else { return "not by tiertop" }
    return "by \(intent.actor.words)" + (intent.note.isEmpty ? "" : " (\(intent.note))")
  }
}

extension ChangePreview.Silent {
  /// What is not known, and why.
  public var words: String {
    let known = age.map { "what is shown of it is \(Figures.age($0)) old" } ?? "nothing is known of it"
    return "\(balancer) does not answer: \(failure.words); \(known)"
  }
}
