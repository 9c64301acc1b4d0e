extension ClusterModel {
  /// Merges what is known of each node, judges it, and notes whose state has changed.
  mutating func deriveNodes(_ events: inout [Event]) {
    for place in snapshot.nodes.indices {
      let before = snapshot.nodes[place]
      var report = NodeReport.unread
      if let balancer = snapshot.topology.nodes[place].balancer {
        deriveBalancer(balancer.index, place, &report)
      } else {
        deriveServing(place, &report)
        if !snapshot.lost.isEmpty { report.verdict = verdict(report.verdict, onNode: place) }
      }
      report.since = before.since
      if keepsTotals { count(report.traffic, since: before, into: &report) }
      if report.verdict.state != before.verdict.state {
        // Nobody saw when the state that was found first had begun.
        let isFirst = before.verdict.state == .unknown && before.age == nil
        report.since = isFirst ? nil : snapshot.at.wall
        if !isFirst {
          let change = Event.Change.health(from: before.verdict.state, to: report.verdict)
          events.append(
            Event(at: snapshot.at.wall, node: snapshot.topology.nodes[place].name, change: change))
        }
      }
      snapshot.nodes[place] = report
    }
  }

  /// Adds to what has passed since it is watched.
  private func count(_ traffic: Traffic, since before: NodeReport, into report: inout NodeReport) {
    report.watched = before.watched
    report.highestQPS = before.highestQPS
    guard let requests = traffic.requests else { return }
    if let qps = traffic.qps, isWholeTick { report.highestQPS = max(report.highestQPS ?? 0, qps) }
    var totals = before.watched ?? WatchedTotals(since: snapshot.at.wall, requests: 0, errors: 0)
    totals.requests &+= requests
    totals.errors &+= traffic.errors ?? 0
    report.watched = totals
  }

  // MARK: A load balancer

  private mutating func deriveBalancer(_ source: Int, _ place: Int, _ report: inout NodeReport) {
    report.age = age(of: source)
    report.isReset = sources[source].isFresh && sources[source].reset != nil
    guard case .proxy(let proxy)? = sources[source].latest?.sample else {
      report.verdict = Verdict(.unknown, .neverRead(sources[source].failure))
      return
    }
    var taken = Traffic.Sum()
    var passedOn = Traffic.Sum()
    var downBackend: String?
    for index in snapshot.topology.nodes[place].proxies {
      let part = snapshot.proxies[index]
      if snapshot.topology.proxies[index].kind == .frontend {
        if let sessions = part.sessions { report.sessions = (report.sessions ?? 0) &+ sessions }
        if snapshot.topology.proxies[index].isEntry { taken.add(part.traffic) }
      } else {
        passedOn.add(part.traffic)
        if let queue = part.queue { report.queue = (report.queue ?? 0) &+ queue }
        if let own = part.ownErrors { report.ownErrors = (report.ownErrors ?? 0) &+ own }
        if part.status.hasPrefix("DOWN"), downBackend == nil {
          downBackend = snapshot.topology.proxies[index].name
        }
      }
    }
    report.traffic = taken.traffic
    // Frontends have no latency; what a client waits for is its backends' answers.
    report.traffic.latency = passedOn.traffic.latency
    report.traffic.latencyMax = passedOn.traffic.latencyMax
    report.sessionLimit = proxy.info?.maxConnections
    // It answers for what it made itself; the servers answer for the rest.
    errorWindows.note(errors: report.ownErrors, attempts: report.traffic.attempts, of: place)

    if isStale(source) {
      report.verdict = Verdict(.stale, .silent(report.age ?? .zero, sources[source].failure))
    } else if sources[source].hasSeveralProcesses {
      report.verdict = Verdict(.degraded, .severalProcesses)
    } else if proxy.info?.stopping == 1 {
      report.verdict = Verdict(.degraded, .stopping)
    } else if let downBackend {
      report.verdict = Verdict(.degraded, .backendDown(backend: downBackend))
    } else {
      report.verdict = figures(of: place, report, report.sessions, report.sessionLimit)
        .verdict(against: snapshot.topology.nodes[place].limits)
    }
  }

  // MARK: A node behind load balancers

  private mutating func deriveServing(_ place: Int, _ report: inout NodeReport) {
    let node = snapshot.topology.nodes[place]
    var tally = ServerTally()
    var seen = Seen()
    var lastFailure: ReadFailure?
    for index in node.servers {
      let source = snapshot.topology.servers[index].balancer.index
      guard let age = age(of: source) else { continue }
      report.age = min(report.age ?? age, age)
      if isStale(source) {
        lastFailure = lastFailure ?? sources[source].failure
        continue
      }
      tally.add(snapshot.servers[index], at: index)
      seen.add(snapshot.servers[index])
      if sources[source].isFresh, sources[source].reset != nil { report.isReset = true }
    }
    // Where nobody knows better, the last that was known.
    if tally.isEmpty, report.age != nil {
      for index in node.servers { seen.add(snapshot.servers[index]) }
    }
    report.traffic = seen.sum.traffic
    report.sessions = seen.sessions
    report.sessionLimit = seen.sessionLimit
    report.queue = seen.queue
    errorWindows.note(errors: report.traffic.errors, attempts: report.traffic.attempts, of: place)
    let own = deriveOwn(node, &report)

    if !tally.isEmpty {
      report.verdict = tally.verdict(
        by: figures(of: place, report, seen.fullest.sessions, seen.fullest.limit), against: node.limits,
        reports: snapshot.servers, servers: snapshot.topology.servers, of: node.servers)
      if report.verdict.state == .up, let failure = own.failure {
        // It serves, and its own page does not answer: worth a word, no alarm.
        report.verdict.reason = .pageSilent(own.age, failure)
      }
    } else if node.servers.isEmpty, own.isThere {
      report.verdict = own.verdict
    } else if let age = report.age {
      report.verdict = Verdict(.stale, .silent(age, lastFailure ?? own.failure))
    } else {
      report.verdict = Verdict(.unknown, .notSeen)
    }
  }

  /// What load balancers see of a node, merged by the nature of each figure.
  private struct Seen {
    var sum = Traffic.Sum()
    var sessions: Int64?
    /// The smallest of the limits.
    var sessionLimit: Int64?
    var queue: Int64?
    /// On the load balancer where the largest share of its limit is in use.
    var fullest = (sessions: Int64(0), limit: Int64(0))

    mutating func add(_ server: ServerReport) {
      sum.add(server.traffic)
      if let queue = server.queue { self.queue = (self.queue ?? 0) &+ queue }
      guard let sessions = server.sessions else { return }
      self.sessions = (self.sessions ?? 0) &+ sessions
      guard let limit = server.sessionLimit, limit > 0 else { return }
      sessionLimit = min(sessionLimit ?? limit, limit)
      let share = Double(sessions) / Double(limit)
      if fullest.limit == 0 || share > Double(fullest.sessions) / Double(fullest.limit) {
        fullest = (sessions, limit)
      }
    }
  }

  /// What the node's own sources say.
  private struct Own {
    var isThere = false
    var verdict = Verdict(.unknown)
    var age: Duration?
    var failure: ReadFailure?
  }

  private func deriveOwn(_ node: Topology.Node, _ report: inout NodeReport) -> Own {
    var own = Own()
    for id in node.sources {
      let state = sources[id.index]
      own.isThere = true
      own.failure = own.failure ?? state.failure
      guard case .web(let status)? = state.latest?.sample, let age = age(of: id.index) else {
        own.verdict = Verdict(.unknown, .neverRead(state.failure))
        continue
      }
      own.age = age
      report.age = min(report.age ?? age, age)
      report.web = WebReport(status, state: state, age: age)
      if node.servers.isEmpty {
        report.traffic.requests = state.isFresh ? report.web?.requests : nil
        report.traffic.qps = report.web?.qps
        report.sessions = status.active
        report.isReset = state.isFresh && state.reset != nil
      }
      own.verdict = isStale(id.index) ? Verdict(.stale, .silent(age, state.failure)) : Verdict(.up)
    }
    return own
  }

  private func figures(
    of place: Int, _ report: NodeReport, _ sessions: Int64?, _ sessionLimit: Int64?
  ) -> HealthFigures {
    let window = errorWindows.sums(of: place)
    return HealthFigures(
      errors: window.errors, attempts: window.attempts, latency: report.traffic.latency, queue: report.queue,
      sessions: sessions, sessionLimit: sessionLimit)
  }
}

extension WebReport {
  fileprivate init(_ status: StubStatus, state: SourceState, age: Duration) {
    self.status = status
    self.age = age
    guard case .web(let before)? = state.before?.sample, let window = state.window else { return }
    // The page counts the poll that asked for it.
    let requests = max(0, status.requests &- before.requests &- 1)
    self.requests = requests
    qps = Double(requests) / window.seconds
    dropped = max(0, (status.accepts &- status.handled) &- (before.accepts &- before.handled))
  }
}
