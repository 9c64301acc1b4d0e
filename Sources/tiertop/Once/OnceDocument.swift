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
      json.key("version")
      json.value(Self.version)
      json.key("cluster")
      json.value(topology.layout.cluster)
      json.key("at")
      json.value(snapshot.at.wall.rfc3339)
      json.key("interval_s")
      json.value(rounded(interval.seconds, to: 1000))
      json.key("health")
      json.value(snapshot.health.rawValue)
      json.key("nodes")
      json.array { json in
        for place in topology.nodes.indices { write(node: place, to: &json) }
      }
      json.key("edges")
      json.array { json in
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
      json.key("from")
      json.value(edge.from.map { snapshot.topology.tiers[$0].name.text })
      json.key("to")
      json.value(snapshot.topology.tiers[edge.to].name.text)
      json.key("qps")
      json.value(requests.map { rounded($0, to: 1000) })
      json.key("connections_s")
      json.value(connections.map { rounded($0, to: 1000) })
      json.key("basis")
      json.value(basis)
    }
  }

  private func write(node place: Int, to json: inout JSONWriter) {
    let topology = snapshot.topology
    let node = topology.nodes[place]
    let report = snapshot.nodes[place]
    json.object { json in
      json.key("node")
      json.value(node.name.text)
      json.key("tier")
      json.value(topology.tiers[node.tier].name.text)
      json.key("state")
      json.value(report.verdict.state.rawValue)
      json.key("reason")
      json.value(report.verdict.reason?.words)
      json.key("age_s")
      json.value(report.age.map { rounded($0.seconds, to: 1000) })
      json.key("qps")
      json.value(report.traffic.qps.map { rounded($0, to: 1000) })
      json.key("requests")
      json.value(report.traffic.requests)
      json.key("errors")
      json.value(report.traffic.errors)
      json.key("latency_avg_ms")
      json.value(report.traffic.latency.map { rounded($0, to: 1000) })
      json.key("error_rate")
      json.value(report.traffic.errorRate.map { rounded($0, to: 1_000_000) })
      json.key("sessions")
      json.value(report.sessions)
      json.key("queue")
      json.value(report.queue)
      json.key("servers")
      json.array { json in
        for server in node.servers { write(server: server, to: &json) }
      }
      json.key("own")
      write(own: report, to: &json)
      json.key("sources")
      json.array { json in
        for source in node.sources { write(source: snapshot.sources[source.index], to: &json) }
      }
    }
  }

  private func write(server place: Int, to json: inout JSONWriter) {
    let server = snapshot.topology.servers[place]
    let report = snapshot.servers[place]
    json.object { json in
      json.key("lb")
      json.value(snapshot.topology.nodes[server.balancerNode].name.text)
      json.key("backend")
      json.value(server.id.backend)
      json.key("server")
      json.value(server.id.server)
      json.key("status")
      json.value(report.status)
      json.key("admin")
      json.value(report.admin.word)
      json.key("weight")
      json.value(report.weight)
    }
  }

  private func write(source report: SourceReport, to json: inout JSONWriter) {
    json.object { json in
      json.key("source")
      json.value("\(report.source.system.rawValue) \(report.source.endpoint)")
      json.key("ok")
      json.value(report.failure == nil && report.age != nil)
      json.key("error")
      json.value(report.failure?.words)
    }
  }

  /// Digits that say nothing are noise.
  func rounded(_ value: Double, to steps: Double) -> Double { (value * steps).rounded() / steps }
}
