import Cluster

/// What a node says of itself, beside Nginx's page: a block for each of its systems.
extension NodeDetail {
  var systems: [[TextLine]] {
    [workers, database, router, address, name, firewall, host].filter { !$0.isEmpty }
  }

  private var workers: [TextLine] {
    guard let workers = report.workers else { return [] }
    let status = workers.status
    var first = TextLine()
    add("requests", Figures.rate(workers.qps), 7, to: &first)
    add("failed", Figures.count(workers.errors), 0, to: &first)
    add("latency mean", Figures.latency(workers.latency), 7, to: &first)
    var lines = [TextLine.heading("WHAT IT SAYS OF ITSELF", sources(of: .workers)), first]
    if let percentiles = workers.percentiles {
      var line = TextLine()
      add("p50", Figures.latency(percentiles.p50), 7, to: &line)
      add("p95", Figures.latency(percentiles.p95), 7, to: &line)
      add("p99", Figures.latency(percentiles.p99), 7, to: &line)
      line.add(
        percentiles.isExact ? "of every single request" : "within its histogram's buckets", label, gap: 3)
      lines.append(line)
    }
    var last = TextLine()
    add("busy", Figures.count(status.busy), 0, to: &last)
    add("idle", Figures.count(status.idle), 0, to: &last)
    add("waiting", Figures.count(status.queue), 0, to: &last)
    if let limit = status.queueLimit { add("of at most", Figures.count(limit), 0, to: &last) }
    if let slow = workers.slow { add("slow", Figures.count(slow), 0, to: &last) }
    if let exhausted = workers.exhausted { add("no worker left", Figures.count(exhausted), 0, to: &last) }
    if let connections = status.connections { add("connections", Figures.count(connections), 0, to: &last) }
    return lines + [last]
  }

  private var database: [TextLine] {
    guard let database = report.database else { return [] }
    let status = database.status
    var first = TextLine()
    add("queries", Figures.rate(database.qps), 7, to: &first)
    add("latency mean", Figures.latency(database.latency), 7, to: &first)
    add("slow", Figures.count(database.slow), 0, to: &first)
    add("aborted", Figures.count(database.aborted), 0, to: &first)
    var second = TextLine()
    let limit = status.connectionLimit.map { " of \(Figures.count($0))" } ?? ""
    add("connections", Figures.count(status.connections) + limit, 0, to: &second)
    add("at work", Figures.count(status.running), 0, to: &second)
    add("replicas", Figures.count(status.replicas), 0, to: &second)
    add("writes", status.isReadOnly.map { $0 ? "refused" : "taken" } ?? Figures.absent, 0, to: &second)
    add("version", status.version, 0, to: &second)
    var lines = [TextLine.heading("WHAT IT SAYS OF ITSELF", sources(of: .database)), first, second]
    if let replication = status.replication {
      var line = TextLine()
      add("follows", replication.source.isEmpty ? Figures.absent : replication.source, 0, to: &line)
      add("receiving", replication.receiving.word, 0, to: &line)
      add("applying", replication.applying.word, 0, to: &line)
      add("lag", replication.lag.map { Figures.lag($0) } ?? "unknown", 0, to: &line)
      lines.append(line)
      if !replication.error.isEmpty {
        var line = TextLine()
        line.add(
          replication.error.shortened(width - 5, ellipsis: state.glyphs.ellipsis), Style(.down), at: 4)
        lines.append(line)
      }
    }
    return lines
  }

  private var router: [TextLine] {
    guard let router = report.router, !router.instances.isEmpty else { return [] }
    return [.heading("ITS VIRTUAL ADDRESSES", sources(of: .router))]
      + router.instances.map { instance in
        var line = TextLine()
        line.add(
          instance.state.word.leading(7),
          Style(instance.state == .fault ? .down : instance.state == .master ? .up : .label), at: 1)
        line.add(instance.name)
        if !instance.addresses.isEmpty { line.add(instance.addresses.joined(separator: ", ")) }
        if let since = instance.since { line.add("since \(moment(since))", label) }
        if let priority = instance.priority { add("priority", "\(priority)", 0, to: &line) }
        return line
      }
  }

  private var address: [TextLine] {
    guard let address = report.virtualAddress else { return [] }
    var first = TextLine()
    let holders = address.holders.map(\.text).joined(separator: " and ")
    add("held by", holders.isEmpty ? Figures.absent : holders, 0, to: &first)
    if let since = address.since { add("since", moment(since), 0, to: &first) }
    if address.moves > 0 {
      add("moved", address.moves == 1 ? "once" : "\(address.moves) times", 0, to: &first)
    }
    var lines = [TextLine.heading("WHO HOLDS IT"), first]
    if let probed = address.probed {
      var line = TextLine()
      add("tried", Figures.count(probed.tries), 0, to: &line)
      add("without an answer", Figures.count(probed.failures), 0, to: &line)
      if !probed.holder.isEmpty { add("answered by", probed.holder, 0, to: &line) }
      if let outage = probed.outage { add("last outage", Figures.gap(outage), 0, to: &line) }
      if let began = probed.outageBegan { add("at", moment(began), 0, to: &line) }
      lines.append(line)
    }
    return lines
  }

  private var name: [TextLine] {
    guard let answer = report.name else { return [] }
    var line = TextLine()
    add(
      "addresses", answer.addresses.isEmpty ? Figures.absent : answer.addresses.joined(separator: ", "), 0,
      to: &line)
    add("ttl", answer.timeToLive.map { "\($0) s" } ?? Figures.absent, 0, to: &line)
    add("asked", answer.server, 0, to: &line)
    return [.heading("WHERE IT LEADS"), line]
  }

  private var firewall: [TextLine] {
    guard let firewall = report.firewall else { return [] }
    var first = TextLine()
    add("new connections", Figures.rate(firewall.accepted), 7, to: &first)
    add("dropped", Figures.rate(firewall.dropped), 7, to: &first)
    return [.heading("WHAT PASSES"), first]
      + firewall.paths.map { path in
        var line = TextLine()
        line.add(path.to.description.leading(21, ellipsis: state.glyphs.ellipsis), at: 1)
        line.add((path.isAllowed ? "should pass" : "should not pass").leading(15), label)
        let role: Style.Role = path.isRight.map { $0 ? .up : .down } ?? .stale
        line.add(path.state?.word ?? "not tried", Style(role))
        return line
      }
  }

  private var host: [TextLine] {
    guard let host = report.host else { return [] }
    func share(_ share: Double?) -> String { Figures.percent(share) }
    var first = TextLine()
    add("cpu", share(host.processor), 7, to: &first)
    if let processors = host.status.processors { add("of", "\(processors) processors", 0, to: &first) }
    add("load", host.status.load.map { Figures.hundredths($0) } ?? Figures.absent, 0, to: &first)
    var second = TextLine()
    add("memory", share(host.memory), 7, to: &second)
    add("disk", share(host.disk), 7, to: &second)
    if !host.status.mount.isEmpty { add("at", host.status.mount, 0, to: &second) }
    var third = TextLine()
    add("receives", Figures.bytesRate(host.received), 0, to: &third)
    add("sends", Figures.bytesRate(host.sent), 0, to: &third)
    return [.heading("ITS MACHINE", sources(of: .host)), first, second, third]
  }

  private enum Kind {
    case workers, database, router, host
  }

  /// Who says it, and how old it is.
  private func sources(of kind: Kind) -> String {
    for id in node.sources where id.index < state.snapshot.sources.count {
      let report = state.snapshot.sources[id.index]
      let isOfKind =
        switch report.source.system {
        case .apache, .gunicorn, .uwsgi, .phpFPM, .metrics: kind == .workers
        case .mariadb, .mysql, .postgresql: kind == .database
        case .keepalived: kind == .router
        case .host: kind == .host
        case .haproxy, .nginx, .dns, .vip, .firewall, .path: false
        }
      if isOfKind { return report.source.system.word + age(report.age) }
    }
    return ""
  }

  private func moment(_ time: WallTime) -> String {
    Figures.moment(time, now: state.now?.wall, utcOffset: state.look.utcOffset)
  }
}

extension DatabaseStatus.Progress {
  fileprivate var word: String {
    switch self {
    case .stopped: "stopped"
    case .connecting: "connecting"
    case .running: "running"
    }
  }
}
