import Cluster
import Dashboard
import Glibc
import Wire

/// The JSON of `tiertop drain` and its like: a contract with other programs, described in docs/json.md.
struct ChangeDocument {
  static let version: Int64 = 1

  let story: ChangeStory
  /// When it ended.
  let at: WallTime

  /// Writes the document as one line to standard output.
  func print() {
    var json = JSONWriter()
    json.object { json in
      json.member("version", Self.version)
      json.member("cluster", story.layout.cluster)
      json.member("at", at.rfc3339)
      json.member("action", story.options.action.word)
      json.member("weight", story.options.action.weight)
      json.array("targets") { json in
        for target in story.options.targets { json.value(printable(target)) }
      }
      json.member("by", story.actor.words)
      json.member("note", story.options.consent.note)
      json.member("forced", story.options.consent.isForced)
      json.key("preview")
      if let preview = story.preview {
        PreviewDocument(preview: preview).write(to: &json)
      } else {
        json.null()
      }
      json.array("rounds") { json in
        for round in story.rounds { write(round, to: &json) }
      }
      json.key("wait")
      write(story.wait, to: &json)
      json.member("end", story.end?.rawValue)
      json.member("status", story.end.map { Int64($0.status.rawValue) })
    }
    json.endLine()
    Output.write(json.bytes, to: STDOUT_FILENO)
  }

  private func write(_ round: ChangeStory.Round, to json: inout JSONWriter) {
    let applied = round.applied
    json.object { json in
      json.member("action", round.action.word)
      json.array("load_balancers") { json in
        for balancer in applied.change.balancers {
          let steps = applied.steps(of: balancer)
          guard let first = steps.first else { continue }
          json.object { json in
            json.member("lb", first.step.row.balancer.text)
            json.member("done", steps.allSatisfy { $0.outcome == .done })
            json.member("took_ms", applied.took[balancer].map { ($0.seconds * 1_000_000).rounded() / 1000 })
            json.array("servers") { json in
              for (step, outcome) in steps { write(step.row, outcome.word, outcome.words, to: &json) }
            }
          }
        }
        for withheld in applied.change.withheld {
          silent(withheld.row.balancer, to: &json) { json in
            write(withheld.row, "not sent", withheld.obstacle.words, to: &json)
          }
        }
        for balancer in story.silent { silent(balancer.balancer, to: &json) { _ in } }
      }
    }
  }

  private func silent(_ name: NodeName, to json: inout JSONWriter, _ servers: (inout JSONWriter) -> Void) {
    json.object { json in
      json.member("lb", name.text)
      json.member("done", false)
      json.null("took_ms")
      json.array("servers") { servers(&$0) }
    }
  }

  private func write(_ row: ServerRow, _ word: String, _ words: String, to json: inout JSONWriter) {
    json.object { json in
      json.member("backend", printable(row.server.backend))
      json.member("server", printable(row.server.server))
      json.member("outcome", word)
      json.member("words", words)
    }
  }

  private func write(_ wait: ChangeStory.Wait?, to json: inout JSONWriter) {
    guard let wait else { return json.null() }
    json.object { json in
      json.member("lasted_s", (wait.lasted.seconds * 1000).rounded() / 1000)
      json.member("sessions_left", wait.sessions)
    }
  }
}

extension ServerAction {
  /// The command's word: `drain`, `weight`.
  fileprivate var word: String {
    switch self {
    case .set(let state): state.word
    case .weight: "weight"
    case .shutdownSessions: "shutdown sessions"
    }
  }

  fileprivate var weight: Int64? {
    if case .weight(let weight) = self { weight } else { nil }
  }
}
