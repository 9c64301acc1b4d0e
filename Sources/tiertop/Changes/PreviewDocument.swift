import Cluster
import Dashboard
import Wire

/// What a change would do, as a part of a JSON document.
struct PreviewDocument {
  let preview: ChangePreview

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.array("servers") { json in
        for row in preview.rows { write(row, to: &json) }
      }
      json.array("loads") { json in
        for load in preview.loads { write(load, to: &json) }
      }
      json.array("backends") { json in
        for backend in preview.backends { write(backend, to: &json) }
      }
      json.array("floor") { json in
        for breach in preview.breaches { write(breach, to: &json) }
      }
      json.array("sticky") { json in
        for server in preview.sticky { json.value(printable(server.description)) }
      }
      json.array("away") { json in
        for away in preview.away { write(away, to: &json) }
      }
      json.array("silent") { json in
        for silent in preview.silent { write(silent, to: &json) }
      }
    }
  }

  private func write(_ row: ChangePreview.Row, to json: inout JSONWriter) {
    json.object { json in
      write(row.row, to: &json)
      json.member("role", row.role.word)
      json.member("admin", row.before.admin.word)
      json.member("admin_after", row.after.admin.word)
      json.member("weight", row.before.weight)
      json.member("weight_after", row.after.weight)
      json.member("sessions", row.sessions)
      json.member("qps", row.qps.map(rounded))
    }
  }

  private func write(_ load: ChangePreview.Load, to json: inout JSONWriter) {
    json.object { json in
      json.member("node", load.node.text)
      json.member("qps", rounded(load.now))
      json.member("qps_after", rounded(load.after))
      json.member("qps_highest", load.highest.map(rounded))
    }
  }

  private func write(_ backend: ChangePreview.Backend, to json: inout JSONWriter) {
    json.object { json in
      json.member("lb", backend.balancer.text)
      json.member("backend", printable(backend.name))
      json.member("serving", Int64(backend.before))
      json.member("serving_after", Int64(backend.after))
    }
  }

  private func write(_ breach: ChangePreview.FloorBreach, to json: inout JSONWriter) {
    json.object { json in
      json.member("backend", printable(breach.backend))
      json.member("lb", breach.balancer.text)
      json.member("serving_after", Int64(breach.left))
      json.member("keep_up", Int64(breach.keepUp))
    }
  }

  private func write(_ away: ChangePreview.Away, to json: inout JSONWriter) {
    json.object { json in
      write(away.row, to: &json)
      json.member("admin", away.standing.admin.word)
      json.member("weight", away.standing.weight)
      json.member("by", away.intent?.actor.words)
      json.member("note", away.intent?.note)
    }
  }

  private func write(_ silent: ChangePreview.Silent, to json: inout JSONWriter) {
    json.object { json in
      json.member("lb", silent.balancer.text)
      json.member("age_s", silent.age.map { rounded($0.seconds) })
      json.member("error", silent.failure.words)
    }
  }

  private func write(_ row: ServerRow, to json: inout JSONWriter) {
    json.member("lb", row.balancer.text)
    json.member("backend", printable(row.server.backend))
    json.member("server", printable(row.server.server))
  }

  /// Digits that say nothing are noise.
  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension ChangePreview.Row.Role {
  fileprivate var word: String {
    switch self {
    case .told: "told"
    case .follows: "follows"
    case .dragged: "dragged"
    case .held: "held"
    case .withheld: "withheld"
    }
  }
}
