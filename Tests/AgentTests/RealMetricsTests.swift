import Cluster
import Foundation
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against Node, with metrics as its programs write them, and against the installed node_exporter. Where there is
/// none these tests fail: the test command installs them.
@Suite(.serialized) struct RealMetricsTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aProgramsOwnMetricsSayWhatWasSent() throws {
    let port = try freePort()
    try scratch.write(
      """
      const bounds = [0.005, 0.1, 1], counts = { 200: 0, 500: 0 }
      let buckets = [0, 0, 0], sum = 0, all = 0
      require('http').createServer((request, response) => {
        if (request.url == '/metrics') {
          let text = '# TYPE http_requests_total counter\\n'
          for (const code in counts) text += `http_requests_total{code="${code}"} ${counts[code]}\\n`
          text += '# TYPE http_request_duration_seconds histogram\\n'
          bounds.forEach((bound, i) =>
            text += `http_request_duration_seconds_bucket{le="${bound}"} ${buckets[i]}\\n`)
          text += `http_request_duration_seconds_bucket{le="+Inf"} ${all}\\n`
          text += `http_request_duration_seconds_sum ${sum}\\nhttp_request_duration_seconds_count ${all}\\n`
          text += `process_start_time_seconds ${process.hrtime()[0]}\\n`
          return response.end(text)
        }
        const code = request.url == '/fail' ? 500 : 200
        counts[code]++; all++; sum += 0.05
        bounds.forEach((bound, i) => { if (0.05 <= bound) buckets[i]++ })
        response.statusCode = code
        response.end('hello')
      }).listen(\(port), '127.0.0.1')
      """, to: "app.js")
    let server = try RealServer(
      "node", [scratch.file("app.js")], log: scratch.file("log"),
      until: [numericAddress("127.0.0.1", port: port)])
    for path in ["/", "/", "/fail", "/"] { try get(path, port: port) }
    let names = MetricNames(
      requests: "http_requests_total", errors: #"http_requests_total{code="500"}"#,
      latency: "http_request_duration_seconds", busy: "in_flight")
    let page = HTTPEndpoint(url: "http://127.0.0.1:\(port)/metrics")
    let reading = try #require(
      try firstReadings(
        of: [Source(node: NodeName("app1"), system: .metrics, endpoint: .metrics(page, names))]
      ).first)
    let status = try #require(reading.workers, "\(String(describing: reading.failure))")
    #expect(status.requests == 4 && status.errors == 1 && status.microseconds == 200_000)
    #expect(status.busy == nil && status.started != nil)
    #expect(status.histogram.map(\.count) == [0, 4, 4, 4] && status.histogram.last?.bound == .max)
    #expect(server.child.isRunning)
  }

  @Test func theMachinesResourcesAreThoseThatTheKernelShows() throws {
    let port = try freePort()
    let server = try RealServer(
      "prometheus-node-exporter", ["--web.listen-address=127.0.0.1:\(port)"], log: scratch.file("log"),
      until: [numericAddress("127.0.0.1", port: port)])
    let endpoint = try Endpoint(parsing: "http://127.0.0.1:\(port)/metrics", of: .host)
    let reading = try #require(
      try firstReadings(of: [Source(node: NodeName("web1"), system: .host, endpoint: endpoint)]).first)
    let status = try #require(reading.host, "\(String(describing: reading.failure))")
    func kernel(_ file: String, _ name: String) throws -> Int64? {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
      return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
    }
    #expect(status.memory == (try kernel("/proc/meminfo", "MemTotal:")).map { $0 * 1024 })
    #expect(status.started == (try kernel("/proc/stat", "btime")))
    #expect((status.processors ?? 0) >= 1 && (status.load ?? -1) >= 0)
    let (busy, all) = (status.busyMilliseconds ?? -1, status.processorMilliseconds ?? -1)
    #expect(busy > 0 && busy < all)
    #expect((status.memoryAvailable ?? 0) > 0 && (status.received ?? -1) >= 0 && (status.sent ?? -1) >= 0)
    #expect(server.child.isRunning)
  }
}
