extension ClusterModel {
  /// What the sources of a node say of it, all together.
  struct Own {
    /// Whether anything but its machine is asked.
    var isThere = false
    /// The gravest that they give ground for.
    var verdict = Verdict(.unknown)
    var age: Duration?
    var failure: ReadFailure?
    /// Whether it is a database at whose own door nobody stands: what is asked is what serves.
    var isGone = false

    fileprivate mutating func judge(_ new: Verdict) {
      if verdict.state == .unknown || new.state.severity > verdict.state.severity { verdict = new }
    }
  }

  /// Fills in what the node at `place` says of itself.
  mutating func deriveOwn(_ place: Int, _ report: inout NodeReport) -> Own {
    var own = Own()
    // Most nodes of a large cluster are only known by their load balancers.
    if snapshot.topology.nodes[place].sources.isEmpty { return own }
    let node = snapshot.topology.nodes[place]
    for id in node.sources where snapshot.topology.plan[id].system != .haproxy {
      let state = sources[id.index]
      let system = snapshot.topology.plan[id].system
      // The machine is asked for its resources: where it does not answer, the program may.
      let isAside = system == .host || system == .keepalived
      if !isAside {
        own.isThere = true
        if !state.waitsToBeTold { own.failure = own.failure ?? state.failure }
        if system.isDatabase, state.failure == .refused { own.isGone = true }
      }
      guard let sample = state.latest?.sample, let age = age(of: id.index) else {
        if !isAside { own.judge(Verdict(.unknown, .neverRead(state.failure))) }
        continue
      }
      if !isAside {
        own.age = min(own.age ?? age, age)
        report.age = min(report.age ?? age, age)
        own.judge(isStale(id.index) ? Verdict(.stale, .silent(age, state.failure)) : Verdict(.up))
      }
      take(sample, of: id, node, &report, &own)
    }
    return own
  }

  private mutating func take(
    _ sample: Sample, of id: SourceID, _ node: Topology.Node, _ report: inout NodeReport, _ own: inout Own
  ) {
    let state = sources[id.index]
    let isKnownOnlyByItself = node.servers.isEmpty
    if isKnownOnlyByItself, state.isFresh, state.reset != nil { report.isReset = true }
    switch sample {
    case .web(let status):
      let web = WebReport(status, state: state, age: age(of: id.index) ?? .zero)
      report.web = web
      if let dropped = web.dropped, dropped > 0, !isStale(id.index) {
        own.judge(Verdict(.degraded, .connectionsDropped(dropped)))
      }
      guard isKnownOnlyByItself else { return }
      report.traffic.requests = state.isFresh ? web.requests : nil
      report.traffic.qps = web.qps
      report.sessions = status.active
    case .workers(let status):
      var before: WorkerStatus?
      if case .workers(let status)? = state.before?.sample { before = status }
      let isPage =
        snapshot.topology.plan[id].system == .apache || snapshot.topology.plan[id].system == .phpFPM
      let workers = WorkerReport(status, before: before, window: state.window, ownPolls: isPage ? 1 : 0)
      report.own.append(.workers(workers))
      if let busy = status.busy, let waiting = status.queue, waiting > 0, status.idle == 0 {
        own.judge(Verdict(.degraded, .workersBusy(busy, waiting: waiting)))
      }
      guard isKnownOnlyByItself else { return }
      report.queue = status.queue
      report.sessions = status.busy
      count(
        workers.requests, errors: workers.errors, qps: workers.qps, latency: workers.latency, state, &report)
    case .database(let status):
      var before: DatabaseStatus?
      if case .database(let status)? = state.before?.sample { before = status }
      let database = DatabaseReport(
        status, before: before, window: state.window, system: snapshot.topology.plan[id].system)
      report.own.append(.database(database))
      if let fault = replicationFault(of: status, node) { own.judge(Verdict(.degraded, fault)) }
      guard isKnownOnlyByItself else { return }
      report.sessions = status.connections
      report.sessionLimit = status.connectionLimit
      count(database.queries, errors: nil, qps: database.qps, latency: database.latency, state, &report)
    case .host(let status):
      var before: HostStatus?
      if case .host(let status)? = state.before?.sample { before = status }
      report.own.append(.host(HostReport(status, before: before, window: state.window)))
    case .router(let status): report.own.append(.router(status))
    case .name(let answer):
      report.own.append(.name(answer))
      if let fault = fault(of: answer) { own.judge(fault) }
    // Both are put together of several sources.
    case .address, .firewall, .path: return
    case .proxy: return
    }
  }

  private func count(
    _ requests: Int64?, errors: Int64?, qps: Double?, latency: Double?, _ state: SourceState,
    _ report: inout NodeReport
  ) {
    report.traffic.qps = qps
    report.traffic.latency = latency
    if let errors, let requests, requests > 0 {
      report.traffic.errorRate = min(1, Double(errors) / Double(requests))
      report.traffic.attemptRate = qps
    }
    guard state.isFresh else { return }
    report.traffic.requests = requests
    report.traffic.errors = errors
    if errors != nil { report.traffic.attempts = requests }
  }

  /// What is wrong with who follows whom; nil for nothing.
  private func replicationFault(of status: DatabaseStatus, _ node: Topology.Node) -> HealthReason? {
    switch node.role {
    case nil: return nil
    case .primary: return status.isReadOnly == true ? .readOnlyPrimary : nil
    case .replica:
      let primary = node.of ?? NodeName("")
      guard let replication = status.replication else {
        return status.isReadOnly == false
          ? .secondPrimary(primary) : .followsWrong(primary, follows: "")
      }
      let expected = snapshot.topology.place(of: primary).flatMap { snapshot.topology.nodes[$0].address }
      if let expected, let follows = SocketAddress(parsing: replication.source), follows != expected {
        return .followsWrong(primary, follows: replication.source)
      }
      if replication.receiving != .running || replication.applying != .running {
        return .replicationBroken(
          replication.receiving, applying: replication.applying, words: replication.error)
      }
      let most = node.limits.lag.seconds
      if let lag = replication.lag.map({ Double($0) / 1000 }), lag > most {
        return .replicationLag(lag, limit: most)
      }
      return nil
    }
  }

  /// What is wrong with what the site's name leads to; nil for nothing.
  private func fault(of answer: NameAnswer) -> Verdict? {
    if answer.code != 0 || answer.addresses.isEmpty {
      return Verdict(.down, .nameNotFound(code: answer.code))
    }
    let topology = snapshot.topology
    var own = Set((topology.layout.entry?.vips ?? []).map { SocketAddress(parsing: $0)?.host ?? $0 })
    if own.isEmpty {
      own = Set(topology.nodes.compactMap { $0.balancer == nil ? nil : $0.address?.host })
    }
    guard !own.isEmpty, own.isDisjoint(with: answer.addresses) else { return nil }
    return Verdict(.degraded, .nameElsewhere(answer.addresses))
  }
}
