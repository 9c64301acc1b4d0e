import Cluster

/// Writes a layout as a commented file that a person goes on editing.
struct LayoutWriter {
  let layout: Layout
  private var lines: [String] = []

  init(layout: Layout) { self.layout = layout }

  func text(origin: String?) -> String {
    var writer = self
    writer.head(origin)
    writer.entry()
    writer.tiers()
    writer.firewalls()
    writer.policies()
    writer.screen()
    writer.history()
    return writer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func add(_ line: String...) { lines += line }

  private mutating func head(_ origin: String?) {
    add("# A layout of tiertop: what this cluster is, what is asked of it, and how it is shown.")
    if let origin { add("# \(printable(origin))") }
    add(
      "# After each change: tiertop layout check FILE", "",
      "# The name at the top of the screen.", "cluster: \(yamlScalar(layout.cluster))",
      "# How often everything is asked: 100ms to 1h.", "interval: \(layout.interval.layoutText)", "")
  }

  private mutating func entry() {
    add(
      "# Where the traffic enters: the site's name, the virtual address (or a list of them),",
      "# and the frontends through which it comes, where it is not all of them.")
    guard let entry = layout.entry else {
      add("# entry: { dns: www.example.com, vip: 192.0.2.10 }", "")
      return
    }
    var pairs: [String] = []
    if let dns = entry.dns { pairs.append("dns: \(yamlScalar(dns))") }
    if !entry.vips.isEmpty { pairs.append("vip: \(list(entry.vips))") }
    if let resolver = entry.resolver { pairs.append("resolver: \(yamlScalar(resolver.description))") }
    if let probe = entry.probe { pairs.append("probe: \(probe)") }
    if let via = entry.via { pairs.append("via: \(yamlScalar(via.description))") }
    if !entry.frontends.isEmpty { pairs.append("frontends: \(list(entry.frontends))") }
    add("entry: \(mapping(pairs))", "")
  }

  private mutating func tiers() {
    add(
      "# The tiers, in the order in which a request passes them. Of each node:",
      "#   address    where it serves; a load balancer's server with this address is this node",
      "#   haproxy    an admin socket, tcp://host:port, or the URL of the stats page",
      "#   keepalived the directory in which keepalived leaves its state, for who holds the virtual address",
      "#   nginx      the URL of stub_status: http://, https:// or http+unix:///path.sock:/page",
      "#   apache     the URL of server-status; metrics: a page of Prometheus metrics",
      "#   gunicorn   udp://host:port, where tiertop listens for its statsd lines",
      "#   uwsgi      its stats server: a socket, tcp://host:port or http://host:port",
      "#   php_fpm    its status page: fcgi://host:port/page, or the URL of it through a web server",
      "#   mariadb, mysql, postgresql: { url: \"tcp://host:port\", user: tiertop, password_env: VARIABLE }",
      "#   host       the URL of node_exporter's metrics",
      "#   via        ssh://user@host, or netns:/path: everything of the node is reached through it",
      "#   role, of   primary; or replica, of: the primary it follows",
      "#   runs       the program: " + Layout.Program.allCases.map(\.rawValue).joined(separator: ", "),
      "# A page with a password: haproxy: { url: \"http://…\", user: ops, password_env: VARIABLE }",
      "tiers:")
    for tier in layout.tiers where !tier.nodes.isEmpty {
      add("  - tier: \(yamlScalar(tier.name.text))", "    mode: \(tier.mode.rawValue)", "    nodes:")
      for node in tier.nodes { add("      - " + mapping(pairs(of: node))) }
    }
    for source in layout.unplaced {
      add("# Whose is this? Put it into its node: \(source.system.rawValue): \(endpoint(source.endpoint))")
    }
    add("")
  }

  private func pairs(of node: Layout.Node) -> [String] {
    var pairs = ["node: \(yamlScalar(node.name.text))"]
    if let via = node.via { pairs.append("via: \(yamlScalar(via.description))") }
    if let address = node.address { pairs.append("address: \(yamlScalar(address.description))") }
    for system in Source.System.ofNodes {
      if let endpoint = node.endpoints[system] { pairs.append("\(system.key): \(self.endpoint(endpoint))") }
    }
    if let role = node.role { pairs.append("role: \(role.rawValue)") }
    if let primary = node.of { pairs.append("of: \(yamlScalar(primary.text))") }
    if let program = node.runs { pairs.append("runs: \(yamlScalar(program.rawValue))") }
    return pairs
  }

  private func endpoint(_ endpoint: Endpoint) -> String {
    let url = yamlScalar(endpoint.description)
    var pairs: [String] = []
    switch endpoint {
    case .http(let page): pairs = self.pairs(of: page.credentials)
    case .database(let database): pairs = self.pairs(of: database.credentials)
    case .metrics(let page, let names):
      pairs = self.pairs(of: page.credentials)
      for (key, name) in [
        ("requests", names.requests), ("errors", names.errors), ("latency", names.latency),
        ("busy", names.busy),
      ] {
        if let name { pairs.append("\(key): \(yamlScalar(name))") }
      }
    default: break
    }
    return pairs.isEmpty ? url : mapping(["url: \(url)"] + pairs)
  }

  private func pairs(of credentials: Credentials?) -> [String] {
    guard let credentials else { return [] }
    let password =
      switch credentials.password {
      case .environment(let variable): "password_env: \(yamlScalar(variable))"
      case .file(let path): "password_file: \(yamlScalar(path))"
      }
    return ["user: \(yamlScalar(credentials.user))", password]
  }

  private mutating func firewalls() {
    add("# What may pass between two tiers; everything else may not.")
    if layout.firewalls.isEmpty {
      add("# firewalls:", "#   - { between: [lb, web], allow: [80/tcp] }")
    } else {
      add("firewalls:")
    }
    for wall in layout.firewalls {
      let between = list([wall.from.text, wall.to.text], always: true)
      let allow = list(wall.allow.map(\.description), always: true)
      add("  - { between: \(between), allow: \(allow) }")
    }
    if let filter = layout.filter {
      var pairs = ["table: \(yamlScalar(filter.table))"]
      if let via = filter.via { pairs.append("via: \(yamlScalar(via.description))") }
      add("# Where what passes is counted.", "nftables: \(mapping(pairs))")
    }
    add("")
  }

  private mutating func policies() {
    add(
      "# A drain that leaves fewer serving nodes than keep_up in a backend asks a second time. With hold: true",
      "# what a person set, and a reload or another program changed, is set again by itself.",
      "drain: { keep_up: \(layout.drain.keepUp)\(layout.drain.hold ? ", hold: true" : "") }", "",
      "# Where every change and attempt is written: syslog, the absolute path of a file, or a list of both.",
      layout.audit.isEmpty
        ? "# audit: [syslog, /var/log/tiertop/audit.log]" : "audit: \(list(layout.audit.map(place)))", "",
      "# From where on a node is degraded: errors over requests, mean latency, requests in queue, sessions",
      "# in use; with fewer requests than min_requests nothing is said about errors. Other limits for a",
      "# tier or a node: tiers: { web: { latency: 200ms } }, nodes: { web1: { queue: 50 } }",
      "# objective: the share of time and of requests that is meant to succeed.", "health:")
    let limits = layout.health.defaults
    var all = HealthLimits.Changes()
    all.errorRate = limits.errorRate
    all.latency = limits.latency
    all.queue = limits.queue
    all.sessionShare = limits.sessionShare
    all.minimumAttempts = limits.minimumAttempts
    all.lag = limits.lag
    for pair in pairs(of: all) { add("  " + pair) }
    add("  objective: \(decimal(layout.objective))")
    let tiers = layout.health.tiers.map { ($0.key.text, $0.value) }
    let nodes = layout.health.nodes.map { ($0.key.text, $0.value) }
    for (key, changes) in [("tiers", tiers), ("nodes", nodes)] where !changes.isEmpty {
      add("  \(key):")
      for (name, changes) in changes.sorted(by: { $0.0 < $1.0 }) {
        add("    \(yamlScalar(name)): " + mapping(pairs(of: changes)))
      }
    }
    add("")
  }

  private func place(_ target: Layout.AuditTarget) -> String {
    switch target {
    case .syslog: "syslog"
    case .file(let path): path
    }
  }

  private func pairs(of changes: HealthLimits.Changes) -> [String] {
    var pairs: [String] = []
    if let share = changes.errorRate { pairs.append("error_rate: \(decimal(share))") }
    if let latency = changes.latency { pairs.append("latency: \(latency.layoutText)") }
    if let queue = changes.queue { pairs.append("queue: \(queue)") }
    if let share = changes.sessionShare { pairs.append("sessions: \(decimal(share))") }
    if let count = changes.minimumAttempts { pairs.append("min_requests: \(count)") }
    if let lag = changes.lag { pairs.append("lag: \(lag.layoutText)") }
    return pairs
  }

  private mutating func screen() {
    let views = ScreenPreferences.View.allCases.map(\.rawValue).joined(separator: ", ")
    let themes = ScreenPreferences.ThemeName.allCases.map(\.rawValue).joined(separator: ", ")
    let columns = ScreenPreferences.Column.allCases.map(\.rawValue).joined(separator: ", ")
    add(
      "# How it is shown. view: \(views).", "# theme: \(themes).", "# columns of the table, in their order:",
      "#   \(columns)", "screen:", "  view: \(layout.screen.view.rawValue)",
      "  theme: \(layout.screen.theme.rawValue)")
    if let columns = layout.screen.columns, !columns.isEmpty {
      add("  columns: \(list(columns.map(\.rawValue), always: true))")
    }
  }

  private mutating func history() {
    add(
      "",
      "# How long the past is kept: everything as it was read, sums by the minute, sums by the hour; the oldest",
      "# goes first where the file would be larger than size. history: off records nothing.")
    let history = layout.history
    guard history.isRecorded else {
      add("history: off")
      return
    }
    add(
      "history: "
        + mapping([
          "keep: \(history.keep.longText)", "minutes: \(history.minutes.longText)",
          "hours: \(history.hours.longText)", "size: \(history.size.sizeText)",
        ]))
  }

  /// A share to six decimals.
  private func decimal(_ share: Double) -> String {
    guard share > 0 else { return "0" }
    guard share < 1 else { return "1" }
    let digits = String(Int64((share * 1_000_000).rounded()))
    if digits.utf8.count > 6 { return "1" }
    var text = "0." + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? "0" : text
  }

  private func mapping(_ pairs: [String]) -> String {
    pairs.isEmpty ? "{}" : "{ " + pairs.joined(separator: ", ") + " }"
  }

  private func list(_ items: [String], always: Bool = false) -> String {
    let scalars = items.map { yamlScalar($0) }
    return scalars.count == 1 && !always ? scalars[0] : "[" + scalars.joined(separator: ", ") + "]"
  }
}
