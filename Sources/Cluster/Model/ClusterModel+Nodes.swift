extension ClusterModel {
  /// Merges what is known of each node, judges it, and notes whose state has changed.
  mutating func deriveNodes(_ events: inout [Event]) {
    // In place: a copy of all reports would be the largest thing that a tick makes.
    var before: [NodeBefore] = []
    before.reserveCapacity(snapshot.nodes.count)
    for place in snapshot.nodes.indices {
      before.append(NodeBefore(snapshot.nodes[place]))
      if stillness.takeNode(place, isSame: isSame(place)) {
        snapshot.nodes[place].age = newestAge(ofServers: snapshot.topology.nodes[place].servers)
        continue
      }
      var report = NodeReport.unread
      switch snapshot.topology.nodes[place].kind {
      case .address: deriveAddress(place, &report, &events)
      case .firewall: deriveFirewall(place, &report)
      case .name:
        let own = deriveOwn(place, &report)
        report.verdict = own.verdict
      case .machine:
        if let balancer = snapshot.topology.nodes[place].balancer {
          deriveBalancer(balancer.index, place, &report)
        } else {
          deriveServing(place, &report)
          if !snapshot.lost.isEmpty { report.verdict = verdict(report.verdict, onNode: place) }
        }
      }
      report.since = snapshot.nodes[place].since
      if keepsTotals { count(report.traffic, of: place, into: &report) }
      snapshot.nodes[place] = report
    }
    judgeTheSlow(before: before)
    for place in snapshot.nodes.indices where snapshot.nodes[place].verdict.state != before[place].state {
      // Nobody saw when the state that was found first had begun.
      let isFirst = before[place].state == .unknown && before[place].isUnread
      snapshot.nodes[place].since = isFirst ? nil : snapshot.at.wall
      if isFirst { continue }
      let change = Event.Change.health(from: before[place].state, to: snapshot.nodes[place].verdict)
      events.append(Event(at: snapshot.at.wall, node: snapshot.topology.nodes[place].name, change: change))
    }
    if isWholeTick { noteReasons(&events) }
  }

  /// Notes what else degraded nodes are degraded for than was told.
  private mutating func noteReasons(_ events: inout [Event]) {
    for place in snapshot.nodes.indices {
      if let change = reasons.take(snapshot.nodes[place].verdict, of: place, at: snapshot.at.uptime) {
        events.append(Event(at: snapshot.at.wall, node: snapshot.topology.nodes[place].name, change: change))
      }
    }
  }

  /// Whether nothing that a node behind load balancers is judged by has changed since the tick before: its servers say
  /// the same, no error is still remembered, nobody else says anything of it, and nothing that was set is lost.
  private func isSame(_ place: Int) -> Bool {
    let servers = snapshot.topology.nodes[place].servers
    return !servers.isEmpty && stillness.areStill(servers) && snapshot.topology.nodes[place].sources.isEmpty
      && errorWindows.isEmpty(at: place) && snapshot.lost.isEmpty
      && (!keepsTotals || snapshot.nodes[place].highestQPS != nil)
  }

  private func newestAge(ofServers places: Range<Int>) -> Duration? {
    var newest: Duration?
    for place in places {
      guard let age = age(of: snapshot.topology.servers[place].balancer.index) else { continue }
      newest = min(newest ?? age, age)
    }
    return newest
  }

  /// Adds to what has passed since it is watched.
  private func count(_ traffic: Traffic, of place: Int, into report: inout NodeReport) {
    report.watched = snapshot.nodes[place].watched
    report.highestQPS = snapshot.nodes[place].highestQPS
    guard let requests = traffic.requests else { return }
    if let qps = traffic.qps, isWholeTick { report.highestQPS = max(report.highestQPS ?? 0, qps) }
    var totals = report.watched ?? WatchedTotals(since: snapshot.at.wall, requests: 0, errors: 0)
    totals.requests &+= requests
    totals.errors &+= traffic.errors ?? 0
    report.watched = totals
  }

  // MARK: A load balancer

  private mutating func deriveBalancer(_ source: Int, _ place: Int, _ report: inout NodeReport) {
    report.age = age(of: source)
    report.isReset = sources[source].isFresh && sources[source].reset != nil
    _ = deriveOwn(place, &report)
    guard case .proxy(let proxy)? = sources[source].latest?.sample else {
      report.verdict = Verdict(.unknown, .neverRead(sources[source].failure))
      return
    }
    var taken = Traffic.Sum()
    var passedOn = Traffic.Sum()
    var downBackend: String?
    var fullest = Fullest()
    for index in snapshot.topology.nodes[place].proxies {
      let part = snapshot.proxies[index]
      if snapshot.topology.proxies[index].kind == .frontend {
        if let sessions = part.sessions { report.sessions = (report.sessions ?? 0) &+ sessions }
        fullest.add(part.sessions, part.sessionLimit, .frontend(snapshot.topology.proxies[index].name))
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
    // A frontend's limit is mostly that of the whole process; then it is the process that is full.
    fullest.add(report.sessions, report.sessionLimit, .connections, evenIfAsFull: true)
    // It answers for what it made itself; the servers answer for the rest.
    errorWindows.note(errors: report.ownErrors, attempts: report.traffic.attempts, of: place)

    if isStale(source) {
      report.verdict = Verdict(.stale, .silent(report.age ?? .zero, sources[source].failure))
    } else if let fault = routerFault(in: report) {
      report.verdict = Verdict(.degraded, fault)
    } else if sources[source].hasSeveralProcesses {
      report.verdict = Verdict(.degraded, .severalProcesses)
    } else if proxy.info?.stopping == 1 {
      report.verdict = Verdict(.degraded, .stopping)
    } else if let downBackend {
      report.verdict = Verdict(.degraded, .backendDown(backend: downBackend))
    } else {
      report.verdict = figures(of: place, report, fullest)
        .verdict(against: snapshot.topology.nodes[place].limits)
      if report.verdict.state == .up, let failure = sources[source].failure {
        report.verdict.reason = .silent(report.age ?? .zero, failure)
      }
    }
  }

  /// Where the largest share of what there can be at a time is in use.
  private struct Fullest {
    var sessions: Int64?
    var limit: Int64?
    var slots = HealthReason.Slots.sessions

    mutating func add(
      _ sessions: Int64?, _ limit: Int64?, _ slots: HealthReason.Slots, evenIfAsFull: Bool = false
    ) {
      guard let sessions, let limit, limit > 0 else { return }
      if let own = self.sessions, let most = self.limit {
        let (share, highest) = (Double(sessions) / Double(limit), Double(own) / Double(most))
        guard share > highest || evenIfAsFull && share == highest else { return }
      }
      (self.sessions, self.limit, self.slots) = (sessions, limit, slots)
    }
  }

  private func routerFault(in report: NodeReport) -> HealthReason? {
    report.router?.instances.contains { $0.state == .fault } == true ? .routerFault : nil
  }

  // MARK: A node behind load balancers

  private mutating func deriveServing(_ place: Int, _ report: inout NodeReport) {
    let servers = snapshot.topology.nodes[place].servers
    let limits = snapshot.topology.nodes[place].limits
    var tally = ServerTally()
    var seen = Seen()
    var lastFailure: ReadFailure?
    for index in servers {
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
      for index in servers { seen.add(snapshot.servers[index]) }
    }
    report.traffic = seen.sum.traffic
    report.sessions = seen.sessions
    report.sessionLimit = seen.sessionLimit
    report.queue = seen.queue
    let own = deriveOwn(place, &report)
    errorWindows.note(errors: report.traffic.errors, attempts: report.traffic.attempts, of: place)

    if !tally.isEmpty {
      report.verdict = tally.verdict(
        by: figures(of: place, report, seen.fullest), against: limits,
        reports: snapshot.servers, servers: snapshot.topology.servers, of: servers)
      if report.verdict.state == .up, own.verdict.state == .degraded {
        report.verdict = own.verdict
      } else if report.verdict.state == .up, let failure = own.failure {
        // It serves, and its own page does not answer: worth a word, no alarm.
        report.verdict.reason = .pageSilent(own.age, failure)
      } else if report.verdict.state == .down, case .check? = report.verdict.reason,
        let reason = own.verdict.reason, reason.explainsFailedChecks
      {
        // The node knows better why nobody answers a check than who asks it.
        report.verdict.reason = reason
      }
    } else if servers.isEmpty, own.isGone {
      // What it said last is not true of it any more.
      (report.traffic, report.sessions, report.queue) = (Traffic(), nil, nil)
      report.verdict = Verdict(.down, own.age.map { .silent($0, .refused) } ?? .neverRead(.refused))
    } else if servers.isEmpty, own.isThere {
      report.verdict = own.verdict
      if report.verdict.state == .up {
        var full = Fullest()
        full.add(report.sessions, report.sessionLimit, .connections)
        report.verdict = figures(of: place, report, full).verdict(against: limits)
        if report.verdict.state == .up, let failure = own.failure {
          report.verdict.reason = .silent(own.age ?? .zero, failure)
        }
      }
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
    var fullest = Fullest()

    mutating func add(_ server: ServerReport) {
      sum.add(server.traffic)
      if let queue = server.queue { self.queue = (self.queue ?? 0) &+ queue }
      guard let sessions = server.sessions else { return }
      self.sessions = (self.sessions ?? 0) &+ sessions
      guard let limit = server.sessionLimit, limit > 0 else { return }
      sessionLimit = min(sessionLimit ?? limit, limit)
      fullest.add(sessions, limit, .sessions)
    }
  }

  private func figures(of place: Int, _ report: NodeReport, _ fullest: Fullest) -> HealthFigures {
    let window = errorWindows.sums(of: place)
    return HealthFigures(
      errors: window.errors, attempts: window.attempts, newest: errorWindows.newest(of: place),
      latency: report.latencyBorneOut(after: snapshot.nodes[place].traffic), queue: report.queue,
      sessions: fullest.sessions, sessionLimit: fullest.limit, allSessions: report.sessions,
      slots: fullest.slots)
  }
}

/// What is still to be known of a node's report once there is a newer one.
struct NodeBefore {
  var state: HealthState
  /// Whether nothing was known.
  var isUnread: Bool
  var latencyLeast: Double?

  init(_ report: borrowing NodeReport) {
    state = report.verdict.state
    isUnread = report.age == nil
    latencyLeast = report.traffic.latencyLeast
  }
}

extension WebReport {
  init(_ status: StubStatus, state: SourceState, age: Duration) {
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
