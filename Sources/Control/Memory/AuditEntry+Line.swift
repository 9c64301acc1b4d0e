import Cluster
import Wire

extension AuditEntry {
  /// Words and a note are cut here, in bytes: a line is never so long that a reader refuses it.
  private static let longestText = 1024

  /// `time=… cluster=… user=… host=… tty=… action=… purpose=… balancer=… server=… follows=… from=… to=…
  /// result=… words=… note=…`; a field that would be empty is not there.
  func line(cluster: String) -> LogfmtLine {
    let (action, from, to) = change
    let fields: KeyValuePairs = [
      "time": time.rfc3339, "cluster": cluster, "user": actor.user, "host": actor.host,
      "tty": actor.terminal, "action": action, "purpose": purpose.word, "balancer": row.balancer.text,
      "server": row.server.description, "follows": follows?.description ?? "", "from": from, "to": to,
      "result": result.rawValue, "words": words, "note": note,
    ]
    var line = LogfmtLine()
    for (key, value) in fields where !value.isEmpty {
      line[key] = value.cut(toBytes: AuditEntry.longestText)
    }
    return line
  }

  /// The word of the action, what it was before, and what it should be then; empty where nothing is known.
  private var change: (action: String, from: String, to: String) {
    switch action {
    case .set(let state): (state.word, before.admin.word, state.word)
    case .weight(let weight): ("weight", before.weight.map { String($0) } ?? "", String(weight))
    case .shutdownSessions: ("shutdown-sessions", "", "")
    }
  }

  /// A standing in a few words: `drain, weight 100`.
  static func text(of standing: Standing) -> String {
    standing.admin.word + (standing.weight.map { ", weight \($0)" } ?? "")
  }
}

// Words of the format, not of the screen: whoever reads the audit by a program relies on them.
extension AdminState {
  fileprivate var word: String {
    switch self {
    case .ready: "ready"
    case .drain: "drain"
    case .maint: "maint"
    }
  }
}

extension Change.Purpose {
  fileprivate var word: String {
    switch self {
    case .wish: "wish"
    case .retry: "retry"
    case .undo: "undo"
    case .reapply: "reapply"
    case .hold: "hold"
    }
  }
}
