/// What is known of one source: its last two good readings, and how its last poll ended.
struct SourceState: Sendable {
  struct Good: Sendable {
    var at: Moment
    var sample: Sample
  }

  private(set) var latest: Good?
  /// When `latest` was complete, beside it: who only asks that for each of many servers copies no sample.
  private(set) var readAt: Moment?
  /// The good reading before `latest`, where the two may be compared: nil after a reset.
  private(set) var before: Good?
  private(set) var failure: ReadFailure?
  private(set) var took: Duration?
  /// Whether `latest` came with the newest frame.
  private(set) var isFresh = false
  /// Why `latest` cannot be compared with the reading before it; nil where it can, or is the first.
  private(set) var reset: Event.ResetReason?
  /// When the good reading before `latest` was complete, whether or not the two may be compared.
  private(set) var lookedBefore = WallTime(nanoseconds: .min)
  /// How often in a row, nearly, another process has answered; see `hasSeveralProcesses`.
  private var turns = 0

  /// Several processes seem to answer in turn (`nbproc`, or two HAProxy behind one address): each reading
  /// may come from another one, so that differences mean nothing. A reload changes the process once; this
  /// needs three changes close together.
  var hasSeveralProcesses: Bool {
    if case .proxy(let proxy) = latest?.sample, let processes = proxy.info?.processes, processes > 1 {
      return true
    }
    return turns >= 3
  }

  /// Why counters began again with the newest frame. Where several processes answer in turn each reading is another
  /// one's; that is said once, as the state of the node, and not each time.
  var newReset: Event.ResetReason? {
    guard isFresh, let reset else { return nil }
    if case .newProcess = reset, hasSeveralProcesses { return nil }
    return reset
  }

  /// It is no fault of anybody's that nothing was read: it comes by itself, and has not come yet.
  var waitsToBeTold: Bool { latest == nil && failure == .nothingSent }

  /// The time between the two readings that are compared.
  var window: Duration? {
    guard let latest, let before else { return nil }
    let window = latest.at.since(before.at)
    return window > .zero ? window : nil
  }

  /// Says that a new frame begins, in which nothing has come yet.
  mutating func beginFrame() { isFresh = false }

  mutating func take(_ reading: Reading) {
    took = reading.took
    switch reading.outcome {
    case .failure(let failure):
      self.failure = failure
    case .sample(let sample):
      failure = nil
      isFresh = true
      reset = latest.flatMap { resetReason(from: $0.sample, to: sample) }
      if case .newProcess? = reset {
        turns = min(turns + 1, 6)
      } else if reset == nil {
        turns = max(turns - 1, 0)
      }
      before = reset == nil ? latest : nil
      if let latest { lookedBefore = latest.at.wall }
      latest = Good(at: reading.at, sample: sample)
      readAt = reading.at
    }
  }
}

/// Why counters began again between two readings of one source; nil where they go on.
private func resetReason(from older: Sample, to newer: Sample) -> Event.ResetReason? {
  switch (older, newer) {
  case (.proxy(let older), .proxy(let newer)):
    if let was = older.info, let now = newer.info {
      if let pid = now.pid, pid != was.pid { return .newProcess(pid: pid) }
      if let a = was.startTimeSeconds, let b = now.startTimeSeconds, a != b { return .restarted }
      if let a = was.uptimeSeconds, let b = now.uptimeSeconds, b < a { return .restarted }
    }
    return hasFallenFrontend(from: older.stat, to: newer.stat) ? .counterFell : nil
  case (.web(let older), .web(let newer)):
    let fell =
      newer.requests < older.requests || newer.accepts < older.accepts || newer.handled < older.handled
    return fell ? .counterFell : nil
  case (.workers(let older), .workers(let newer)):
    if let was = older.started, let now = newer.started, was != now {
      // What comes with all latencies was counted by an agent: another one has begun, and not the program.
      return newer.latencies == nil ? .restarted : .counterFell
    }
    return hasFallen([(older.requests, newer.requests), (older.microseconds, newer.microseconds)])
      ? .counterFell : nil
  case (.database(let older), .database(let newer)):
    if let was = older.uptimeSeconds, let now = newer.uptimeSeconds, now < was { return .restarted }
    return hasFallen([(older.queries, newer.queries)]) ? .counterFell : nil
  case (.host(let older), .host(let newer)):
    if let was = older.started, let now = newer.started, was != now { return .restarted }
    return hasFallen([(older.processorMilliseconds, newer.processorMilliseconds)]) ? .counterFell : nil
  case (.firewall(let older), .firewall(let newer)):
    let fell = newer.counters.contains { counter in
      older[counter.name].map { $0.packets > counter.packets } ?? false
    }
    return fell ? .counterFell : nil
  // These count nothing that a rate is made of.
  case (.router, .router), (.address, .address), (.name, .name), (.path, .path): return nil
  default:
    return .counterFell
  }
}

private func hasFallen(_ counters: [(was: Int64?, now: Int64?)]) -> Bool {
  counters.contains { was, now in
    if let was, let now { now < was } else { false }
  }
}

/// Whether a frontend or backend counts less than before: `clear counters all`, or another process where
/// `show info` is not to be had. A single server that counts less was replaced, and is no reset of the rest.
private func hasFallenFrontend(from older: StatTable, to newer: StatTable) -> Bool {
  guard older.roster === newer.roster else { return false }
  let rows = newer.roster.rows
  for row in rows.indices where rows[row].kind == .frontend || rows[row].kind == .backend {
    for figure in [StatFigure.stot, .bin, .bout, .reqTot] {
      if let was = older[row, figure], let now = newer[row, figure], now < was { return true }
    }
  }
  return false
}
