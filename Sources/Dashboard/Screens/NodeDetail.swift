import Cluster

/// What there is to say about one node, block by block.
struct NodeDetail {
  let state: State
  let place: Int
  let width: Int

  var node: Topology.Node { state.topology.nodes[place] }
  var report: NodeReport { state.snapshot.nodes[place] }
  var label: Style { Style(.label) }

  var head: [TextLine] {
    let verdict = report.verdict
    var first = TextLine()
    first.add(node.name.text.shortened(40, ellipsis: state.glyphs.ellipsis), Style(.title, .bold), at: 1)
    first.add("\(state.glyphs.state(verdict.state)) \(verdict.mark)", Style(verdict.state.role))
    if let since = report.since, let now = state.now {
      let span = Figures.span(.nanoseconds(now.wall.nanoseconds &- since.nanoseconds))
      first.add("since \(Figures.timeOfDay(since, utcOffset: state.look.utcOffset)), for \(span)", label)
    }
    var second = TextLine()
    second.add("tier", label, at: 1)
    second.add(state.topology.tiers[node.tier].name.text, gap: 1)
    if let role = node.role {
      second.add("role", label)
      second.add(role.rawValue + (node.of.map { " of \($0)" } ?? ""), gap: 1)
    }
    if let address = node.address {
      second.add("address", label)
      second.add(address.description, gap: 1)
    }
    if !node.isInLayout { second.add("not in the layout: a load balancer names it", label) }
    var lines = [first, second]
    if let reason = verdict.reason {
      var line = TextLine()
      line.add(
        reason.words.shortened(width - 2, ellipsis: state.glyphs.ellipsis), Style(verdict.state.role), at: 1)
      lines.append(line)
    }
    return lines
  }

  /// The sum over the load balancers, and a row for each of their servers.
  var balancersView: [TextLine] {
    if node.balancer != nil || node.servers.isEmpty { return [] }
    let balancers = Set(node.servers.map { state.topology.servers[$0].balancerNode }).count
    let note = "summed over \(balancers) load balancer\(balancers == 1 ? "" : "s")\(age(report.age))"
    return [.heading("AS THE LOAD BALANCERS SEE IT", note)] + totals
      + servers.lines(
        width: width - 1, inset: 1, ellipsis: state.glyphs.ellipsis)
  }

  private var totals: [TextLine] {
    let traffic = report.traffic
    var first = TextLine()
    add("requests", report.isReset && traffic.qps == nil ? "reset" : Figures.rate(traffic.qps), 7, to: &first)
    add("errors", Figures.percent(traffic.errorRate), 7, to: &first)
    add("latency avg", Figures.latency(traffic.latency), 7, to: &first)
    add("max", Figures.latency(traffic.latencyMax), 7, to: &first)
    var second = TextLine()
    add("sessions", Figures.count(report.sessions), 7, to: &second)
    if let limit = report.sessionLimit { add("of at most", Figures.count(limit), 0, to: &second) }
    add("queue", Figures.count(report.queue), 0, to: &second)
    guard let watched = report.watched else { return [first, second] }
    var third = TextLine()
    let since = Figures.timeOfDay(watched.since, utcOffset: state.look.utcOffset)
    add("watched since", since, 0, to: &third)
    // To the last one: somebody may compare them with another count.
    add("requests", String(watched.requests), 0, to: &third)
    add("failed", String(watched.errors), 0, to: &third)
    return [first, second, third]
  }

  private var servers: TextTable {
    let columns: [TextTable.Column] = [
      .init(title: "LB", width: 6, rank: 1), .init(title: "SERVER", width: 14, rank: 2),
      .init(title: "STATUS", width: 10, rank: 0), .init(title: "ADMIN", width: 5, rank: 4),
      .init(title: "WEIGHT", width: 6, isNumber: true, rank: 8),
      .init(title: "REQ/S", width: 7, isNumber: true, rank: 3),
      .init(title: "ERRORS", width: 7, isNumber: true, rank: 5),
      .init(title: "AVG", width: 7, isNumber: true, rank: 6),
      .init(title: "QUEUED", width: 7, isNumber: true, rank: 13),
      .init(title: "CONNECT", width: 7, isNumber: true, rank: 12),
      .init(title: "ANSWER", width: 7, isNumber: true, rank: 11),
      .init(title: "SESS", width: 5, isNumber: true, rank: 7),
      .init(title: "QUEUE", width: 5, isNumber: true, rank: 10),
      .init(title: "CHECK", width: 10, rank: 9, isOpen: true),
    ]
    let rows = node.servers.map { index -> [TextTable.Field] in
      let server = state.topology.servers[index]
      let report = state.snapshot.servers[index]
      let check = [report.checkStatus, report.lastCheck].filter { !$0.isEmpty }.joined(separator: " ")
      func part(_ value: Int64?) -> String { Figures.latency(value.map(Double.init)) }
      return [
        (state.topology.nodes[server.balancerNode].name.text, .plain), (server.id.description, .plain),
        (report.status.isEmpty ? Figures.absent : report.status, Style(report.state.role)),
        (report.admin.word, report.admin == .ready ? label : Style(.draining)),
        (Figures.count(report.weight), .plain), (Figures.rate(report.traffic.qps), .plain),
        (Figures.percent(report.traffic.errorRate), .plain),
        (Figures.latency(report.traffic.latency), .plain),
        (part(report.times.queue), .plain), (part(report.times.connect), .plain),
        (part(report.times.response), .plain), (Figures.count(report.sessions), .plain),
        (Figures.count(report.queue), .plain), (check, label),
      ]
    }
    return TextTable(columns: columns, rows: rows)
  }

  /// What people set on it, and what of that is no longer so.
  var wishes: [TextLine] {
    let intents = state.model.intents
    if intents.isEmpty || node.servers.isEmpty { return [] }
    var lines: [TextLine] = []
    for place in node.servers {
      let row = state.snapshot.row(ofServer: place)
      for intent in [intents.state(of: row), intents.weight(of: row)] {
        guard let intent else { continue }
        let lost = state.snapshot.lost.first { $0.intent == intent }
        var line = TextLine()
        line.add(row.balancer.text.leading(8, ellipsis: state.glyphs.ellipsis), at: 1)
        line.add("\(row.server) \(intent.wish.word)", Style(lost == nil ? .text : .degraded))
        line.add("by \(intent.actor.words)", label)
        line.add(Figures.timeOfDay(intent.since, utcOffset: state.look.utcOffset), label)
        if !intent.note.isEmpty { line.add(intent.note) }
        if let lost { line.add("lost: \(lost.cause.words)", Style(.degraded)) }
        lines.append(line)
      }
    }
    if lines.isEmpty { return [] }
    let isLost = state.snapshot.lost.contains { lost in
      node.servers.contains { state.snapshot.row(ofServer: $0) == lost.intent.row }
    }
    return [.heading("WHAT WAS SET, AND BY WHOM", isLost ? "a sets again what is lost" : "")] + lines
  }

  /// A load balancer's own frontends and backends.
  var proxies: [TextLine] {
    guard node.balancer != nil else { return [] }
    var lines: [TextLine] = [.heading("WHAT IT PASSES ON", "its frontends\(age(report.age))")] + totals
    var own = TextLine()
    add("5xx of its own", Figures.count(report.ownErrors), 7, to: &own)
    lines.append(own)
    if node.proxies.isEmpty { return lines }
    let columns: [TextTable.Column] = [
      .init(title: "KIND", width: 8, rank: 1), .init(title: "NAME", width: 12, isOpen: false),
      .init(title: "STATUS", width: 6, rank: 0), .init(title: "REQ/S", width: 7, isNumber: true, rank: 2),
      .init(title: "ERRORS", width: 7, isNumber: true, rank: 3),
      .init(title: "OWN", width: 5, isNumber: true, rank: 8),
      .init(title: "AVG", width: 7, isNumber: true, rank: 4),
      .init(title: "SESS", width: 5, isNumber: true, rank: 5),
      .init(title: "LIMIT", width: 6, isNumber: true, rank: 9),
      .init(title: "QUEUE", width: 5, isNumber: true, rank: 7),
      .init(title: "USABLE", width: 6, isNumber: true, rank: 6),
    ]
    let rows = node.proxies.map { index -> [TextTable.Field] in
      let proxy = state.topology.proxies[index]
      let report = state.snapshot.proxies[index]
      let isGood = report.status.hasPrefix("UP") || report.status == "OPEN"
      return [
        (proxy.kind == .frontend ? "frontend" : "backend", label), (proxy.name, .plain),
        (report.status.isEmpty ? Figures.absent : report.status, Style(isGood ? .up : .down)),
        (Figures.rate(report.traffic.qps), .plain), (Figures.percent(report.traffic.errorRate), .plain),
        (Figures.count(report.ownErrors), .plain), (Figures.latency(report.traffic.latency), .plain),
        (Figures.count(report.sessions), .plain), (Figures.count(report.sessionLimit), .plain),
        (Figures.count(report.queue), .plain), (Figures.count(report.usableServers), .plain),
      ]
    }
    return lines
      + TextTable(columns: columns, rows: rows).lines(
        width: width - 1, inset: 1, ellipsis: state.glyphs.ellipsis)
  }

  /// What Nginx says.
  var ownView: [TextLine] {
    guard let web = report.web else { return [] }
    var first = TextLine()
    add("requests", Figures.rate(web.qps), 7, to: &first)
    first.add("without our own polls", label, gap: 1)
    add("dropped", Figures.count(web.dropped), 0, to: &first)
    var second = TextLine()
    add("active", Figures.count(web.status.active), 0, to: &second)
    add("reading", Figures.count(web.status.reading), 0, to: &second)
    add("writing", Figures.count(web.status.writing), 0, to: &second)
    add("waiting", Figures.count(web.status.waiting), 0, to: &second)
    return [.heading("WHAT IT SAYS OF ITSELF", "Nginx\(age(web.age))"), first, second]
  }

  /// What HAProxy says of its process.
  var process: [TextLine] {
    node.sources.flatMap { source -> [TextLine] in
      guard let info = state.snapshot.sources[source.index].info else { return [] }
      var first = TextLine()
      add("version", info.version, 0, to: &first)
      add("pid", info.pid.map(String.init) ?? Figures.absent, 0, to: &first)
      add("up for", info.uptimeSeconds.map { Figures.span(.seconds($0)) } ?? Figures.absent, 0, to: &first)
      if !info.node.isEmpty { add("on host", info.node, 0, to: &first) }
      var second = TextLine()
      let connections = "\(Figures.count(info.currentConnections)) of \(Figures.count(info.maxConnections))"
      add("connections", connections, 0, to: &second)
      add("threads", Figures.count(info.threads), 0, to: &second)
      add("idle", info.idlePercent.map { "\($0) %" } ?? Figures.absent, 0, to: &second)
      return [.heading("ITS PROCESS", "HAProxy"), first, second]
    }
  }

  var sources: [TextLine] {
    var lines: [TextLine] = [.heading("WHERE IT COMES FROM")]
    let own = node.sources.map(\.index)
    let balancers = Set(node.servers.map { state.topology.servers[$0].balancer.index }).sorted()
    let shown = (own + balancers.filter { !own.contains($0) }).filter { $0 < state.snapshot.sources.count }
    func place(_ source: Source) -> String {
      source.endpoint.description + (source.via.map { " via \($0)" } ?? "")
    }
    let longest = shown.map { place(state.snapshot.sources[$0].source).columns }.max() ?? 0
    let systemWidth = shown.map { state.snapshot.sources[$0].source.system.word.columns }.max() ?? 0
    let placeWidth = min(longest, max(10, width - 43 - systemWidth))
    let ellipsis = state.glyphs.ellipsis
    for index in shown {
      let report = state.snapshot.sources[index]
      var line = TextLine()
      line.add(report.source.node.text.leading(8, ellipsis: ellipsis), at: 1)
      line.add(report.source.system.word.leading(systemWidth), label)
      line.add(place(report.source).leading(placeWidth, ellipsis: ellipsis))
      if report.failure == nil, report.age != nil {
        line.add("ok", Style(.up))
        if let took = report.took { line.add("in \(Figures.latency(took.seconds * 1000))", label, gap: 1) }
      }
      line.add(report.age == nil ? "never read" : "age \(Figures.age(report.age))", label)
      lines.append(line)
      if let failure = report.failure {
        var line = TextLine()
        let style = report.waitsToBeTold ? label : Style(.down)
        line.add(failure.words.shortened(width - 5, ellipsis: state.glyphs.ellipsis), style, at: 4)
        lines.append(line)
      }
    }
    if lines.count == 1 {
      var line = TextLine()
      line.add("nothing is polled of it, and no load balancer names it", label, at: 1)
      lines.append(line)
    }
    return lines
  }

  var limits: [TextLine] {
    var line = TextLine()
    let limits = node.limits
    add("errors", Figures.limit(limits.errorRate), 0, to: &line)
    add("latency avg", Figures.latency(limits.latency.seconds * 1000), 0, to: &line)
    add("queue", Figures.count(limits.queue), 0, to: &line)
    add("sessions", Figures.limit(limits.sessionShare), 0, to: &line)
    return [.heading("DEGRADED ABOVE"), line]
  }

  /// A label and its figure in a field of at least `least` columns.
  func add(_ name: String, _ figure: String, _ least: Int, to line: inout TextLine) {
    line.add(name, label, gap: 3)
    line.add(figure.columns < least ? figure.trailing(least) : figure, gap: 1)
  }

  func age(_ age: Duration?) -> String { age.map { ", age \(Figures.age($0))" } ?? "" }
}
