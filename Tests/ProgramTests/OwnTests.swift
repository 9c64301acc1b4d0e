import Foundation
import Testing

extension ProgramTests {
  /// What nodes say of themselves, in the documents of `once`.
  @Suite struct OwnTests {
    @Test func theFiguresOfApplicationsAndHostsAreThoseThatTheirPagesGrowBy() throws {
      let pages = try GrowingPages()
      let layout = FileManager.default.temporaryDirectory.appendingPathComponent("tt-own-\(getpid()).yaml")
      defer { try? FileManager.default.removeItem(at: layout) }
      try """
      cluster: own
      interval: 1s
      tiers:
        - tier: app
          nodes:
            - node: app1
              address: "127.0.0.1:1"
              metrics:
                url: "http://127.0.0.1:\(pages.port)/metrics"
                requests: http_requests_total
                errors: 'http_requests_total{code="500"}'
                latency: http_request_duration_seconds
                busy: in_flight
              host: "http://127.0.0.1:\(pages.port)/host"
            - { node: app2, address: "127.0.0.1:2", uwsgi: "tcp://127.0.0.1:\(pages.port)" }
      """.write(to: layout, atomically: true, encoding: .utf8)
      let outcome = try tiertop(["once", "--json", layout.path])
      let document = try Document(outcome.output)
      let app = try #require(document["app1"], "\(outcome.output)\(outcome.errors)")
      let workers = try #require(app.own.workers, "\(outcome.output)")
      #expect(workers.requests == 10 && workers.errors == 1 && workers.busy == 4)
      #expect(workers.latencyAvgMs == 50 && workers.latencyP99Ms == 99.1 && workers.percentilesExact == false)
      #expect(workers.idle == nil && workers.queue == nil)
      #expect(app.requests == 10 && app.errors == 1)
      let host = try #require(app.own.host, "\(outcome.output)")
      #expect(host.cpu == 0.25 && host.cpus == 1 && host.load1 == 0.5 && host.memory == 0.75)
      #expect(host.diskMount == "/" && host.disk == 0.9)
      // What was asked speaks another language, and nothing is made up.
      let other = try #require(document["app2"])
      #expect(other.own.workers == nil && other.own.host == nil && other.sources.first?.ok == false)
    }
  }
}

/// A program whose pages of metrics grow by the same amount with each question.
private final class GrowingPages {
  let port: Int
  private let process = Process()

  init() throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", GrowingPages.text]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  deinit {
    // A thread of the tests may have handed on that it blocks gentler signals.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static let text = """
    import http.server
    asked = {}
    pages = {
        "/metrics": lambda n: f'''http_requests_total{{code="200"}} {9 * n}
    http_requests_total{{code="500"}} {n}
    http_request_duration_seconds_bucket{{le="0.01"}} 0
    http_request_duration_seconds_bucket{{le="0.1"}} {10 * n}
    http_request_duration_seconds_bucket{{le="+Inf"}} {10 * n}
    http_request_duration_seconds_sum {0.5 * n}
    http_request_duration_seconds_count {10 * n}
    in_flight 4
    ''',
        "/host": lambda n: f'''node_cpu_seconds_total{{cpu="0",mode="idle"}} {30 * n}
    node_cpu_seconds_total{{cpu="0",mode="user"}} {10 * n}
    node_load1 0.5
    node_memory_MemTotal_bytes 1000
    node_memory_MemAvailable_bytes 250
    node_filesystem_avail_bytes{{device="a",fstype="ext4",mountpoint="/"}} 10
    node_filesystem_size_bytes{{device="a",fstype="ext4",mountpoint="/"}} 100
    ''',
    }
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked[self.path] = asked.get(self.path, 0) + 1
            body = pages[self.path](asked[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}
