public import Cluster

extension Event.Change {
  /// What changed, in words; one line, without the node and the time.
  public var words: String {
    switch self {
    case .health(let from, let verdict):
      // Why something is up is no reason to be up: it is what is not well all the same.
      "was \(from.word), now "
        + (verdict.state == .up ? verdict.reason.map { "up, but \($0.words)" } ?? "up" : verdict.words)
    case .reason(let from, let to):
      "still degraded, now: \(to.words); before: \(from.words)"
    case .admin(let server, let from, let to, let actor):
      "\(server) \(from.word) → \(to.word), \(actor.map { "by \($0.words)" } ?? "not by tiertop")"
    case .weight(let server, let from, let to, let actor):
      "\(server) weight \(from) → \(to), \(actor.map { "by \($0.words)" } ?? "not by tiertop")"
    case .changed(let news): news.words
    case .lost(let lost): lost.words
    case .reset(let system, let reason):
      "\(system.word) \(reason.words): its counters began again, there is a gap"
    case .sourceLost(let system, let failure):
      "\(system.word) does not answer: \(failure.words)"
    case .sourceBack(let system):
      "\(system.word) answers again"
    case .moved(let from, let to, let gap):
      "moved from \(from) to \(to)"
        + (gap.map { $0 == .zero ? ", no gap was seen" : ", nobody answered for \(Figures.gap($0))" } ?? "")
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
    case .reason: .degraded
    case .admin(_, _, let admin, _): admin.state
    case .changed(let news): news.outcome == .done ? news.action.state : .degraded
    case .lost: .degraded
    case .sourceLost: .stale
    case .sourceBack: .up
    case .moved: .degraded
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

  /// The state that a server is in by it.
  var state: HealthState {
    switch self {
    case .ready: .up
    case .drain: .draining
    case .maint: .maint
    }
  }
}

extension Source.System {
  /// The program's name as it writes itself.
  public var word: String {
    switch self {
    case .haproxy: "HAProxy"
    case .keepalived: "keepalived"
    case .nginx: "Nginx"
    case .apache: "Apache"
    case .gunicorn: "Gunicorn"
    case .uwsgi: "uWSGI"
    case .phpFPM: "PHP-FPM"
    case .metrics: "metrics"
    case .mariadb: "MariaDB"
    case .mysql: "MySQL"
    case .postgresql: "PostgreSQL"
    case .host: "node_exporter"
    case .dns: "the name server"
    case .vip: "the virtual address"
    case .firewall: "nftables"
    case .path: "path"
    }
  }
}
