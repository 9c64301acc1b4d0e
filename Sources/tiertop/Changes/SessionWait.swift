import Cluster
import Dashboard
import Platform

/// Waits for what a change is for: that sessions end, or that servers serve.
final class SessionWait {
  private let rows: [ServerRow]
  private let start: Moment
  private let cluster: LiveCluster
  private let speech: Speech
  private var progress = DrainProgress()
  private var saidAt: Moment?
  private var said: Int64?

  /// - Parameter since: what was asked before that does not count.
  init(rows: [ServerRow], since: Moment, on cluster: LiveCluster, _ speech: Speech) {
    self.rows = rows
    start = since
    self.cluster = cluster
    self.speech = speech
  }

  var lasted: Duration { cluster.loop.now.since(start) }

  /// How many are left; nil until they were counted.
  var sessions: Int64? { progress.left }

  /// Waits until no session is left.
  func forSessions(atMost limit: Duration) throws -> LiveCluster.WaitEnd {
    cluster.onFrame = { [unowned self] in
      if let left = cluster.snapshot.sessions(of: places, after: start), !places.isEmpty {
        progress.note(left, at: cluster.snapshot.at)
        sayProgress(left)
      }
      cluster.pollSoon()
    }
    defer { cluster.onFrame = nil }
    return try cluster.wait(atMost: limit) { progress.left == 0 }
  }

  /// Waits until all serve.
  func forChecks(atMost limit: Duration) throws -> LiveCluster.WaitEnd {
    cluster.onFrame = { [cluster] in cluster.pollSoon() }
    defer { cluster.onFrame = nil }
    return try cluster.wait(atMost: limit) {
      let places = places
      return !places.isEmpty && places.allSatisfy { cluster.snapshot.serves(server: $0, after: start) }
    }
  }

  /// `3 sessions are left: web/web1 on lb1 2, web/web1 on lb2 1`.
  var sessionWords: String {
    guard let left = progress.left else { return "nobody has counted the sessions that are left" }
    let carriers = places.compactMap { place -> String? in
      let row = cluster.snapshot.row(ofServer: place)
      guard let sessions = cluster.snapshot.servers[place].sessions, sessions > 0 else { return nil }
      return "\(printable(row.server.description)) on \(row.balancer) \(sessions)"
    }
    let words = left == 1 ? "1 session is left" : "\(left) sessions are left"
    return carriers.isEmpty ? words : "\(words): \(carriers.joined(separator: ", "))"
  }

  /// `web/web1 on lb1 is DOWN L4CON`; of all that do not serve.
  var absentWords: String {
    places.filter { !cluster.snapshot.serves(server: $0, after: start) }.map { place in
      let row = cluster.snapshot.row(ofServer: place)
      let report = cluster.snapshot.servers[place]
      let check = [report.status, report.checkStatus].filter { !$0.isEmpty }.joined(separator: " ")
      return "\(printable(row.server.description)) on \(row.balancer) is \(check)"
    }.joined(separator: ", ")
  }

  private var places: [Int] {
    let wanted = Set(rows)
    return cluster.snapshot.topology.servers.indices.filter {
      wanted.contains(cluster.snapshot.row(ofServer: $0))
    }
  }

  /// Once a second, where something has changed.
  private func sayProgress(_ left: Int64) {
    let now = cluster.snapshot.at
    if left == 0 || left == said { return }
    if let saidAt, now.since(saidAt) < .milliseconds(900) { return }
    var words = left == 1 ? "1 session left" : "\(left) sessions left"
    if let remaining = progress.remaining, let rate = progress.perSecond {
      words += ", \(Figures.rate(rate)), about \(Figures.span(remaining)) more"
    }
    speech.say(words + "\n")
    said = left
    saidAt = now
  }
}
