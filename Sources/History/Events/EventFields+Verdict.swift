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

  mutating func set(_ key: String, _ reason: HealthReason) {
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
    case .slowerThanOthers(let latency, let others): limit("slower-than-others", "\(latency)", "\(others)")
    case .queue(let queue, let most): limit("queue", "\(queue)", "\(most)")
    case .inUse(let used, let all, let slots, let most):
      limit("in-use", "\(used)", "\(most)")
      set(key + ".of", all)
      switch slots {
      case .sessions: line[key + ".slots"] = "sessions"
      case .connections: line[key + ".slots"] = "connections"
      case .frontend(let name): line[key + ".frontend"] = name
      }
    case .connectionsDropped(let count):
      line[key] = "connections-dropped"
      set(key + ".count", count)
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
    case .workersBusy(let busy, let waiting): limit("workers-busy", "\(busy)", "\(waiting)")
    case .replicationBroken(let receiving, let applying, let words):
      line[key] = "replication-broken"
      set(key + ".receiving", Int64(receiving.rawValue))
      set(key + ".applying", Int64(applying.rawValue))
      line[key + ".words"] = words
    case .replicationLag(let lag, let most): limit("replication-lag", "\(lag)", "\(most)")
    case .followsWrong(let primary, let follows):
      line[key] = "follows-wrong"
      line[key + ".primary"] = primary.text
      line[key + ".follows"] = follows
    case .secondPrimary(let primary):
      line[key] = "second-primary"
      line[key + ".primary"] = primary.text
    case .readOnlyPrimary: line[key] = "read-only-primary"
    case .routerFault: line[key] = "router-fault"
    case .addressNotHeld: line[key] = "address-not-held"
    case .addressHeldTwice(let nodes):
      line[key] = "address-held-twice"
      set(key + ".by", nodes.map { ServerID(backend: "", server: $0.text) })
    case .addressSilent(let duration):
      line[key] = "address-silent"
      set(key + ".for", duration.nanoseconds)
    case .nameNotFound(let code):
      line[key] = "name-not-found"
      set(key + ".code", Int64(code))
    case .nameElsewhere(let addresses):
      line[key] = "name-elsewhere"
      line[key + ".addresses"] = addresses.joined(separator: " ")
    case .pathClosed(let address, let state, let ends):
      line[key] = "path-closed"
      line[key + ".address"] = address.description
      set(key + ".state", Int64(state.rawValue))
      set(key, ends)
    case .pathOpen(let address, let ends):
      line[key] = "path-open"
      line[key + ".address"] = address.description
      set(key, ends)
    case .neverRead(let failure):
      line[key] = "never-read"
      if let failure { set(key + ".failure", failure) }
    case .notSeen: line[key] = "not-seen"
    }
  }

  func healthReason(_ key: String) throws(EventFault) -> HealthReason {
    switch try text(key) {
    case "error-rate": .errorRate(try double(key + ".value"), limit: try double(key + ".limit"))
    case "latency": .latency(try double(key + ".value"), limit: try double(key + ".limit"))
    case "slower-than-others":
      .slowerThanOthers(try double(key + ".value"), others: try double(key + ".limit"))
    case "queue": .queue(try number(key + ".value"), limit: try number(key + ".limit"))
    case "in-use":
      .inUse(
        try number(key + ".value"), of: try number(key + ".of"), try slots(key),
        limit: try double(key + ".limit"))
    case "connections-dropped": .connectionsDropped(try number(key + ".count"))
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
    case "workers-busy": .workersBusy(try number(key + ".value"), waiting: try number(key + ".limit"))
    case "replication-broken":
      .replicationBroken(
        try raw(key + ".receiving"), applying: try raw(key + ".applying"), words: try text(key + ".words"))
    case "replication-lag":
      .replicationLag(try double(key + ".value"), limit: try double(key + ".limit"))
    case "follows-wrong":
      .followsWrong(NodeName(try text(key + ".primary")), follows: try text(key + ".follows"))
    case "second-primary": .secondPrimary(NodeName(try text(key + ".primary")))
    case "read-only-primary": .readOnlyPrimary
    case "router-fault": .routerFault
    case "address-not-held": .addressNotHeld
    case "address-held-twice": .addressHeldTwice(try servers(key + ".by").map { NodeName($0.server) })
    case "address-silent": .addressSilent(try duration(key + ".for"))
    case "name-not-found": .nameNotFound(code: UInt8(clamping: try number(key + ".code")))
    case "name-elsewhere":
      .nameElsewhere(try text(key + ".addresses").split(separator: " ").map(String.init))
    case "path-closed":
      .pathClosed(try address(key + ".address"), try raw(key + ".state"), ends(key))
    case "path-open": .pathOpen(try address(key + ".address"), ends(key))
    case "never-read": .neverRead(try failureIfAny(key + ".failure"))
    case "not-seen": .notSeen
    default: throw .invalid(key: key)
    }
  }

  private func slots(_ key: String) throws(EventFault) -> HealthReason.Slots {
    if line[key + ".frontend"] != nil { return .frontend(try text(key + ".frontend")) }
    switch try text(key + ".slots") {
    case "sessions": return .sessions
    case "connections": return .connections
    default: throw .invalid(key: key + ".slots")
    }
  }

  private mutating func set(_ key: String, _ ends: PathEnds) {
    if let from = ends.from { line[key + ".from"] = from.text }
    if let to = ends.to { line[key + ".to"] = to.text }
  }

  /// Older ones have none.
  private func ends(_ key: String) -> PathEnds {
    PathEnds(from: line[key + ".from"].map { NodeName($0) }, to: line[key + ".to"].map { NodeName($0) })
  }

  private func address(_ key: String) throws(EventFault) -> SocketAddress {
    guard let address = SocketAddress(parsing: try text(key)) else { throw .invalid(key: key) }
    return address
  }

  private func raw<Value: RawRepresentable<UInt8>>(_ key: String) throws(EventFault) -> Value {
    guard let raw = UInt8(exactly: try number(key)), let value = Value(rawValue: raw) else {
      throw .invalid(key: key)
    }
    return value
  }

  private func failureIfAny(_ key: String) throws(EventFault) -> ReadFailure? {
    line[key] == nil ? nil : try failure(key)
  }
}
