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

  @Test(
    arguments: [
      (.queue(12, limit: 10), "12 requests wait in the queue > 10"),
      (.slowerThanOthers(900, others: 40), "latency avg 900 ms, the others like it 40 ms"),
      (
        .connectionsDropped(1),
        "1 connection was dropped: its worker_connections, or its open files, are used up"
      ),
      (
        .server(ServerID(backend: "api", server: "web1"), state: .down, count: 1, of: 4),
        "api/web1 is down (1 of 4 servers)"
      ),
      (
        .lost(.drain, on: [NodeName("lb1"), NodeName("lb2")], .other, at: Site.start),
        "drain lost on lb1, lb2 (changed, not by tiertop)"
      ),
      (.comingUp(passed: 1, of: 2), "its health check passes again, 1/2 until it is up"),
      (.sessionsLeft(1), "1 session left"),
      (.zeroWeight, "its weight is 0: it takes nothing new"),
      (.maintenance(words: ""), "in maintenance"),
      (.maintenance(words: "MAINT (via web/web2)"), "MAINT (via web/web2)"),
      (.backendDown(backend: "web"), "backend web has no server left"),
      (.stopping, "its process is stopping"),
      (
        .severalProcesses,
        "several processes answer behind one socket: their counters cannot be told apart"
      ),
      (.silent(.milliseconds(40), .refused), "connection refused: nothing listens there"),
      (.silent(.milliseconds(40), nil), "no answer"),
      (.workersBusy(4, waiting: 17), "all 4 workers are busy, 17 requests wait"),
      (.neverRead(nil), "waiting for the first reading"),
      (.neverRead(.refused), "never read: connection refused: nothing listens there"),
      (.notSeen, "nothing that is polled knows of it"),
    ] as [(HealthReason, String)])
  func whatIsWrongWithAServerIsSaidInWordsThatHelp(reason: HealthReason, words: String) {
    #expect(reason.words == words)
  }

  @Test(
    arguments: [
      (.replicationBroken(.stopped, applying: .stopped, words: ""), "replication is stopped"),
      (
        .replicationBroken(.stopped, applying: .running, words: ""),
        "it receives nothing from its primary: stopped"
      ),
      (
        .replicationBroken(.connecting, applying: .running, words: "Access denied"),
        "it cannot connect to its primary: Access denied"
      ),
      (
        .replicationBroken(.running, applying: .stopped, words: "Duplicate entry"),
        "it receives, and does not apply what it receives: Duplicate entry"
      ),
      (.replicationLag(42, limit: 10), "42s behind its primary > 10s"),
      (
        .followsWrong(NodeName("db1"), follows: ""), "it follows nobody, and should follow db1"
      ),
      (.followsWrong(NodeName("db1"), follows: "db7"), "it follows db7, and should follow db1"),
      (
        .secondPrimary(NodeName("db1")),
        "two primaries: it takes writes, as db1 does, and does not follow it"
      ),
      (.readOnlyPrimary, "it is the primary, and refuses writes"),
      (.routerFault, "keepalived is in FAULT: it cannot hold the virtual address"),
      (.addressNotHeld, "no load balancer holds it"),
      (.addressHeldTwice([NodeName("lb1"), NodeName("lb2")]), "split brain: lb1 and lb2 both hold it"),
      (.addressSilent(.milliseconds(40)), "nobody answers there"),
      (.addressSilent(.seconds(9)), "nobody answers there for 9s"),
      (.nameNotFound(code: 0), "the name has no address"),
      (.nameNotFound(code: 2), "the name server has failed (SERVFAIL)"),
      (.nameNotFound(code: 3), "there is no such name (NXDOMAIN)"),
      (.nameNotFound(code: 5), "the name server refuses to answer (REFUSED)"),
      (.nameNotFound(code: 4), "the name server answers with error 4"),
      (.nameElsewhere(["192.0.2.1"]), "it leads to 192.0.2.1, none of which is this cluster"),
      (
        .pathClosed(
          .init(host: "10.77.2.11", port: 80), .unreachable,
          PathEnds(from: NodeName("lb1"), to: NodeName("web1"))),
        "closed: lb1 does not reach web1 at 10.77.2.11:80: unreachable"
      ),
      (
        .pathOpen(.init(host: "10.77.4.11", port: 22), PathEnds()),
        "open: what is before it reaches 10.77.4.11:22, and should not"
      ),
    ] as [(HealthReason, String)])
  func whatIsWrongWithWhatIsBetweenThemIsSaidInWordsThatHelp(reason: HealthReason, words: String) {
    #expect(reason.words == words)
  }

  @Test(
    arguments: [
      ("UNK", "health not known yet (UNK)"), ("INI", "health check not run yet (INI)"),
      ("SOCKERR", "health check: socket error (SOCKERR)"), ("L4TOUT", "connection timed out (L4TOUT)"),
      ("L6RSP", "TLS handshake failed (L6RSP)"), ("L6TOUT", "TLS handshake timed out (L6TOUT)"),
      ("L7RSP", "the health check's answer is not valid (L7RSP)"),
      ("L7TOUT", "the health check's answer timed out (L7TOUT)"),
      ("* L7STS", "the health check's answer is an error (* L7STS)"),
      ("PROCERR", "the check program failed (PROCERR)"),
      ("PROCTOUT", "the check program timed out (PROCTOUT)"), ("", "health check failed"),
      ("L9NEW", "health check (L9NEW)"),
    ])
  func whatAHealthCheckSaysIsExplained(code: String, words: String) {
    #expect(HealthReason.check(code: code, words: "").words == words)
  }

  @Test(
    arguments: [
      (.notInfo(beginning: ""), "not an answer to \"show info\": it is empty"),
      (.notServersState(beginning: "2"), "not an answer to \"show servers state\": \"2\""),
      (.notStubStatus(beginning: "<html>"), "not an Nginx status page: \"<html>\""),
      (.missingColumn("svname"), "the answer has no column svname"),
      (.brokenRow(line: 7), "line 7 of the answer is broken"),
      (
        .notANumber("many", column: "scur", line: 3),
        "line 3 of the answer: scur is \"many\", which is not a number"
      ),
      (.tooManyRows(limit: 100), "the answer has more than 100 rows"),
      (.truncated(line: 9), "the answer breaks off at line 9"),
      (
        .missingServer(ServerID(backend: "web", server: "web1")), "the answer says nothing of web/web1"
      ),
    ] as [(ReplyFault, String)])
  func whatWasWrongWithAReplyIsSaid(fault: ReplyFault, words: String) {
    #expect(ReadFailure.malformed(fault).words == words)
  }

  @Test(
    arguments: [
      (.unsuited, "this cannot be asked at such a place"),
      (
        .login(words: "Access denied for user 'tiertop'"),
        "it does not let this user in: Access denied for user 'tiertop'"
      ),
      (.command(words: ""), "the command failed"), (.command(words: "no such table"), "no such table"),
      (
        .nothingSent,
        "nothing was sent here yet: does gunicorn have this address as --statsd-host?"
      ),
      (
        .notWritten(path: "/run/keepalived.json"),
        "nothing at /run/keepalived.json: is the program running, and is it told to write there?"
      ),
      (.onlyAPage, "a page can only be read: to change something its \"stats socket\" is needed"),
      (.http(status: 401), "HTTP 401: it wants a user and a password"),
      (.http(status: 403), "HTTP 403: this host is not allowed to read the page"),
    ] as [(ReadFailure, String)])
  func whatCannotBeReadSaysWhatIsMissing(failure: ReadFailure, words: String) {
    #expect(failure.words == words)
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
