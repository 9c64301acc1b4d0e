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
      json.key("requests")
      json.value(report.requests)
      json.key("errors")
      json.value(report.errors)
      json.key("qps")
      json.value(report.qps.map { rounded($0, to: 1000) })
      json.key("latency_avg_ms")
      json.value(report.latency.map { rounded($0, to: 1000) })
      json.key("latency_p50_ms")
      json.value(percentiles.map { rounded($0.p50, to: 1000) })
      json.key("latency_p95_ms")
      json.value(percentiles.map { rounded($0.p95, to: 1000) })
      json.key("latency_p99_ms")
      json.value(percentiles.map { rounded($0.p99, to: 1000) })
      json.key("percentiles_exact")
      json.value(percentiles?.isExact)
      json.key("busy")
      json.value(status.busy)
      json.key("idle")
      json.value(status.idle)
      json.key("queue")
      json.value(status.queue)
      json.key("queue_limit")
      json.value(status.queueLimit)
      json.key("connections")
      json.value(status.connections)
      json.key("slow")
      json.value(report.slow)
      json.key("exhausted")
      json.value(report.exhausted)
    }
  }

  private func write(host report: HostReport, to json: inout JSONWriter) {
    let status = report.status
    json.object { json in
      json.key("cpu")
      json.value(report.processor.map { rounded($0, to: 10_000) })
      json.key("cpus")
      json.value(status.processors)
      json.key("load1")
      json.value(status.load.map { Double($0) / 100 })
      json.key("memory")
      json.value(report.memory.map { rounded($0, to: 10_000) })
      json.key("memory_bytes")
      json.value(status.memory)
      json.key("disk")
      json.value(report.disk.map { rounded($0, to: 10_000) })
      json.key("disk_bytes")
      json.value(status.disk)
      json.key("disk_mount")
      json.value(status.disk == nil ? nil : status.mount)
      json.key("received_bytes_s")
      json.value(report.received.map { rounded($0, to: 1) })
      json.key("sent_bytes_s")
      json.value(report.sent.map { rounded($0, to: 1) })
    }
  }
}
