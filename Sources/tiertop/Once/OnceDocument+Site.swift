import Cluster
import Wire

/// What is known of databases, virtual addresses, the name, and what lies between the tiers.
extension OnceDocument {
  func write(database report: DatabaseReport, to json: inout JSONWriter) {
    let status = report.status
    json.object { json in
      json.key("version")
      json.value(status.version)
      json.key("uptime_s")
      json.value(status.uptimeSeconds)
      json.key("queries")
      json.value(report.queries)
      json.key("qps")
      json.value(report.qps.map { rounded($0, to: 1000) })
      json.key("latency_avg_ms")
      json.value(report.latency.map { rounded($0, to: 1000) })
      json.key("connections")
      json.value(status.connections)
      json.key("connection_limit")
      json.value(status.connectionLimit)
      json.key("running")
      json.value(status.running)
      json.key("slow")
      json.value(report.slow)
      json.key("aborted")
      json.value(report.aborted)
      json.key("read_only")
      json.value(status.isReadOnly)
      json.key("replicas")
      json.value(status.replicas)
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
      json.key("source")
      json.value(replication.source.isEmpty ? nil : replication.source)
      json.key("receiving")
      json.value(word(replication.receiving))
      json.key("applying")
      json.value(word(replication.applying))
      json.key("lag_s")
      json.value(replication.lag.map { Double($0) / 1000 })
      json.key("error")
      json.value(replication.error.isEmpty ? nil : replication.error)
    }
  }

  func write(router status: RouterStatus, to json: inout JSONWriter) {
    json.array { json in
      for instance in status.instances {
        json.object { json in
          json.key("instance")
          json.value(instance.name)
          json.key("state")
          json.value(word(instance.state))
          json.key("since")
          json.value(instance.since?.rfc3339)
          json.key("priority")
          json.value(instance.priority)
          json.key("became_master")
          json.value(instance.becameMaster)
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
      json.key("since")
      json.value(report.since?.rfc3339)
      json.key("moves")
      json.value(Int64(report.moves))
      json.key("answers")
      json.value(probed?.answers)
      json.key("tries")
      json.value(probed?.tries)
      json.key("failures")
      json.value(probed?.failures)
      json.key("outage_began")
      json.value(probed?.outageBegan?.rfc3339)
      json.key("outage_s")
      json.value(probed?.outage.map { rounded($0.seconds, to: 1000) })
    }
  }

  func write(name answer: NameAnswer, to json: inout JSONWriter) {
    json.object { json in
      json.key("code")
      json.value(Int64(answer.code))
      json.key("addresses")
      write(answer.addresses, to: &json)
      json.key("ttl_s")
      json.value(answer.timeToLive)
      json.key("server")
      json.value(answer.server)
    }
  }

  func write(firewall report: FirewallReport, to json: inout JSONWriter) {
    json.object { json in
      json.key("accepted_connections_s")
      json.value(report.accepted.map { rounded($0, to: 1000) })
      json.key("dropped_packets_s")
      json.value(report.dropped.map { rounded($0, to: 1000) })
      json.key("paths")
      json.array { json in
        for path in report.paths {
          json.object { json in
            json.key("to")
            json.value("\(path.to)")
            json.key("allowed")
            json.value(path.isAllowed)
            json.key("found")
            json.value(path.state.map(word))
            json.key("right")
            json.value(path.isRight)
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
