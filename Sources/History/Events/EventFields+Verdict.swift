import Cluster
import Wire

extension EventFields {
  mutating func set(_ key: String, _ verdict: Verdict) {
    line[key] = verdict.state.rawValue
    if let reason = verdict.reason { set(key + ".reason", reason) }
  }

  func verdict(_ key: String) throws(EventFault) -> Verdict {
    Verdict(
      try word(key, of: HealthState.self),
      line[key + ".reason"] == nil ? nil : try healthReason(key + ".reason"))
  }

  private mutating func set(_ key: String, _ reason: HealthReason) {
    func limit(_ word: String, _ value: String, _ limit: String) {
      line[key] = word
      line[key + ".value"] = value
      line[key + ".limit"] = limit
    }
    func share(_ word: String, _ count: Int, _ of: Int) {
      line[key] = word
      line[key + ".count"] = String(count)
      line[key + ".of"] = String(of)
    }
    switch reason {
    case .errorRate(let rate, let most): limit("error-rate", "\(rate)", "\(most)")
    case .latency(let latency, let most): limit("latency", "\(latency)", "\(most)")
    case .queue(let queue, let most): limit("queue", "\(queue)", "\(most)")
    case .sessionShare(let share, let most): limit("session-share", "\(share)", "\(most)")
    case .check(let code, let words):
      line[key] = "check"
      line[key + ".code"] = code
      line[key + ".words"] = words
    case .goingDown(let passed, let of): share("going-down", passed, of)
    case .comingUp(let passed, let of): share("coming-up", passed, of)
    case .sessionsLeft(let count):
      line[key] = "sessions-left"
      set(key + ".count", count)
    case .disagreement(let state, let count, let of):
      share("disagreement", count, of)
      line[key + ".state"] = state.rawValue
    case .server(let server, let state, let count, let of):
      share("server", count, of)
      line[key + ".state"] = state.rawValue
      set(key, server)
    case .lost(let wish, let nodes, let cause, let at):
      line[key] = "lost"
      set(key + ".wish", wish)
      // A node's name is never empty in a cluster, so as many names as servers without one.
      set(key + ".on", nodes.map { ServerID(backend: "", server: $0.text) })
      set(key + ".cause", cause)
      line[key + ".at"] = at.rfc3339Nanoseconds
    case .zeroWeight: line[key] = "zero-weight"
    case .maintenance(let words):
      line[key] = "maintenance"
      line[key + ".words"] = words
    case .backendDown(let backend):
      line[key] = "backend-down"
      line[key + ".backend"] = backend
    case .stopping: line[key] = "stopping"
    case .severalProcesses: line[key] = "several-processes"
    case .silent(let duration, let failure):
      line[key] = "silent"
      set(key + ".for", duration.nanoseconds)
      if let failure { set(key + ".failure", failure) }
    case .pageSilent(let duration, let failure):
      line[key] = "page-silent"
      if let duration { set(key + ".for", duration.nanoseconds) }
      set(key + ".failure", failure)
    case .neverRead(let failure):
      line[key] = "never-read"
      if let failure { set(key + ".failure", failure) }
    case .notSeen: line[key] = "not-seen"
    }
  }

  private func healthReason(_ key: String) throws(EventFault) -> HealthReason {
    switch try text(key) {
    case "error-rate": .errorRate(try double(key + ".value"), limit: try double(key + ".limit"))
    case "latency": .latency(try double(key + ".value"), limit: try double(key + ".limit"))
    case "queue": .queue(try number(key + ".value"), limit: try number(key + ".limit"))
    case "session-share": .sessionShare(try double(key + ".value"), limit: try double(key + ".limit"))
    case "check": .check(code: try text(key + ".code"), words: try text(key + ".words"))
    case "going-down": .goingDown(passed: try int(key + ".count"), of: try int(key + ".of"))
    case "coming-up": .comingUp(passed: try int(key + ".count"), of: try int(key + ".of"))
    case "sessions-left": .sessionsLeft(try number(key + ".count"))
    case "disagreement":
      .disagreement(
        state: try word(key + ".state", of: HealthState.self), count: try int(key + ".count"),
        of: try int(key + ".of"))
    case "server":
      .server(
        try server(key), state: try word(key + ".state", of: HealthState.self),
        count: try int(key + ".count"), of: try int(key + ".of"))
    case "lost":
      .lost(
        try wish(key + ".wish"), on: try servers(key + ".on").map { NodeName($0.server) },
        try cause(key + ".cause"), at: try time(key + ".at"))
    case "zero-weight": .zeroWeight
    case "maintenance": .maintenance(words: try text(key + ".words"))
    case "backend-down": .backendDown(backend: try text(key + ".backend"))
    case "stopping": .stopping
    case "several-processes": .severalProcesses
    case "silent": .silent(try duration(key + ".for"), try failureIfAny(key + ".failure"))
    case "page-silent":
      .pageSilent(
        line[key + ".for"] == nil ? nil : try duration(key + ".for"), try failure(key + ".failure"))
    case "never-read": .neverRead(try failureIfAny(key + ".failure"))
    case "not-seen": .notSeen
    default: throw .invalid(key: key)
    }
  }

  private func failureIfAny(_ key: String) throws(EventFault) -> ReadFailure? {
    line[key] == nil ? nil : try failure(key)
  }
}
