import Cluster

extension State {
  /// What matters most of what a node says of itself, in a few words; empty where it says nothing of its own.
  func facts(of place: Int) -> String {
    let report = snapshot.nodes[place]
    var facts: [String] = []
    if topology.nodes[place].kind == .name {
      let addresses = report.name?.addresses ?? topology.layout.entry?.vips ?? []
      if !addresses.isEmpty { facts.append("\(glyphs.to) \(addresses.joined(separator: ", "))") }
    }
    if let answer = report.name {
      if let time = answer.timeToLive { facts.append("ttl \(time)") }
    }
    if let address = report.virtualAddress { facts += self.facts(of: address) }
    if let router = report.router {
      facts += router.instances.map { "\($0.state.word) \($0.name)" }
    }
    // What it said last is not how it is now.
    let isHeard = report.verdict.state != .stale && report.verdict.state != .down
    if isHeard, let database = report.database { facts += self.facts(of: database) }
    if let workers = report.workers { facts += self.facts(of: workers) }
    if let firewall = report.firewall, let dropped = firewall.dropped {
      facts.append("drops \(Figures.rate(dropped))")
    }
    if let host = report.host, let processor = host.processor {
      facts.append("cpu \(Figures.percent(processor))")
    }
    return facts.joined(separator: "  ")
  }

  private func facts(of address: AddressReport) -> [String] {
    var facts: [String] = []
    if !address.holders.isEmpty {
      facts.append("on \(address.holders.map(\.text).joined(separator: " and "))")
    }
    if let since = address.since {
      facts.append("since \(Figures.moment(since, now: now?.wall, utcOffset: look.utcOffset))")
    }
    if address.moves > 0 { facts.append(address.moves == 1 ? "moved once" : "moved \(address.moves) times") }
    return facts
  }

  private func facts(of database: DatabaseReport) -> [String] {
    var facts: [String] = []
    let status = database.status
    if let replication = status.replication {
      facts.append("lag \(replication.lag.map { Figures.lag($0) } ?? Figures.absent)")
    }
    if let connections = status.connections {
      let limit = status.connectionLimit.map { "/\(Figures.count($0))" } ?? ""
      facts.append("conn \(Figures.count(connections))\(limit)")
    }
    if let slow = database.slow, slow > 0 { facts.append("slow \(Figures.count(slow))") }
    return facts
  }

  private func facts(of workers: WorkerReport) -> [String] {
    var facts: [String] = []
    if let percentiles = workers.percentiles { facts.append("p95 \(Figures.latency(percentiles.p95))") }
    if let busy = workers.status.busy {
      let all = workers.status.idle.map { "/\(Figures.count(busy + $0))" } ?? ""
      facts.append("busy \(Figures.count(busy))\(all)")
    }
    if let queue = workers.status.queue, queue > 0 { facts.append("wait \(Figures.count(queue))") }
    return facts
  }

  /// The state of a node in at most 9 columns: what it is in its tier, where all is well, else the state.
  func mark(of place: Int) -> String {
    let report = snapshot.nodes[place]
    guard report.verdict.state == .up, report.verdict.reason == nil else { return report.verdict.mark }
    if let instance = report.router?.instances.first(where: { $0.state == .master })
      ?? report.router?.instances.first
    {
      return "up \(instance.state.word)"
    }
    if report.database != nil, let role = topology.nodes[place].role { return role.rawValue }
    return report.verdict.mark
  }
}

extension RouterStatus.State {
  /// keepalived's own words.
  var word: String {
    switch self {
    case .initial: "INIT"
    case .backup: "BACKUP"
    case .master: "MASTER"
    case .fault: "FAULT"
    case .stopped: "STOP"
    }
  }
}
