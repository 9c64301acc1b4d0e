import Cluster
import Wire

extension OnceDocument {
  /// What a node says of itself: a member for each kind.
  func write(own report: NodeReport, to json: inout JSONWriter) {
    json.object { json in
      if let workers = report.workers {
        json.key("workers")
        write(workers: workers, to: &json)
      }
      if let database = report.database {
        json.key("database")
        write(database: database, to: &json)
      }
      if let host = report.host {
        json.key("host")
        write(host: host, to: &json)
      }
      if let router = report.router {
        json.key("router")
        write(router: router, to: &json)
      }
      if let address = report.virtualAddress {
        json.key("address")
        write(address: address, to: &json)
      }
      if let answer = report.name {
        json.key("name")
        write(name: answer, to: &json)
      }
      if let firewall = report.firewall {
        json.key("firewall")
        write(firewall: firewall, to: &json)
      }
    }
  }

  private func write(workers report: WorkerReport, to json: inout JSONWriter) {
    let status = report.status
    let percentiles = report.percentiles
    json.object { json in
      json.member("requests", report.requests)
      json.member("errors", report.errors)
      json.member("qps", report.qps.map { rounded($0, to: 1000) })
      json.member("latency_avg_ms", report.latency.map { rounded($0, to: 1000) })
      json.member("latency_p50_ms", percentiles.map { rounded($0.p50, to: 1000) })
      json.member("latency_p95_ms", percentiles.map { rounded($0.p95, to: 1000) })
      json.member("latency_p99_ms", percentiles.map { rounded($0.p99, to: 1000) })
      json.member("percentiles_exact", percentiles?.isExact)
      json.member("busy", status.busy)
      json.member("idle", status.idle)
      json.member("queue", status.queue)
      json.member("queue_limit", status.queueLimit)
      json.member("connections", status.connections)
      json.member("slow", report.slow)
      json.member("exhausted", report.exhausted)
    }
  }

  private func write(host report: HostReport, to json: inout JSONWriter) {
    let status = report.status
    json.object { json in
      json.member("cpu", report.processor.map { rounded($0, to: 10_000) })
      json.member("cpus", status.processors)
      json.member("load1", status.load.map { Double($0) / 100 })
      json.member("memory", report.memory.map { rounded($0, to: 10_000) })
      json.member("memory_bytes", status.memory)
      json.member("disk", report.disk.map { rounded($0, to: 10_000) })
      json.member("disk_bytes", status.disk)
      json.member("disk_mount", status.disk == nil ? nil : status.mount)
      json.member("received_bytes_s", report.received.map { rounded($0, to: 1) })
      json.member("sent_bytes_s", report.sent.map { rounded($0, to: 1) })
    }
  }
}
