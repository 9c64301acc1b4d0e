import Cluster
import TestSupport
import Testing
import Wire

@Suite struct MetricTests {
  static func status(_ names: MetricNames, _ text: String) throws -> WorkerStatus {
    let reader = try #require(MetricReader(names))
    return try reader.status(from: Array(text.utf8).span)
  }

  static let page = """
    # HELP http_requests_total How many.
    # TYPE http_requests_total counter
    http_requests_total{code="200",method="GET"} 100
    http_requests_total{code="200",method="POST"} 20.0
    http_requests_total{code="500",method="GET"} 3e+00 1795251491000
    # TYPE http_request_duration_seconds histogram
    http_request_duration_seconds_bucket{code="200",le="0.005"} 60
    http_request_duration_seconds_bucket{code="200",le="0.5"} 110
    http_request_duration_seconds_bucket{code="200",le="+Inf"} 120
    http_request_duration_seconds_sum{code="200"} 12.5
    http_request_duration_seconds_count{code="200"} 120
    http_request_duration_seconds_bucket{code="500",le="0.005"} 1
    http_request_duration_seconds_bucket{code="500",le="0.5"} 2
    http_request_duration_seconds_bucket{code="500",le="+Inf"} 3
    http_request_duration_seconds_sum{code="500"} 1.25
    http_request_duration_seconds_count{code="500"} 3
    # TYPE in_flight gauge
    in_flight 4
    process_start_time_seconds 1.795251491e+09

    """

  @Test func seriesOfOneNameAreSummedAndLabelsChooseAmongThem() throws {
    let names = MetricNames(
      requests: "http_requests_total", errors: #"http_requests_total{code="500"}"#,
      latency: "http_request_duration_seconds", busy: "in_flight")
    #expect(
      try Self.status(names, Self.page)
        == WorkerStatus(
          requests: 123, errors: 3, microseconds: 13_750_000, busy: 4, started: 1_795_251_491,
          histogram: [
            WorkerStatus.Bucket(bound: 5000, count: 61), WorkerStatus.Bucket(bound: 500_000, count: 112),
            WorkerStatus.Bucket(bound: .max, count: 123),
          ]))
    let some = MetricNames(
      requests: #"http_requests_total{ method="GET", code="200", }"#,
      latency: #"http_request_duration_seconds{code="200"}"#)
    let status = try Self.status(some, Self.page)
    #expect(status.requests == 100 && status.histogram.map(\.count) == [60, 110, 120])
    #expect(status.errors == nil && status.busy == nil)
  }

  @Test func whereOnlyLatenciesAreNamedTheyCountTheRequests() throws {
    let status = try Self.status(MetricNames(latency: "http_request_duration_seconds"), Self.page)
    #expect(status.requests == 123)
    let summary = "rpc_seconds{quantile=\"0.5\"} NaN\nrpc_seconds_sum 2.5\nrpc_seconds_count 10\n"
    #expect(
      try Self.status(MetricNames(latency: "rpc_seconds"), summary)
        == WorkerStatus(requests: 10, microseconds: 2_500_000))
  }

  @Test func aFamilyWithoutSuchASeriesCountsNothingAndOneThatIsNotThereIsUnknown() throws {
    let errors = MetricNames(requests: "a_total", errors: #"a_total{code="500"}"#, busy: "b")
    let status = try Self.status(errors, "a_total{code=\"200\"} 5\n")
    #expect(status == WorkerStatus(requests: 5, errors: 0))
    // Nothing was asked yet, but the program will count it.
    #expect(try Self.status(errors, "# TYPE a_total counter\n").requests == 0)
    #expect(try Self.status(errors, "# TYPE a counter\n# EOF\n").requests == 0)
    #expect(throws: ReplyFault.missingColumn("a_total")) { try Self.status(errors, "c 1\n") }
  }

  @Test func valuesThatAreNoneOrTooLargeDoNoHarm() throws {
    let names = MetricNames(requests: "a", errors: "b", busy: "c")
    let status = try Self.status(names, "a NaN\nb +Inf\nc -1e300\n")
    #expect(status.requests == nil && status.errors == .max && status.busy == -.max)
    #expect(throws: ReplyFault.notANumber("x", column: "a", line: 1)) { try Self.status(names, "a x\n") }
  }

  @Test func bracesBlanksAndEscapesInLabelsAreTheirOwn() throws {
    let names = MetricNames(requests: #"a{path="/{id}\"x\"",code="1"}"#)
    let text = #"a { code = "1" , path="/{id}\"x\"" }  7"# + "\r\na{path=\"}\",code=\"1\"} 9\n"
    #expect(try Self.status(names, text).requests == 7)
  }

  @Test(arguments: [#"a{code="1"#, #"a{code=1}"#, #"a{="1"}"#, #"a{code="1"}x"#, #"a{code}"#, "{}"])
  func aNameThatIsNoneIsRefused(_ name: String) {
    #expect(MetricReader(MetricNames(requests: name)) == nil)
  }

  @Test func anotherPageIsNoPageOfMetricsAndACutOneIsAFault() throws {
    let names = MetricNames(requests: "http_requests_total")
    #expect(throws: ReplyFault.notOf(.metrics, beginning: "<html>")) {
      try Self.status(names, "<html>\n</html>\n")
    }
    #expect(throws: ReplyFault.missingColumn("http_requests_total")) { try Self.status(names, "") }
    #expect(throws: ReplyFault.brokenRow(line: 2)) { try Self.status(names, "a 1\na{b=\"c 1\n") }
    #expect(throws: ReplyFault.brokenRow(line: 2)) { try Self.status(names, "a 1\na\n") }
    let bytes = Array(Self.page.utf8)
    for cut in bytes.indices.dropFirst() where bytes[cut - 1] != UInt8(ascii: "\n") {
      #expect(throws: ReplyFault.self, "cut at \(cut)") {
        try Self.status(names, String(decoding: bytes[..<cut], as: UTF8.self))
      }
    }
  }

  @Test func aHistogramWithoutEndIsRefused() {
    let text = (0...MetricReader.bucketLimit).map { "a_bucket{le=\"\($0)\"} 1\n" }.joined()
    #expect(throws: ReplyFault.tooManyRows(limit: MetricReader.bucketLimit)) {
      try Self.status(MetricNames(latency: "a"), text)
    }
  }

  // MARK: node_exporter

  @Test func nodeExportersRecordedPageIsRead() throws {
    let bytes = try Fixture.bytes("node_exporter/1.5.0/metrics.txt")
    let status = try HostStatus(nodeExporter: bytes.span)
    let lines = [
      "busy \(status.busyMilliseconds ?? -1)", "all \(status.processorMilliseconds ?? -1)",
      "processors \(status.processors ?? -1)", "load \(status.load ?? -1)", "memory \(status.memory ?? -1)",
      "available \(status.memoryAvailable ?? -1)", "disk \(status.disk ?? -1)",
      "left \(status.diskAvailable ?? -1)", "mount \(status.mount)", "received \(status.received ?? -1)",
      "sent \(status.sent ?? -1)", "started \(status.started ?? -1)",
    ]
    try expectGolden(lines.joined(separator: "\n") + "\n", "node_exporter/1.5.0/metrics.golden")
  }

  @Test func theFullestFileSystemThatCanBeWrittenToIsShown() throws {
    let text = """
      node_filesystem_avail_bytes{device="a",fstype="ext4",mountpoint="/"} 50
      node_filesystem_avail_bytes{device="b",fstype="xfs",mountpoint="/srv/\\"x\\\\\\n"} 10
      node_filesystem_avail_bytes{device="t",fstype="tmpfs",mountpoint="/run"} 0
      node_filesystem_avail_bytes{device="s",fstype="squashfs",mountpoint="/snap"} 0
      node_filesystem_size_bytes{device="b",fstype="xfs",mountpoint="/srv/\\"x\\\\\\n"} 100
      node_filesystem_size_bytes{device="a",fstype="ext4",mountpoint="/"} 100
      node_filesystem_size_bytes{device="t",fstype="tmpfs",mountpoint="/run"} 100
      node_filesystem_size_bytes{device="s",fstype="squashfs",mountpoint="/snap"} 100
      node_network_receive_bytes_total{device="lo"} 1000
      node_network_receive_bytes_total{device="eth0"} 7
      node_network_receive_bytes_total{device="eth1"} 8
      node_cpu_seconds_total{cpu="0",mode="idle"} 1.5
      node_cpu_seconds_total{cpu="0",mode="iowait"} 0.5
      node_cpu_seconds_total{cpu="0",mode="user"} 2
      node_cpu_seconds_total{cpu="1",mode="idle"} 1

      """
    let status = try HostStatus(nodeExporter: Array(text.utf8).span)
    #expect(status.disk == 100 && status.diskAvailable == 10 && status.mount == "/srv/\"x\\␊")
    #expect(status.received == 15 && status.sent == nil && status.memory == nil)
    #expect(status.processors == 2 && status.processorMilliseconds == 5000 && status.busyMilliseconds == 2000)
  }

  @Test func aPageThatSaysNothingOfAMachineIsNotNodeExporters() throws {
    let bytes = Array(Self.page.utf8)
    #expect(throws: ReplyFault.notOf(.host, beginning: "# HELP http_requests_total How many.")) {
      try HostStatus(nodeExporter: bytes.span)
    }
    let recorded = try Fixture.bytes("node_exporter/1.5.0/metrics.txt")
    for cut in stride(from: 1, to: recorded.count, by: 97) where recorded[cut - 1] != UInt8(ascii: "\n") {
      #expect(throws: ReplyFault.self, "cut at \(cut)") {
        try HostStatus(nodeExporter: Array(recorded[..<cut]).span)
      }
    }
  }

  @Test func bytesOfChanceInAPageNeverCrash() throws {
    let reader = try #require(
      MetricReader(
        MetricNames(requests: #"http_requests_total{code="500"}"#, latency: "http_request_duration_seconds")))
    var random = SeededRandom(seed: 13)
    let recorded = Array(try Fixture.bytes("node_exporter/1.5.0/metrics.txt").prefix(4000))
    for page in [Array(Self.page.utf8), recorded] {
      for _ in 0..<500 {
        var hurt = page
        for _ in 0..<6 {
          hurt[Int.random(in: hurt.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try? reader.status(from: hurt.span)
        _ = try? HostStatus(nodeExporter: hurt.span)
      }
    }
  }
}
