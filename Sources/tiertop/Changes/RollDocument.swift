import Cluster
import Dashboard
import Glibc
import Wire

/// The JSON of `tiertop roll`: a contract with other programs, described in docs/json.md.
struct RollDocument {
  static let version: Int64 = 1

  let options: RollOptions
  let layout: Layout
  let actor: Actor
  /// nil where it did not come to that.
  let plan: RollPlan?
  let roll: Roll
  let end: ChangeEnd
  /// When it ended.
  let at: WallTime

  /// Writes the document as one line to standard output.
  func print() {
    var json = JSONWriter()
    json.object { json in
      json.member("version", Self.version)
      json.member("cluster", layout.cluster)
      json.member("at", at.rfc3339)
      json.member("tier", printable(options.tier))
      json.member("command", options.command)
      json.member("by", actor.words)
      json.member("note", options.consent.note)
      json.member("forced", options.consent.isForced)
      json.member("dry_run", options.isDryRun)
      json.array("nodes") { json in
        for node in roll.nodes { write(node, to: &json) }
      }
      json.member("end", end.rawValue)
      json.member("status", Int64(end.status.rawValue))
    }
    json.endLine()
    Output.write(json.bytes, to: STDOUT_FILENO)
  }

  private func write(_ node: Roll.Node, to json: inout JSONWriter) {
    json.object { json in
      json.member("node", node.name.text)
      json.member("phase", node.phase.word)
      json.member("words", node.phase.words)
      json.key("preview")
      if let preview = plan?.previews[node.name] {
        PreviewDocument(preview: preview).write(to: &json)
      } else {
        json.null()
      }
    }
  }
}
