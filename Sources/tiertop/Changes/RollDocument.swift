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
      json.key("version")
      json.value(Self.version)
      json.key("cluster")
      json.value(layout.cluster)
      json.key("at")
      json.value(at.rfc3339)
      json.key("tier")
      json.value(printable(options.tier))
      json.key("command")
      json.value(options.command)
      json.key("by")
      json.value(actor.words)
      json.key("note")
      json.value(options.consent.note)
      json.key("forced")
      json.value(options.consent.isForced)
      json.key("dry_run")
      json.value(options.isDryRun)
      json.key("nodes")
      json.array { json in
        for node in roll.nodes { write(node, to: &json) }
      }
      json.key("end")
      json.value(end.rawValue)
      json.key("status")
      json.value(Int64(end.status.rawValue))
    }
    json.endLine()
    Output.write(json.bytes, to: STDOUT_FILENO)
  }

  private func write(_ node: Roll.Node, to json: inout JSONWriter) {
    json.object { json in
      json.key("node")
      json.value(node.name.text)
      json.key("phase")
      json.value(node.phase.word)
      json.key("words")
      json.value(node.phase.words)
      json.key("preview")
      if let preview = plan?.previews[node.name] {
        PreviewDocument(preview: preview).write(to: &json)
      } else {
        json.null()
      }
    }
  }
}
