public import Cluster

extension HealthReason {
  /// The reason in words that a person can act on; one line.
  public var words: String {
    switch self {
    case .errorRate(let rate, let limit):
      "errors \(Figures.percent(rate)) > \(Figures.limit(limit))"
    case .latency(let latency, let limit):
      "latency avg \(Figures.latency(latency)) > \(Figures.latency(limit))"
    case .queue(let queue, let limit):
      "\(queue) requests wait in the queue > \(limit)"
    case .sessionShare(let share, let limit):
      "\(Figures.percent(share)) of its sessions in use > \(Figures.limit(limit))"
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
      "no answer for \(Figures.span(duration))" + (failure.map { ": \($0.words)" } ?? "")
    case .pageSilent(let duration, let failure):
      "its own status page does not answer"
        + (duration.map { " for \(Figures.span($0))" } ?? "") + ": \(failure.words)"
    case .neverRead(let failure):
      failure.map { "never read: \($0.words)" } ?? "waiting for the first reading"
    case .notSeen:
      "nothing that is polled knows of it"
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
