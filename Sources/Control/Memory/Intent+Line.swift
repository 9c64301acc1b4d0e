import Cluster
import Wire

extension Intent {
  /// A note is cut here, in bytes.
  static let longestNote = 1024

  /// `balancer=lb1 backend=web server=web1 wish=weight weight=50 user=anna host=bastion tty=pts/3 note=""
  /// since=2026-11-21T12:00:00.000000000Z`; `weight` only with that wish. The time, of a fixed length, comes
  /// last: so that a line whose end is missing is known by it.
  var line: LogfmtLine {
    var line: LogfmtLine = [
      "balancer": row.balancer.text, "backend": row.server.backend, "server": row.server.server,
    ]
    switch wish {
    case .ready: line["wish"] = "ready"
    case .drain: line["wish"] = "drain"
    case .maint: line["wish"] = "maint"
    case .weight(let weight):
      line["wish"] = "weight"
      line["weight"] = String(weight)
    }
    line["user"] = actor.user
    line["host"] = actor.host
    line["tty"] = actor.terminal
    line["note"] = note.cut(toBytes: Intent.longestNote)
    line["since"] = since.rfc3339Nanoseconds
    return line
  }

  /// What `line` wrote; nil for everything else.
  init?(line: LogfmtLine) {
    let wish: Wish
    switch line["wish"] {
    case "ready": wish = .ready
    case "drain": wish = .drain
    case "maint": wish = .maint
    case "weight":
      guard let weight = line["weight"].flatMap(plainNumber), ServerAction.weights.contains(weight) else {
        return nil
      }
      wish = .weight(weight)
    default: return nil
    }
    guard let balancer = line["balancer"], let backend = line["backend"], let server = line["server"],
      let user = line["user"], let host = line["host"], let terminal = line["tty"], let note = line["note"],
      let since = line["since"].flatMap(WallTime.init(rfc3339Nanoseconds:))
    else { return nil }
    guard ![balancer, backend, server].contains(where: \.isEmpty) else { return nil }
    self.init(
      row: ServerRow(balancer: NodeName(balancer), server: ServerID(backend: backend, server: server)),
      wish: wish, actor: Actor(user: user, host: host, terminal: terminal), note: note, since: since)
    // Another order, a key too many, a text that no name has: whoever wrote that meant something else.
    guard self.line == line, printable(backend) == backend, printable(server) == server else { return nil }
  }
}
