import Cluster
import Wire

/// The JSON of `tiertop incidents`; described in docs/json.md.
struct IncidentsDocument {
  static let version: Int64 = 1

  let cluster: String
  let span: TimeSpan
  let incidents: [Incident]
  /// An incident without an end still lasted then.
  let recordedUntil: WallTime
  let service: PastService

  /// Writes the document as one line.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("version")
      json.value(Self.version)
      json.key("cluster")
      json.value(cluster)
      json.write(span)
      json.key("recorded_until")
      json.value(recordedUntil.rfc3339)
      json.key("incidents")
      json.array { json in
        for incident in incidents { write(incident, to: &json) }
      }
      json.key("objective")
      json.value(service.objective)
      json.key("service")
      json.array { json in
        for scope in service.scopes { write(scope.scope, scope.windows, to: &json) }
      }
    }
    json.endLine()
  }

  private func write(_ scope: ServiceScope, _ windows: [Availability], to json: inout JSONWriter) {
    json.object { json in
      json.key("of")
      switch scope {
      case .cluster:
        json.value("cluster")
        json.key("name")
        json.null()
      case .tier(let name):
        json.value("tier")
        json.key("name")
        json.value(name.text)
      }
      json.key("windows")
      json.array { json in
        for (length, window) in zip(Availability.windows, windows) { write(window, length, to: &json) }
      }
    }
  }

  private func write(_ window: Availability, _ length: Duration, to json: inout JSONWriter) {
    func seconds(_ duration: Duration) -> Double { (duration.seconds * 1000).rounded() / 1000 }
    // Rounded down, so that what is not all is never 1.
    func share(_ value: Double?) -> Double? {
      value.map { ($0 * 1_000_000 + 1e-6).rounded(.down) / 1_000_000 }
    }
    let isKnown = window.knowledge != .nothing
    json.object { json in
      json.key("window_s")
      json.value(seconds(length))
      json.key("known_s")
      json.value(seconds(window.known))
      json.key("down_s")
      json.value(isKnown ? seconds(window.down) : nil)
      json.key("degraded_s")
      json.value(isKnown ? seconds(window.degraded) : nil)
      json.key("requests")
      json.value(isKnown ? window.requests : nil)
      json.key("failed")
      json.value(isKnown ? window.errors : nil)
      json.key("time_share")
      json.value(share(window.timeShare))
      json.key("request_share")
      json.value(share(window.requestShare))
      json.key("budget_left")
      json.value(window.budget(objective: service.objective).left.map { ($0 * 10_000).rounded() / 10_000 })
    }
  }

  private func write(_ incident: Incident, to json: inout JSONWriter) {
    json.object { json in
      json.key("start")
      json.value(incident.start.rfc3339)
      json.key("end")
      json.value(incident.end?.rfc3339)
      json.key("lasted_s")
      json.value((incident.duration(at: recordedUntil).seconds * 1000).rounded() / 1000)
      json.key("worst")
      json.value(incident.worst.rawValue)
      json.key("outage")
      json.value(incident.isOutage)
      json.key("error_rate_max")
      json.value(incident.worstErrorRate.map { ($0 * 1_000_000).rounded() / 1_000_000 })
      json.key("requests")
      json.value(incident.requests)
      json.key("failed")
      json.value(incident.failed)
      json.key("counted_by")
      json.value(incident.requests == nil ? nil : incident.isByMinute ? "minute" : "tick")
      json.key("nodes")
      json.array { json in
        for node in incident.nodes { json.value(node.text) }
      }
      json.key("events")
      json.value(Int64(incident.eventCount))
    }
  }
}
