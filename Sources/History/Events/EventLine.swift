import Cluster
import Wire

/// An event as a line of logfmt, and back. docs/history-format.md has the fields of each kind.
enum EventLine {
  static func text(of event: Event) -> String {
    var fields = EventFields()
    fields["time"] = event.at.rfc3339Nanoseconds
    if let node = event.node { fields["node"] = node.text }
    switch event.change {
    case .health(let from, let to):
      fields["kind"] = "health"
      fields["from"] = from.rawValue
      fields.set("to", to)
    case .reason(let from, let to):
      fields["kind"] = "reason"
      fields.set("from", from)
      fields.set("to", to)
    case .admin(let server, let from, let to, let actor):
      fields["kind"] = "admin"
      fields.set("of", server)
      fields.set("from", from)
      fields.set("to", to)
      if let actor { fields.set("by", actor) }
    case .weight(let server, let from, let to, let actor):
      fields["kind"] = "weight"
      fields.set("of", server)
      fields.set("from", from)
      fields.set("to", to)
      if let actor { fields.set("by", actor) }
    case .changed(let news): write(news, to: &fields)
    case .lost(let lost): write(lost, to: &fields)
    case .reset(let system, let reason):
      fields["kind"] = "reset"
      fields["system"] = system.rawValue
      fields.set("reason", reason)
    case .sourceLost(let system, let failure):
      fields["kind"] = "source-lost"
      fields["system"] = system.rawValue
      fields.set("failure", failure)
    case .sourceBack(let system):
      fields["kind"] = "source-back"
      fields["system"] = system.rawValue
    case .moved(let from, let to, let gap):
      fields["kind"] = "moved"
      fields["from"] = from.text
      fields["to"] = to.text
      if let gap { fields.set("gap", gap.nanoseconds) }
    case .appeared: fields["kind"] = "appeared"
    case .vanished: fields["kind"] = "vanished"
    }
    return fields.line.text
  }

  static func event(from text: String) throws(EventFault) -> Event {
    var fields = EventFields()
    do { fields.line = try LogfmtLine(parsing: text) } catch { throw .notLogfmt }
    let at = try fields.time("time")
    let change = try change(fields)
    return Event(at: at, node: fields["node"].map(NodeName.init), change: change)
  }

  private static func change(_ fields: EventFields) throws(EventFault) -> Event.Change {
    switch try fields.text("kind") {
    case "health":
      .health(from: try fields.word("from", of: HealthState.self), to: try fields.verdict("to"))
    case "reason": .reason(from: try fields.healthReason("from"), to: try fields.healthReason("to"))
    case "admin":
      .admin(
        try fields.server("of"), from: try fields.admin("from"), to: try fields.admin("to"),
        by: try fields.actorIfAny("by"))
    case "weight":
      .weight(
        try fields.server("of"), from: try fields.number("from"), to: try fields.number("to"),
        by: try fields.actorIfAny("by"))
    case "changed": .changed(try news(fields))
    case "lost": .lost(try lost(fields))
    case "reset":
      .reset(try fields.word("system", of: Source.System.self), reason: try fields.resetReason("reason"))
    case "source-lost":
      .sourceLost(try fields.word("system", of: Source.System.self), try fields.failure("failure"))
    case "source-back": .sourceBack(try fields.word("system", of: Source.System.self))
    case "moved":
      .moved(
        from: NodeName(try fields.text("from")), to: NodeName(try fields.text("to")),
        gap: fields["gap"] == nil ? nil : try fields.duration("gap"))
    case "appeared": .appeared
    case "vanished": .vanished
    case let kind: throw .newerKind(kind)
    }
  }

  private static func write(_ news: ChangeNews, to fields: inout EventFields) {
    fields["kind"] = "changed"
    switch news.action {
    case .set(let state):
      fields["action"] = "set"
      fields.set("action.state", state)
    case .weight(let weight):
      fields["action"] = "weight"
      fields.set("action.weight", weight)
    case .shutdownSessions: fields["action"] = "shutdown-sessions"
    }
    fields.set("servers", news.servers)
    switch news.outcome {
    case .done: fields["outcome"] = "done"
    case .refused(let words):
      fields["outcome"] = "refused"
      fields["outcome.words"] = words
    case .ineffective(let standing):
      fields["outcome"] = "ineffective"
      fields.set("outcome.found", standing)
    case .unsent(let failure):
      fields["outcome"] = "unsent"
      fields.set("outcome.failure", failure)
    case .unknown(let failure):
      fields["outcome"] = "unknown"
      fields.set("outcome.failure", failure)
    }
    switch news.purpose {
    case .wish: fields["purpose"] = "wish"
    case .retry: fields["purpose"] = "retry"
    case .undo: fields["purpose"] = "undo"
    case .reapply: fields["purpose"] = "reapply"
    case .hold: fields["purpose"] = "hold"
    }
    fields.set("by", news.actor)
    fields["note"] = news.note
  }

  private static func news(_ fields: EventFields) throws(EventFault) -> ChangeNews {
    let action: ServerAction
    switch try fields.text("action") {
    case "set": action = .set(try fields.admin("action.state"))
    case "weight": action = .weight(try fields.number("action.weight"))
    case "shutdown-sessions": action = .shutdownSessions
    default: throw .invalid(key: "action")
    }
    let outcome: StepOutcome
    switch try fields.text("outcome") {
    case "done": outcome = .done
    case "refused": outcome = .refused(words: try fields.text("outcome.words"))
    case "ineffective": outcome = .ineffective(try fields.standing("outcome.found"))
    case "unsent": outcome = .unsent(try fields.failure("outcome.failure"))
    case "unknown": outcome = .unknown(try fields.failure("outcome.failure"))
    default: throw .invalid(key: "outcome")
    }
    let purpose: Change.Purpose
    switch try fields.text("purpose") {
    case "wish": purpose = .wish
    case "retry": purpose = .retry
    case "undo": purpose = .undo
    case "reapply": purpose = .reapply
    case "hold": purpose = .hold
    default: throw .invalid(key: "purpose")
    }
    return ChangeNews(
      action: action, servers: try fields.servers("servers"), outcome: outcome, purpose: purpose,
      actor: try fields.actor("by"), note: try fields.text("note"))
  }

  private static func write(_ lost: LostIntent, to fields: inout EventFields) {
    fields["kind"] = "lost"
    let intent = lost.intent
    fields["balancer"] = intent.row.balancer.text
    fields.set("of", intent.row.server)
    fields.set("wish", intent.wish)
    fields.set("by", intent.actor)
    fields["note"] = intent.note
    fields["since"] = intent.since.rfc3339Nanoseconds
    fields.set("found", lost.found)
    fields.set("cause", lost.cause)
    fields["at"] = lost.at.rfc3339Nanoseconds
  }

  private static func lost(_ fields: EventFields) throws(EventFault) -> LostIntent {
    let row = ServerRow(balancer: NodeName(try fields.text("balancer")), server: try fields.server("of"))
    let intent = Intent(
      row: row, wish: try fields.wish("wish"), actor: try fields.actor("by"), note: try fields.text("note"),
      since: try fields.time("since"))
    return LostIntent(
      intent: intent, found: try fields.standing("found"), cause: try fields.cause("cause"),
      at: try fields.time("at"))
  }

  /// Servers of one event; one line holds no more of them, so that it never grows too long to be read.
  private static let mostServers = 250

  /// The event, in as many as it takes for none to be too long.
  static func split(_ event: Event) -> [Event] {
    guard case .changed(let news) = event.change, news.servers.count > mostServers else { return [event] }
    return stride(from: 0, to: news.servers.count, by: mostServers).map { start in
      var part = news
      part.servers = Array(news.servers[start..<min(start + mostServers, news.servers.count)])
      return Event(at: event.at, node: event.node, change: .changed(part))
    }
  }
}
