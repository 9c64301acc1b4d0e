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
      json.key("version")
      json.value(Self.version)
      json.key("cluster")
      json.value(story.layout.cluster)
      json.key("at")
      json.value(at.rfc3339)
      json.key("action")
      json.value(story.options.action.word)
      json.key("weight")
      json.value(story.options.action.weight)
      json.key("targets")
      json.array { json in
        for target in story.options.targets { json.value(printable(target)) }
      }
      json.key("by")
      json.value(story.actor.words)
      json.key("note")
      json.value(story.options.consent.note)
      json.key("forced")
      json.value(story.options.consent.isForced)
      json.key("preview")
      if let preview = story.preview {
        PreviewDocument(preview: preview).write(to: &json)
      } else {
        json.null()
      }
      json.key("rounds")
      json.array { json in
        for round in story.rounds { write(round, to: &json) }
      }
      json.key("wait")
      write(story.wait, to: &json)
      json.key("end")
      json.value(story.end?.rawValue)
      json.key("status")
      json.value(story.end.map { Int64($0.status.rawValue) })
    }
    json.endLine()
    Output.write(json.bytes, to: STDOUT_FILENO)
  }

  private func write(_ round: ChangeStory.Round, to json: inout JSONWriter) {
    let applied = round.applied
    json.object { json in
      json.key("action")
      json.value(round.action.word)
      json.key("load_balancers")
      json.array { json in
        for balancer in applied.change.balancers {
          let steps = applied.steps(of: balancer)
          guard let first = steps.first else { continue }
          json.object { json in
            json.key("lb")
            json.value(first.step.row.balancer.text)
            json.key("done")
            json.value(steps.allSatisfy { $0.outcome == .done })
            json.key("took_ms")
            json.value(applied.took[balancer].map { ($0.seconds * 1_000_000).rounded() / 1000 })
            json.key("servers")
            json.array { json in
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
      json.key("lb")
      json.value(name.text)
      json.key("done")
      json.value(false)
      json.key("took_ms")
      json.null()
      json.key("servers")
      json.array { servers(&$0) }
    }
  }

  private func write(_ row: ServerRow, _ word: String, _ words: String, to json: inout JSONWriter) {
    json.object { json in
      json.key("backend")
      json.value(printable(row.server.backend))
      json.key("server")
      json.value(printable(row.server.server))
      json.key("outcome")
      json.value(word)
      json.key("words")
      json.value(words)
    }
  }

  private func write(_ wait: ChangeStory.Wait?, to json: inout JSONWriter) {
    guard let wait else { return json.null() }
    json.object { json in
      json.key("lasted_s")
      json.value((wait.lasted.seconds * 1000).rounded() / 1000)
      json.key("sessions_left")
      json.value(wait.sessions)
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
