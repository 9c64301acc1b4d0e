public import Cluster

extension HealthReason {
  /// The reason in words that a person can act on; one line.
  public var words: String {
    switch self {
    case .errorRate(let rate, let limit):
      "errors \(Figures.percent(rate)) > \(Figures.limit(limit))"
    case .latency(let latency, let limit):
      "latency avg \(Figures.latency(latency)) > \(Figures.latency(limit))"
    case .slowerThanOthers(let latency, let others):
      "latency avg \(Figures.latency(latency)), the others like it \(Figures.latency(others))"
    case .queue(let queue, let limit):
      "\(queue) requests wait in the queue > \(limit)"
    case .inUse(let used, let all, let slots, let limit):
      "\(slots.word) \(used) of \(all)\(slots.place): "
        + (used >= all
          ? "none is left"
          : "\(Figures.percent(Double(used) / Double(max(1, all)))) > \(Figures.limit(limit))")
    case .connectionsDropped(let count):
      "\(count == 1 ? "1 connection was" : "\(count) connections were") dropped: "
        + "its worker_connections, or its open files, are used up"
    case .check(let code, let words):
      Self.checkWords(code: code, words: words)
    case .goingDown(let passed, let of):
      "its health check fails, \(passed)/\(of) left before it is down"
    case .comingUp(let passed, let of):
      "its health check passes again, \(passed)/\(of) until it is up"
    case .sessionsLeft(let sessions):
      sessions == 1 ? "1 session left" : "\(sessions) sessions left"
    case .disagreement(let state, let count, let of):
      "the load balancers disagree: \(state.word) on \(count) of \(of)"
    case .server(let server, let state, let count, let of):
      "\(server) is \(state.word) (\(count) of \(of) servers)"
    case .lost(let wish, let balancers, let cause, _):
      "\(wish.word) lost on \(balancers.map(\.text).joined(separator: ", ")) (\(cause.words))"
    case .zeroWeight:
      "its weight is 0: it takes nothing new"
    case .maintenance(let words):
      words.isEmpty ? "in maintenance" : words
    case .backendDown(let backend):
      "backend \(backend) has no server left"
    case .stopping:
      "its process is stopping"
    case .severalProcesses:
      "several processes answer behind one socket: their counters cannot be told apart"
    case .silent(let duration, let failure):
      duration < .seconds(1)
        ? failure?.words ?? "no answer"
        : "no answer for \(Figures.span(duration))" + (failure.map { ": \($0.words)" } ?? "")
    case .pageSilent(let duration, let failure):
      "its own status page does not answer"
        + (duration.map { " for \(Figures.span($0))" } ?? "") + ": \(failure.words)"
    case .workersBusy(let busy, let waiting):
      "all \(busy) workers are busy, \(waiting) requests wait"
    case .replicationBroken(let receiving, let applying, let words):
      Self.replicationWords(receiving, applying) + (words.isEmpty ? "" : ": \(words)")
    case .replicationLag(let lag, let limit):
      "\(Figures.span(.seconds(lag))) behind its primary > \(Figures.span(.seconds(limit)))"
    case .followsWrong(let primary, let follows):
      follows.isEmpty
        ? "it follows nobody, and should follow \(primary)"
        : "it follows \(follows), and should follow \(primary)"
    case .secondPrimary(let primary):
      "two primaries: it takes writes, as \(primary) does, and does not follow it"
    case .readOnlyPrimary:
      "it is the primary, and refuses writes"
    case .routerFault:
      "keepalived is in FAULT: it cannot hold the virtual address"
    case .addressNotHeld:
      "no load balancer holds it"
    case .addressHeldTwice(let nodes):
      "split brain: \(nodes.map(\.text).joined(separator: " and ")) both hold it"
    case .addressSilent(let duration):
      "nobody answers there" + (duration < .seconds(1) ? "" : " for \(Figures.span(duration))")
    case .nameNotFound(let code):
      Self.nameWords(code)
    case .nameElsewhere(let addresses):
      "it leads to \(addresses.joined(separator: ", ")), none of which is this cluster"
    case .pathClosed(let address, let state, let ends):
      "closed: \(ends.start) does not reach \(ends.end(at: address)): \(state.word)"
    case .pathOpen(let address, let ends):
      "open: \(ends.start) reaches \(ends.end(at: address)), and should not"
    case .neverRead(let failure):
      failure.map { "never read: \($0.words)" } ?? "waiting for the first reading"
    case .notSeen:
      "nothing that is polled knows of it"
    }
  }

  private static func replicationWords(
    _ receiving: DatabaseStatus.Progress, _ applying: DatabaseStatus.Progress
  ) -> String {
    switch (receiving, applying) {
    case (.stopped, .stopped): "replication is stopped"
    case (.stopped, _): "it receives nothing from its primary: stopped"
    case (.connecting, _): "it cannot connect to its primary"
    case (.running, _): "it receives, and does not apply what it receives"
    }
  }

  /// Response codes of name servers in words (RFC 1035, 4.1.1).
  private static func nameWords(_ code: UInt8) -> String {
    switch code {
    case 0: "the name has no address"
    case 2: "the name server has failed (SERVFAIL)"
    case 3: "there is no such name (NXDOMAIN)"
    case 5: "the name server refuses to answer (REFUSED)"
    default: "the name server answers with error \(code)"
    }
  }

  /// HAProxy's check codes in words (management guide 9.1, `check_status`).
  private static func checkWords(code: String, words: String) -> String {
    let meaning =
      switch code.hasPrefix("* ") ? String(code.dropFirst(2)) : code {
      case "UNK": "health not known yet"
      case "INI": "health check not run yet"
      case "SOCKERR": "health check: socket error"
      case "L4TOUT": "connection timed out"
      case "L4CON": "no connection"
      case "L6RSP": "TLS handshake failed"
      case "L6TOUT": "TLS handshake timed out"
      case "L7RSP": "the health check's answer is not valid"
      case "L7TOUT": "the health check's answer timed out"
      case "L7STS": "the health check's answer is an error"
      case "PROCERR": "the check program failed"
      case "PROCTOUT": "the check program timed out"
      case "": "health check failed"
      default: "health check"
      }
    let tag = code.isEmpty ? "" : " (\(code))"
    return words.isEmpty ? meaning + tag : "\(meaning)\(tag): \(words)"
  }
}

extension HealthReason.Slots {
  fileprivate var word: String { self == .sessions ? "sessions" : "connections" }

  fileprivate var place: String {
    if case .frontend(let name) = self { return " on \(name)" }
    return ""
  }
}

extension PathEnds {
  fileprivate var start: String { from?.text ?? "what is before it" }

  fileprivate func end(at address: SocketAddress) -> String {
    to.map { "\($0) at \(address)" } ?? "\(address)"
  }
}
