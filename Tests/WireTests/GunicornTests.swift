import Cluster
import TestSupport
import Testing
import Wire

@Suite struct GunicornTests {
  static func metrics(_ text: String) -> [(prefix: String, metric: GunicornMetric)] {
    var found: [(String, GunicornMetric)] = []
    GunicornMetric.read(Array(text.utf8).span) { prefix, metric in found.append((printable(prefix), metric)) }
    return found
  }

  @Test func theRecordedLinesAreCountedWithExactOrderStatistics() throws {
    let bytes = try Fixture.bytes("gunicorn/20.1/statsd_lines.txt")
    var tally = RequestTally(started: WallTime(nanoseconds: 5_999_999_999))
    #expect(!tally.hasHeard)
    GunicornMetric.read(bytes.span) { prefix, metric in
      #expect(printable(prefix) == "app1")
      tally.take(metric)
    }
    #expect(tally.hasHeard)
    // 256 295 870 1031 1082 1504 30541 30657 30662.
    let expected = WorkerStatus(
      requests: 9, errors: 2, microseconds: 96898, started: 5,
      latencies: WorkerStatus.Latencies(count: 9, p50: 1082, p95: 30662, p99: 30662, longest: 30662))
    #expect(tally.status() == expected)
    // What was counted stays, and the latencies begin again.
    var next = expected
    next.latencies = WorkerStatus.Latencies(count: 0, p50: 0, p95: 0, p99: 0, longest: 0)
    #expect(tally.status() == next)
  }

  @Test func thePrefixIsWhatStandsBeforeGunicornsOwnName() {
    let lines = [
      "gunicorn.requests:1|c", "a.b.gunicorn.requests:1|c", "gunicorn.gunicorn.requests:1|c",
      "my-gunicorn.gunicorn.requests:1|c|#env:prod",
    ]
    #expect(
      Self.metrics(lines.joined(separator: "\n")).map(\.prefix) == ["", "a.b", "gunicorn", "my-gunicorn"])
  }

  @Test func eachKindOfLineIsRead() {
    func metric(_ line: String) -> GunicornMetric? { Self.metrics(line).first?.metric }
    #expect(metric("gunicorn.requests:1|c|@1.0") == .requests(1))
    #expect(metric("gunicorn.requests:1|c|@0.25") == .requests(4))
    #expect(metric("gunicorn.request.status.503:2|c") == .status(503, count: 2))
    #expect(metric("gunicorn.request.duration:1.504|ms") == .duration(1504, isEvery: true))
    #expect(metric("gunicorn.request.duration:0.0004|h") == .duration(0, isEvery: true))
    #expect(metric("gunicorn.request.duration:2|ms|@0.5") == .duration(2000, isEvery: false))
    #expect(metric("gunicorn.workers:3|g") == .workers(3))
  }

  @Test(arguments: [
    "", ":", "gunicorn.requests", "gunicorn.requests:", "gunicorn.requests:1", "gunicorn.requests:1|",
    "gunicorn.requests:x|c", "gunicorn.requests:-1|c", "gunicorn.requests:1|g", "gunicorn.requests:1|c|@0",
    "gunicorn.requests:1|c|@2", "gunicorn.requests:1|c|@", "gunicorn.requests:1e99|c",
    "gunicorn.requests:nan|c", "xgunicorn.requests:1|c", "gunicorn.request.status.x:1|c",
    "gunicorn.request.status.99:1|c", "gunicorn.request.duration:1|c", "gunicorn.request.duration:-1|ms",
    "gunicorn.log.error:1|c", "app1.requests:1|c", "gunicorn.", "gunicorn.:1|c", "\u{0}\u{1B}[2J",
  ]) func whatIsNotGunicornsIsNothing(_ line: String) {
    #expect(Self.metrics(line).isEmpty)
  }

  @Test func aDatagramCutAnywhereCountsNothingTwiceAndNeverCrashes() throws {
    let bytes = try Fixture.bytes("gunicorn/20.1/statsd_lines.txt")
    for cut in bytes.indices {
      var count = 0
      GunicornMetric.read(Array(bytes[..<cut]).span) { _, _ in count += 1 }
      #expect(count <= 29)
    }
    var random = SeededRandom(seed: 3)
    for _ in 0..<2000 {
      var hurt = bytes
      for _ in 0..<20 {
        hurt[Int.random(in: hurt.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      var tally = RequestTally(started: WallTime(nanoseconds: 0))
      GunicornMetric.read(hurt.span) { _, metric in tally.take(metric) }
      _ = tally.status()
    }
  }

  @Test func latenciesAreOnlySaidWhereEverySingleOneIsKnown() {
    var tally = RequestTally(started: WallTime(nanoseconds: 0))
    tally.take(.duration(1000, isEvery: false))
    #expect(tally.status().latencies == nil)
    tally.take(.duration(1000, isEvery: true))
    tally.noteLoss()
    #expect(tally.status().latencies == nil)
    for _ in 0...RequestTally.durationLimit { tally.take(.duration(1, isEvery: true)) }
    let status = tally.status()
    #expect(status.latencies == nil && status.microseconds == 2000 + Int64(RequestTally.durationLimit) + 1)
    tally.take(.duration(7, isEvery: true))
    #expect(tally.status().latencies?.p50 == 7)
  }

  @Test func orderStatisticsAreThoseOfTheNearestRank() {
    var tally = RequestTally(started: WallTime(nanoseconds: 0))
    for duration in (1...200).reversed() { tally.take(.duration(Int64(duration), isEvery: true)) }
    #expect(
      tally.status().latencies
        == WorkerStatus.Latencies(count: 200, p50: 100, p95: 190, p99: 198, longest: 200))
  }
}
