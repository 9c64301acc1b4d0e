import Cluster
import TestSupport
import Testing
import Wire

/// The recorded replies of the application servers, whole and cut.
@Suite struct WorkerStatusTests {
  /// 2026-11-21T09:17:39Z, when Apache was asked.
  static let now = WallTime(nanoseconds: 1_795_252_659_000_000_000)

  static func apache(_ text: String, now: WallTime = now) throws(ReplyFault) -> WorkerStatus {
    try WorkerStatus(apache: Array(text.utf8).span, now: now)
  }

  // MARK: Apache

  @Test func apachesRecordedPageIsRead() throws {
    let bytes = try Fixture.bytes("apache/2.4/status_auto.txt")
    #expect(
      try WorkerStatus(apache: bytes.span, now: Self.now)
        == WorkerStatus(
          requests: 3, microseconds: 1000, busy: 1, idle: 24, connections: 0, started: 1_795_252_657))
  }

  @Test func withoutExtendedStatusApacheHasNoTotals() throws {
    let bytes = try Fixture.bytes("apache/2.4/status_auto_extended_off.txt")
    #expect(
      try WorkerStatus(apache: bytes.span, now: Self.now)
        == WorkerStatus(busy: 1, idle: 24, connections: 0, started: 1_795_252_657))
  }

  @Test func apachesStartIsKnownInWhicheverZoneItsHostIs() throws {
    func page(_ current: String, _ restart: String) -> String {
      "CurrentTime: \(current)\nRestartTime: \(restart)\nBusyWorkers: 1\nScoreboard: W\n"
    }
    // The clocks of both hosts differ by some seconds, too.
    let india = page("Saturday, 21-Nov-2026 14:47:50 IST", "Saturday, 21-Nov-2026 14:47:37 IST")
    #expect(try Self.apache(india).started == 1_795_252_657)
    let west = page("Saturday, 21-Nov-2026 01:17:39 PST", "Saturday, 21-Nov-2026 01:17:37 PST")
    #expect(try Self.apache(west).started == 1_795_252_657)
    let changed = page("Saturday, 21-Nov-2026 10:17:39 CET", "Saturday, 03-Oct-2026 01:17:37 CEST")
    #expect(try Self.apache(changed).started == nil)
    #expect(try Self.apache(page("nonsense", "31-Feb")).started == nil)
  }

  @Test func apachesPageCutAnywhereIsAFault() throws {
    for path in try Fixture.files(in: "apache/2.4", ending: ".txt") {
      let bytes = try Fixture.bytes(path)
      for cut in bytes.indices {
        #expect(throws: ReplyFault.self, "\(path) cut at \(cut)") {
          try WorkerStatus(apache: Array(bytes[..<cut]).span, now: Self.now)
        }
      }
    }
  }

  @Test func anotherPageIsNotApaches() {
    #expect(throws: ReplyFault.notOf(.apache, beginning: "<html>")) {
      try Self.apache("<html>\n<h1>Apache Status</h1>\n")
    }
    #expect(throws: ReplyFault.notOf(.apache, beginning: "")) { try Self.apache("") }
    #expect(throws: ReplyFault.missingColumn("BusyWorkers")) { try Self.apache("Scoreboard: _\n") }
    #expect(throws: ReplyFault.notANumber("-1", column: "BusyWorkers", line: 1)) {
      try Self.apache("BusyWorkers: -1\nScoreboard: _\n")
    }
    #expect(throws: ReplyFault.notANumber("many", column: "Total Accesses", line: 1)) {
      try Self.apache("Total Accesses: many\nBusyWorkers: 1\nScoreboard: _\n")
    }
  }

  @Test func whatOtherModulesOfApacheAddDoesNoHarm() throws {
    let status = try Self.apache(
      "Total Accesses: 99999999999999999999\nTotal Duration: 99999999999999999999\nBusyWorkers: 1\n"
        + "IdleWorkers: 2\nScoreboard: _W_\nTLSSessionCacheStatus\nCacheType: SHMCB")
    #expect(status.requests == .max && status.microseconds == .max && status.idle == 2)
  }

  // MARK: PHP-FPM

  @Test func phpFPMsRecordedPagesAreRead() throws {
    let steady = try Fixture.bytes("php-fpm/8.2/status_json.txt")
    #expect(
      try WorkerStatus(phpFPM: steady.span)
        == WorkerStatus(
          requests: 5, busy: 1, idle: 0, queue: 0, queueLimit: 4096, exhausted: 0, slow: 0,
          started: 1_795_251_491))
    let full = try Fixture.bytes("php-fpm/8.2/status_json_full_saturated.txt")
    let saturated = try WorkerStatus(phpFPM: full.span)
    #expect(saturated.requests == 2 && saturated.queue == 5 && saturated.busy == 1)
    let free = try Fixture.bytes("php-fpm/8.2/status_json_saturated_then_free.txt")
    #expect(try WorkerStatus(phpFPM: free.span).exhausted == 1)
  }

  @Test func phpFPMsPageCutAnywhereIsTruncated() throws {
    for path in try Fixture.files(in: "php-fpm/8.2", ending: ".txt") {
      let bytes = try Fixture.bytes(path)
      for cut in bytes.indices.dropFirst() {
        #expect(throws: ReplyFault.truncated(line: 1), "\(path) cut at \(cut)") {
          try WorkerStatus(phpFPM: Array(bytes[..<cut]).span)
        }
      }
    }
  }

  @Test func anotherPageIsNotPHPFPMs() {
    func read(_ text: String) throws(ReplyFault) -> WorkerStatus {
      try WorkerStatus(phpFPM: Array(text.utf8).span)
    }
    #expect(throws: ReplyFault.notOf(.phpFPM, beginning: "File not found.")) { try read("File not found.\n") }
    #expect(throws: ReplyFault.notOf(.phpFPM, beginning: "")) { try read("") }
    #expect(throws: ReplyFault.notOf(.phpFPM, beginning: "{}")) { try read("{}") }
    #expect(throws: ReplyFault.missingColumn("accepted conn")) { try read(#"{"pool":"www"}"#) }
    #expect(throws: ReplyFault.notOf(.phpFPM, beginning: "accepted conn")) {
      try read(#"{"pool":"www","accepted conn":"5"}"#)
    }
  }

  // MARK: uWSGI

  @Test func uwsgisRecordedStatisticsAreTheSumOfItsWorkers() throws {
    let bytes = try Fixture.bytes("uwsgi/2.0.21/stats_under_load.txt")
    #expect(
      try WorkerStatus(uwsgi: bytes.span)
        == WorkerStatus(
          requests: 836, errors: 0, microseconds: 615120, busy: 0, idle: 4, queue: 0, queueLimit: 100))
  }

  @Test func uwsgisCoresAtWorkAreCountedAndWorkersPutAwayAreNot() throws {
    let text = """
      {"listen_queue":7,"sockets":[{"max_queue":0}],"workers":[
        {"status":"busy","requests":5,"exceptions":2,"running_time":9,
         "cores":[{"in_request":1},{"in_request":0}]},
        {"status":"cheap","requests":3,"exceptions":1,"running_time":1,"cores":[{"in_request":0}]},
        {"status":"busy","requests":1},{"status":"idle"}]}
      """
    #expect(
      try WorkerStatus(uwsgi: Array(text.utf8).span)
        == WorkerStatus(requests: 9, errors: 3, microseconds: 10, busy: 2, idle: 2, queue: 7))
  }

  @Test func uwsgisStatisticsCutAnywhereAreAFault() throws {
    for path in try Fixture.files(in: "uwsgi/2.0.21", ending: ".txt") {
      let bytes = try Fixture.bytes(path)
      let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
      for cut in 0...end {
        #expect(throws: ReplyFault.self, "\(path) cut at \(cut)") {
          try WorkerStatus(uwsgi: Array(bytes[..<cut]).span)
        }
      }
    }
  }

  @Test func somethingElseIsNotUWSGIs() {
    func read(_ text: String) throws(ReplyFault) -> WorkerStatus {
      try WorkerStatus(uwsgi: Array(text.utf8).span)
    }
    #expect(throws: ReplyFault.notOf(.uwsgi, beginning: "HTTP/1.1 400")) { try read("HTTP/1.1 400\n") }
    #expect(throws: ReplyFault.notOf(.uwsgi, beginning: "[1]")) { try read("[1]") }
    #expect(throws: ReplyFault.missingColumn("workers")) { try read(#"{"listen_queue":0}"#) }
  }

  @Test func bytesOfChanceInARecordedReplyNeverCrash() throws {
    var random = SeededRandom(seed: 7)
    let paths = ["apache/2.4/status_auto.txt", "php-fpm/8.2/status_json.txt", "uwsgi/2.0.21/stats.txt"]
    for path in paths {
      let bytes = try Fixture.bytes(path)
      for _ in 0..<300 {
        var hurt = bytes
        for _ in 0..<4 {
          hurt[Int.random(in: hurt.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try? WorkerStatus(apache: hurt.span, now: Self.now)
        _ = try? WorkerStatus(phpFPM: hurt.span)
        _ = try? WorkerStatus(uwsgi: hurt.span)
      }
    }
  }
}
