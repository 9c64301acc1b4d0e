import Cluster
import Dashboard
import Wire

/// The JSON of `tiertop once`: a contract with other programs, described in docs/json.md. A change that
/// breaks a reader raises the version.
struct OnceDocument {
  static let version: Int64 = 1

  let snapshot: Snapshot
  /// Between the two readings.
  let interval: Duration

  /// Writes the document as one line.
  func write(to json: inout JSONWriter) {
    let topology = snapshot.topology
    json.object { json in
      json.member("version", Self.version)
      json.member("cluster", topology.layout.cluster)
      json.member("at", snapshot.at.wall.rfc3339)
      json.member("interval_s", rounded(interval.seconds, to: 1000))
      json.member("health", snapshot.health.rawValue)
      json.array("nodes") { json in
        for place in topology.nodes.indices { write(node: place, to: &json) }
      }
      json.array("edges") { json in
        for (edge, rate) in zip(topology.edges, snapshot.edges) { write(edge, rate, to: &json) }
      }
    }
    json.endLine()
  }

  private func write(_ edge: Topology.Edge, _ rate: EdgeRate?, to json: inout JSONWriter) {
    var (requests, connections): (Double?, Double?) = (nil, nil)
    var basis: String?
    switch rate {
    case .counted(let rate): (requests, basis) = (rate, "counted")
    case .inferred(let rate): (requests, basis) = (rate, "inferred")
    case .connections(let rate): (connections, basis) = (rate, "firewall")
    case nil: break
    }
    json.object { json in
      json.member("from", edge.from.map { snapshot.topology.tiers[$0].name.text })
      json.member("to", snapshot.topology.tiers[edge.to].name.text)
      json.member("qps", requests.map { rounded($0, to: 1000) })
      json.member("connections_s", connections.map { rounded($0, to: 1000) })
      json.member("basis", basis)
    }
  }

  private func write(node place: Int, to json: inout JSONWriter) {
    let topology = snapshot.topology
    let node = topology.nodes[place]
    let report = snapshot.nodes[place]
    json.object { json in
      json.member("node", node.name.text)
      json.member("tier", topology.tiers[node.tier].name.text)
      json.member("state", report.verdict.state.rawValue)
      json.member("reason", report.verdict.reason?.words)
      json.member("age_s", report.age.map { rounded($0.seconds, to: 1000) })
      json.member("qps", report.traffic.qps.map { rounded($0, to: 1000) })
      json.member("requests", report.traffic.requests)
      json.member("errors", report.traffic.errors)
      json.member("latency_avg_ms", report.traffic.latency.map { rounded($0, to: 1000) })
      json.member("error_rate", report.traffic.errorRate.map { rounded($0, to: 1_000_000) })
      json.member("sessions", report.sessions)
      json.member("queue", report.queue)
      json.array("servers") { json in
        for server in node.servers { write(server: server, to: &json) }
      }
      json.key("own")
      write(own: report, to: &json)
      json.array("sources") { json in
        for source in node.sources { write(source: snapshot.sources[source.index], to: &json) }
      }
    }
  }

  private func write(server place: Int, to json: inout JSONWriter) {
    let server = snapshot.topology.servers[place]
    let report = snapshot.servers[place]
    json.object { json in
      json.member("lb", snapshot.topology.nodes[server.balancerNode].name.text)
      json.member("backend", server.id.backend)
      json.member("server", server.id.server)
      json.member("status", report.status)
      json.member("admin", report.admin.word)
      json.member("weight", report.weight)
    }
  }

  private func write(source report: SourceReport, to json: inout JSONWriter) {
    json.object { json in
      json.member("source", "\(report.source.system.rawValue) \(report.source.endpoint)")
      json.member("ok", report.failure == nil && report.age != nil)
      json.member("error", report.failure?.words)
    }
  }

  /// Digits that say nothing are noise.
  func rounded(_ value: Double, to steps: Double) -> Double { (value * steps).rounded() / steps }
}
