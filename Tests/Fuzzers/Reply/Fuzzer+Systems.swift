import Cluster
import FuzzerKit
import Wire

/// What web servers, application servers and machines say.
extension Fuzzer {
  static let systems = [
    stubStatus, apache, phpFPM, fastCGI, uwsgi, gunicorn, metrics, nodeExporter, json,
  ]

  private static let stubStatus = Fuzzer(
    name: "stub-status", longest: 256, captures: ["WireTests/Fixtures/nginx"],
    make: { { bytes in _ = try? StubStatus(parsing: bytes) } })

  private static let apache = Fuzzer(
    name: "apache-status", longest: 512, captures: ["WireTests/Fixtures/apache"],
    seeds: texts(
      """
      CurrentTime: Saturday, 21-Nov-2026 09:17:37 UTC
      RestartTime: Saturday, 21-Nov-2026 09:10:12 UTC
      Total Accesses: 12
      Total Duration: 34
      BusyWorkers: 1
      IdleWorkers: 49
      ConnsTotal: 2
      Scoreboard: __W_

      """),
    make: {
      let now = WallTime(nanoseconds: 1_795_271_400_000_000_000)
      return { bytes in _ = try? WorkerStatus(apache: bytes, now: now) }
    })

  private static let phpFPM = Fuzzer(
    name: "php-fpm", longest: 768, captures: ["WireTests/Fixtures/php-fpm"],
    make: { { bytes in _ = try? WorkerStatus(phpFPM: bytes) } })

  private static let fastCGI = Fuzzer(
    name: "fastcgi", longest: 512,
    seeds: {
      let page = Array("Status: 200 OK\r\nContent-type: application/json\r\n\r\n{\"pool\":\"www\"}".utf8)
      let head: [UInt8] = [1, 6, 0, 1, 0, UInt8(page.count), 0, 0]
      let end: [UInt8] = [1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      let words: [UInt8] = [1, 7, 0, 1, 0, 3, 5, 0] + Array("oh!12345".utf8)
      return [head + page + end, words + end, head + page + words + end]
    },
    make: {
      return { bytes in
        guard let reply = try? FastCGIReply(parsing: bytes) else { return }
        requireShown(reply.errors)
        _ = try? WorkerStatus(phpFPM: reply)
      }
    })

  private static let uwsgi = Fuzzer(
    name: "uwsgi", longest: 1024, captures: ["WireTests/Fixtures/uwsgi"],
    seeds: texts(
      """
      {"listen_queue":1,"sockets":[{"max_queue":100}],"workers":[{"requests":5,"exceptions":1,"running_time":99,
      "status":"busy","cores":[{"in_request":1},{"in_request":0}]},{"status":"cheap"},{"status":"idle"}]}
      """),
    make: { { bytes in _ = try? WorkerStatus(uwsgi: bytes) } })

  /// What gunicorn sends, datagram by datagram, as one of them each.
  private static let gunicorn = Fuzzer(
    name: "statsd", longest: 512, captures: ["WireTests/Fixtures/gunicorn"],
    seeds: texts(
      "gunicorn.requests:1|c|@1.0\napp.gunicorn.request.status.500:1|c|#tag:x\ngunicorn.request.duration:1.504|ms",
      "gunicorn.workers:4|g", "gunicorn.request.duration:15e-2|h|@0.5"),
    make: {
      return { bytes in
        var tally = RequestTally(started: WallTime(nanoseconds: 0))
        GunicornMetric.read(bytes) { _, metric in tally.take(metric) }
        _ = tally.status()
        _ = tally.status()
      }
    })

  private static let metrics = Fuzzer(
    name: "metrics", longest: 768,
    seeds: texts(
      """
      # HELP http_requests_total All of them.
      # TYPE http_requests_total counter
      http_requests_total{code="200",path="/a\\"b\\n"} 17 1795271400000
      http_requests_total{code="500"} 1.5e3
      # TYPE http_seconds histogram
      http_seconds_bucket{le="0.1"} 3
      http_seconds_bucket{le="+Inf"} 4
      http_seconds_sum 0.25
      http_seconds_count 4
      busy NaN
      process_start_time_seconds 1.79527e+09

      """),
    make: {
      let names = MetricNames(
        requests: "http_requests_total", errors: "http_requests_total{code=\"500\"}", latency: "http_seconds",
        busy: "busy")
      let few = MetricReader(MetricNames(latency: "http_seconds"))
      let reader = MetricReader(names)
      return { bytes in
        _ = try? reader?.status(from: bytes)
        _ = try? few?.status(from: bytes)
      }
    })

  private static let nodeExporter = Fuzzer(
    name: "node-exporter", longest: 768,
    seeds: texts(
      """
      node_cpu_seconds_total{cpu="0",mode="idle"} 17.5
      node_cpu_seconds_total{cpu="0",mode="user"} 3
      node_load1 0.5
      node_memory_MemTotal_bytes 1e9
      node_memory_MemAvailable_bytes 5e8
      node_filesystem_size_bytes{device="/dev/vda",fstype="ext4",mountpoint="/"} 1e11
      node_filesystem_avail_bytes{device="/dev/vda",fstype="ext4",mountpoint="/"} 5e10
      node_network_receive_bytes_total{device="eth0"} 99
      node_network_transmit_bytes_total{device="eth0"} 99
      node_boot_time_seconds 1.795e+09
      node_time_seconds 1.795e+09

      """),
    make: {
      return { bytes in
        guard let status = try? HostStatus(nodeExporter: bytes) else { return }
        requireShown(status.mount)
      }
    })

  /// JSON of any program. What was read and is written is read again as the same.
  private static let json = Fuzzer(
    name: "json", longest: 512, captures: ["WireTests/Fixtures/php-fpm", "WireTests/Fixtures/nftables"],
    seeds: texts("{\"a\":[1,-2.5e3,true,false,null,\"\\u00e9\\ud83d\\ude00\\n\\\"\"]}", "[[[[]]]]"),
    make: {
      return { bytes in
        guard let value = try? JSONValue(parsing: bytes) else { return }
        requireAllShown(value)
      }
    })

  private static func requireAllShown(_ value: JSONValue) {
    switch value {
    case .string(let text): requireShown(text)
    case .array(let elements): elements.forEach(requireAllShown)
    case .object(let members):
      for member in members {
        requireShown(member.name)
        requireAllShown(member.value)
      }
    case .null, .bool, .integer, .number: break
    }
  }
}
