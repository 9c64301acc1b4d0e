import Cluster
import Dashboard
import Wire

/// What a change would do, as a part of a JSON document.
struct PreviewDocument {
  let preview: ChangePreview

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("servers")
      json.array { json in
        for row in preview.rows { write(row, to: &json) }
      }
      json.key("loads")
      json.array { json in
        for load in preview.loads { write(load, to: &json) }
      }
      json.key("backends")
      json.array { json in
        for backend in preview.backends { write(backend, to: &json) }
      }
      json.key("floor")
      json.array { json in
        for breach in preview.breaches { write(breach, to: &json) }
      }
      json.key("sticky")
      json.array { json in
        for server in preview.sticky { json.value(printable(server.description)) }
      }
      json.key("away")
      json.array { json in
        for away in preview.away { write(away, to: &json) }
      }
      json.key("silent")
      json.array { json in
        for silent in preview.silent { write(silent, to: &json) }
      }
    }
  }

  private func write(_ row: ChangePreview.Row, to json: inout JSONWriter) {
    json.object { json in
      write(row.row, to: &json)
      json.key("role")
      json.value(row.role.word)
      json.key("admin")
      json.value(row.before.admin.word)
      json.key("admin_after")
      json.value(row.after.admin.word)
      json.key("weight")
      json.value(row.before.weight)
      json.key("weight_after")
      json.value(row.after.weight)
      json.key("sessions")
      json.value(row.sessions)
      json.key("qps")
      json.value(row.qps.map(rounded))
    }
  }

  private func write(_ load: ChangePreview.Load, to json: inout JSONWriter) {
    json.object { json in
      json.key("node")
      json.value(load.node.text)
      json.key("qps")
      json.value(rounded(load.now))
      json.key("qps_after")
      json.value(rounded(load.after))
      json.key("qps_highest")
      json.value(load.highest.map(rounded))
    }
  }

  private func write(_ backend: ChangePreview.Backend, to json: inout JSONWriter) {
    json.object { json in
      json.key("lb")
      json.value(backend.balancer.text)
      json.key("backend")
      json.value(printable(backend.name))
      json.key("serving")
      json.value(Int64(backend.before))
      json.key("serving_after")
      json.value(Int64(backend.after))
    }
  }

  private func write(_ breach: ChangePreview.FloorBreach, to json: inout JSONWriter) {
    json.object { json in
      json.key("backend")
      json.value(printable(breach.backend))
      json.key("lb")
      json.value(breach.balancer.text)
      json.key("serving_after")
      json.value(Int64(breach.left))
      json.key("keep_up")
      json.value(Int64(breach.keepUp))
    }
  }

  private func write(_ away: ChangePreview.Away, to json: inout JSONWriter) {
    json.object { json in
      write(away.row, to: &json)
      json.key("admin")
      json.value(away.standing.admin.word)
      json.key("weight")
      json.value(away.standing.weight)
      json.key("by")
      json.value(away.intent?.actor.words)
      json.key("note")
      json.value(away.intent?.note)
    }
  }

  private func write(_ silent: ChangePreview.Silent, to json: inout JSONWriter) {
    json.object { json in
      json.key("lb")
      json.value(silent.balancer.text)
      json.key("age_s")
      json.value(silent.age.map { rounded($0.seconds) })
      json.key("error")
      json.value(silent.failure.words)
    }
  }

  private func write(_ row: ServerRow, to json: inout JSONWriter) {
    json.key("lb")
    json.value(row.balancer.text)
    json.key("backend")
    json.value(printable(row.server.backend))
    json.key("server")
    json.value(printable(row.server.server))
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
