import Cluster
import Testing

@testable import Dashboard

@Suite struct WordingTests {
  @Test func aFailureSaysWhatToDo() {
    #expect(
      ReadFailure.accessDenied(path: "/run/x.sock").words
        == "permission denied on /run/x.sock: run as a member of its group (ls -l shows it), or as root")
    #expect(ReadFailure.timedOut(after: .milliseconds(500), received: 0).words == "no answer within 500 ms")
    #expect(ReadFailure.system(errno: 113, doing: "connect").words == "connect: no route to the host")
    #expect(ReadFailure.http(status: 404).words == "HTTP 404: there is no such page")
    #expect(ReadFailure.tooLarge(limit: 64 << 20).words == "the answer is larger than 64 MiB: cut off")
  }

  @Test func everyFailureHasWordsOnOneLine() {
    let failures: [ReadFailure] = [
      .missing(path: "/x"), .accessDenied(path: "/x"), .refused, .unresolved(host: "h"),
      .system(errno: 4711, doing: "read"), .timedOut(after: .seconds(30), received: 7),
      .truncated(received: 0),
      .truncated(received: 9), .tooLarge(limit: 1), .denied(words: "Permission denied"), .http(status: 500),
      .transfer(words: ""), .malformed(.notStat(beginning: "")), .tunnel(words: ""),
      .secretMissing(name: "X"),
    ]
    for failure in failures {
      #expect(!failure.words.isEmpty)
      #expect(!failure.words.contains("\n"))
    }
  }

  @Test func aVerdictSaysWhy() {
    #expect(Verdict(.up).words == "up")
    #expect(
      Verdict(.degraded, .errorRate(0.081, limit: 0.02)).words == "degraded: errors 8.10 % > 2 %")
    #expect(
      Verdict(.down, .check(code: "L4CON", words: "Connection refused")).words
        == "down: no connection (L4CON): Connection refused")
    #expect(
      Verdict(.degraded, .inUse(151, of: 151, .connections, limit: 0.9)).words
        == "degraded: connections 151 of 151: none is left")
    #expect(
      Verdict(.degraded, .inUse(97, of: 100, .connections, limit: 0.9)).words
        == "degraded: connections 97 of 100: 97.0 % > 90 %")
    #expect(
      Verdict(.degraded, .inUse(400, of: 400, .frontend("www"), limit: 0.9)).words
        == "degraded: connections 400 of 400 on www: none is left")
    #expect(Verdict(.draining, .sessionsLeft(41)).words == "draining: 41 sessions left")
    #expect(Verdict(.stale, .silent(.seconds(22), nil)).words == "stale: no answer for 22s")
    #expect(
      Verdict(.up, .pageSilent(.seconds(12), .truncated(received: 0))).words
        .hasPrefix("up: its own status page does not answer for 12s: "))
  }

  @Test func aMarkFitsItsColumn() {
    let verdicts: [Verdict] = HealthState.allCases.flatMap { state in
      [
        Verdict(state), Verdict(state, .disagreement(state: state, count: 1, of: 2)),
        Verdict(state, .silent(.seconds(86_400 * 3), nil)), Verdict(state, .goingDown(passed: 1, of: 3)),
      ]
    }
    for verdict in verdicts where verdict.state != .degraded || verdict.mark != "degraded 1/3" {
      #expect(verdict.mark.columns <= 12)
    }
    #expect(Verdict(.draining, .disagreement(state: .draining, count: 1, of: 2)).mark == "drain 1/2")
    #expect(Verdict(.stale, .silent(.seconds(22), nil)).mark == "stale 22s")
  }

  @Test func anEventSaysWhatChanged() {
    let server = ServerID(backend: "web", server: "web1")
    #expect(
      Event.Change.health(from: .up, to: Verdict(.down)).words == "was up, now down")
    // What is not well of something that is up is not why it is up.
    #expect(
      Event.Change.health(from: .down, to: Verdict(.up, .pageSilent(.seconds(7), .refused))).words
        == "was down, now up, but its own status page does not answer for 7s: \(ReadFailure.refused.words)")
    #expect(
      Event.Change.admin(server, from: .ready, to: .drain, by: nil).words
        == "web/web1 ready → drain, not by tiertop"
    )
    #expect(
      Event.Change.reset(.haproxy, reason: .newProcess(pid: 7)).words
        == "HAProxy was reloaded or restarted (now pid 7): its counters began again, there is a gap")
  }
}
