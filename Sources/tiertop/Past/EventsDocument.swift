import Cluster
import Dashboard
import Wire

/// The JSON of `tiertop events`; described in docs/json.md.
struct EventsDocument {
  static let version: Int64 = 1

  let cluster: String
  let span: TimeSpan
  let happenings: [Happening]

  /// Writes the document as one line.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("version", Self.version)
      json.member("cluster", cluster)
      json.write(span)
      json.array("events") { json in
        for happening in happenings { write(happening, to: &json) }
      }
    }
    json.endLine()
  }

  private func write(_ happening: Happening, to json: inout JSONWriter) {
    let facts = happening.event.map { Facts($0.change) } ?? Facts()
    json.object { json in
      json.member("at", happening.at.rfc3339)
      json.member("until", happening.until?.rfc3339)
      json.member("kind", happening.kind)
      json.member("node", happening.node?.text)
      json.member("from", facts.from)
      json.member("to", facts.to)
      json.array("servers") { json in
        for server in facts.servers { json.value("\(server)") }
      }
      json.member("by", facts.actor?.words)
      json.member("words", happening.words)
    }
  }

  /// What of a change a program may want to know without reading words.
  private struct Facts {
    var from: String?
    var to: String?
    var servers: [ServerID] = []
    var actor: Actor?

    init() {}

    init(_ change: Event.Change) {
      switch change {
      case .health(let before, let verdict): (from, to) = (before.rawValue, verdict.state.rawValue)
      case .admin(let server, let before, let after, let by):
        (from, to, servers, actor) = (before.word, after.word, [server], by)
      case .weight(let server, let before, let after, let by):
        (from, to, servers, actor) = (String(before), String(after), [server], by)
      case .changed(let news): (servers, actor) = (news.servers, news.actor)
      case .lost(let lost): (servers, actor) = ([lost.intent.row.server], lost.intent.actor)
      case .moved(let before, let after, _): (from, to) = (before.text, after.text)
      case .reason, .reset, .sourceLost, .sourceBack, .appeared, .vanished: break
      }
    }
  }
}

extension JSONWriter {
  /// The members `since` and `until`.
  mutating func write(_ span: TimeSpan) {
    key("since")
    value(span.start.rfc3339)
    key("until")
    value(span.end.rfc3339)
  }
}
