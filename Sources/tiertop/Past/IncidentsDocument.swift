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
    }
    json.endLine()
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
      json.key("nodes")
      json.array { json in
        for node in incident.nodes { json.value(node.text) }
      }
      json.key("events")
      json.value(Int64(incident.eventCount))
    }
  }
}
