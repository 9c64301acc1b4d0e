/// What is waited for after a change. Only what was asked after it counts.
extension Snapshot {
  /// Whether the load balancer of the server row at a place was asked after `moment`, and has answered.
  public func isRead(server place: Int, after moment: Moment) -> Bool {
    let source = sources[topology.servers[place].balancer.index]
    guard source.failure == nil, let age = source.age else { return false }
    let asked = at.uptime.nanoseconds &- age.nanoseconds &- (source.took ?? .zero).nanoseconds
    return asked > moment.uptime.nanoseconds
  }

  /// The sessions that the server rows at some places have together; nil until all of them were counted after
  /// `moment`.
  public func sessions(of places: some Sequence<Int>, after moment: Moment) -> Int64? {
    var sum: Int64 = 0
    for place in places {
      guard isRead(server: place, after: moment), let sessions = servers[place].sessions else { return nil }
      sum += sessions
    }
    return sum
  }

  /// Whether the server row at a place serves, as it was after `moment`. Who has weight 0 serves nobody, and
  /// is as well as it can be.
  public func serves(server place: Int, after moment: Moment) -> Bool {
    guard isRead(server: place, after: moment) else { return false }
    let report = servers[place]
    return report.admin == .ready && (report.state == .up || report.state == .draining)
  }

  /// Whether the last check of the server row at a place has passed, though it may be drained; nil where
  /// nothing checks it.
  public func passesCheck(server place: Int) -> Bool? {
    let report = servers[place]
    if report.checkStatus.isEmpty { return nil }
    // A server that has to pass several times is DOWN until it has.
    return report.hasPassedCheck && (report.state == .up || report.state == .draining)
  }
}

extension ServerReport {
  fileprivate var hasPassedCheck: Bool {
    let code = checkStatus.hasPrefix("* ") ? checkStatus.dropFirst(2) : checkStatus[...]
    return ["L4OK", "L6OK", "L7OK", "L7OKC", "PROCOK"].contains(code)
  }
}
