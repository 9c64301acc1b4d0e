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
      json.member("version", Self.version)
      json.member("cluster", cluster)
      json.write(span)
      json.member("recorded_until", recordedUntil.rfc3339)
      json.array("incidents") { json in
        for incident in incidents { write(incident, to: &json) }
      }
      json.member("objective", service.objective)
      json.array("service") { json in
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
        json.null("name")
      case .tier(let name):
        json.value("tier")
        json.member("name", name.text)
      }
      json.array("windows") { json in
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
      json.member("window_s", seconds(length))
      json.member("known_s", seconds(window.known))
      json.member("down_s", isKnown ? seconds(window.down) : nil)
      json.member("degraded_s", isKnown ? seconds(window.degraded) : nil)
      json.member("requests", isKnown ? window.requests : nil)
      json.member("failed", isKnown ? window.errors : nil)
      json.member("time_share", share(window.timeShare))
      json.member("request_share", share(window.requestShare))
      json.member(
        "budget_left",
        window.budget(objective: service.objective).left.map { ($0 * 10_000).rounded() / 10_000 })
    }
  }

  private func write(_ incident: Incident, to json: inout JSONWriter) {
    json.object { json in
      json.member("start", incident.start.rfc3339)
      json.member("end", incident.end?.rfc3339)
      json.member("lasted_s", (incident.duration(at: recordedUntil).seconds * 1000).rounded() / 1000)
      json.member("worst", incident.worst.rawValue)
      json.member("outage", incident.isOutage)
      json.member("error_rate_max", incident.worstErrorRate.map { ($0 * 1_000_000).rounded() / 1_000_000 })
      json.member("requests", incident.requests)
      json.member("failed", incident.failed)
      json.member("counted_by", incident.requests == nil ? nil : incident.isByMinute ? "minute" : "tick")
      json.array("nodes") { json in
        for node in incident.nodes { json.value(node.text) }
      }
      json.member("events", Int64(incident.eventCount))
    }
  }
}
