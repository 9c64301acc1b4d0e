import Cluster
import Wire

/// What is known of databases, virtual addresses, the name, and what lies between the tiers.
extension OnceDocument {
  func write(database report: DatabaseReport, to json: inout JSONWriter) {
    let status = report.status
    json.object { json in
      json.member("version", status.version)
      json.member("uptime_s", status.uptimeSeconds)
      json.member("queries", report.queries)
      json.member("qps", report.qps.map { rounded($0, to: 1000) })
      json.member("latency_avg_ms", report.latency.map { rounded($0, to: 1000) })
      json.member("connections", status.connections)
      json.member("connection_limit", status.connectionLimit)
      json.member("running", status.running)
      json.member("slow", report.slow)
      json.member("aborted", report.aborted)
      json.member("read_only", status.isReadOnly)
      json.member("replicas", status.replicas)
      json.key("replication")
      if let replication = status.replication {
        write(replication, to: &json)
      } else {
        json.value(String?.none)
      }
    }
  }

  private func write(_ replication: DatabaseStatus.Replication, to json: inout JSONWriter) {
    json.object { json in
      json.member("source", replication.source.isEmpty ? nil : replication.source)
      json.member("receiving", word(replication.receiving))
      json.member("applying", word(replication.applying))
      json.member("lag_s", replication.lag.map { Double($0) / 1000 })
      json.member("error", replication.error.isEmpty ? nil : replication.error)
    }
  }

  func write(router status: RouterStatus, to json: inout JSONWriter) {
    json.array { json in
      for instance in status.instances {
        json.object { json in
          json.member("instance", instance.name)
          json.member("state", word(instance.state))
          json.member("since", instance.since?.rfc3339)
          json.member("priority", instance.priority)
          json.member("became_master", instance.becameMaster)
          json.key("addresses")
          write(instance.addresses, to: &json)
        }
      }
    }
  }

  func write(address report: AddressReport, to json: inout JSONWriter) {
    let probed = report.probed
    json.object { json in
      json.key("holders")
      write(report.holders.map(\.text), to: &json)
      json.member("since", report.since?.rfc3339)
      json.member("moves", Int64(report.moves))
      json.member("answers", probed?.answers)
      json.member("tries", probed?.tries)
      json.member("failures", probed?.failures)
      json.member("outage_began", probed?.outageBegan?.rfc3339)
      json.member("outage_s", probed?.outage.map { rounded($0.seconds, to: 1000) })
    }
  }

  func write(name answer: NameAnswer, to json: inout JSONWriter) {
    json.object { json in
      json.member("code", Int64(answer.code))
      json.key("addresses")
      write(answer.addresses, to: &json)
      json.member("ttl_s", answer.timeToLive)
      json.member("server", answer.server)
    }
  }

  func write(firewall report: FirewallReport, to json: inout JSONWriter) {
    json.object { json in
      json.member("accepted_connections_s", report.accepted.map { rounded($0, to: 1000) })
      json.member("dropped_packets_s", report.dropped.map { rounded($0, to: 1000) })
      json.array("paths") { json in
        for path in report.paths {
          json.object { json in
            json.member("to", "\(path.to)")
            json.member("allowed", path.isAllowed)
            json.member("found", path.state.map(word))
            json.member("right", path.isRight)
          }
        }
      }
    }
  }

  private func write(_ texts: [String], to json: inout JSONWriter) {
    json.array { json in
      for text in texts { json.value(text) }
    }
  }

  // The words of the document: others than the screen's, which may change.

  private func word(_ progress: DatabaseStatus.Progress) -> String {
    switch progress {
    case .stopped: "stopped"
    case .connecting: "connecting"
    case .running: "running"
    }
  }

  private func word(_ state: RouterStatus.State) -> String {
    switch state {
    case .initial: "init"
    case .backup: "backup"
    case .master: "master"
    case .fault: "fault"
    case .stopped: "stopped"
    }
  }

  private func word(_ state: PathState) -> String {
    switch state {
    case .open: "open"
    case .refused: "refused"
    case .silent: "silent"
    case .unreachable: "unreachable"
    }
  }
}
