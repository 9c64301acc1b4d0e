import Cluster

extension LayoutReader {
  mutating func firewalls(_ node: YAMLNode) -> [Layout.Firewall] {
    var places: [[TierName]: Place] = [:]
    var firewalls: [Layout.Firewall] = []
    for item in items(of: node, named: "firewalls", mayBeEmpty: true) {
      let fields = fields(of: item, in: .firewall)
      var between: [TierName] = []
      if let node = fields["between"] { between = self.between(node) }
      if between.count == 2 {
        if let first = places[between] {
          note(.duplicateFirewall(first: first), at: item.place)
        } else {
          places[between] = item.place
        }
      }
      var allow: [Layout.Firewall.Port] = []
      if let node = fields["allow"] {
        for item in items(of: node, named: "ports", mayBeEmpty: true) {
          if let port = firewallPort(item) { allow.append(port) }
        }
      }
      if between.count == 2 {
        firewalls.append(Layout.Firewall(from: between[0], to: between[1], allow: allow))
      }
    }
    return firewalls
  }

  mutating func filter(_ node: YAMLNode) -> Layout.PacketFilter? {
    let fields = fields(of: node, in: .nftables)
    let via = fields["via"].flatMap { passage($0) }
    return fields["table"].flatMap { table($0) }.map { Layout.PacketFilter(table: $0, via: via) }
  }

  /// Two tiers that are there; fewer where something was wrong.
  private mutating func between(_ node: YAMLNode) -> [TierName] {
    guard case .sequence(let items) = node.content, items.count == 2 else {
      noteValue(node, expected: .twoTiers)
      return []
    }
    var tiers: [TierName] = []
    for item in items {
      guard let name = name(item, spaces: false) else { continue }
      if tierPlaces[TierName(name)] == nil {
        noteUnknownTier(name, at: item.place)
      } else if tiers == [TierName(name)] {
        note(.firewallWithinTier(Self.shown(name)), at: item.place)
      } else {
        tiers.append(TierName(name))
      }
    }
    return tiers
  }

  private mutating func firewallPort(_ node: YAMLNode) -> Layout.Firewall.Port? {
    value(node, .portAndTransport) { text in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let number = UInt16(port: parts[0]) else { return nil }
      return Layout.Firewall.Port.Transport(rawValue: String(parts[1])).map {
        Layout.Firewall.Port(number: number, transport: $0)
      }
    }
  }

  mutating func drain(_ node: YAMLNode) -> Layout.DrainPolicy {
    let fields = fields(of: node, in: .drain)
    var drain = Layout.DrainPolicy()
    if let node = fields["keep_up"] { drain.keepUp = Int(count(node, in: 0...10_000) ?? 0) }
    if let node = fields["hold"] { drain.hold = truth(node) ?? false }
    return drain
  }

  /// One place or a list of them, each once.
  mutating func audit(_ node: YAMLNode) -> [Layout.AuditTarget] {
    var places: [Layout.AuditTarget: Place] = [:]
    var targets: [Layout.AuditTarget] = []
    for item in oneOrMore(node, named: "places (syslog, or absolute paths)") {
      guard let target = auditTarget(item) else { continue }
      if let first = places[target] {
        note(.duplicateAudit(Self.shown(text(of: item) ?? ""), first: first), at: item.place)
      } else {
        places[target] = item.place
        targets.append(target)
      }
    }
    return targets
  }

  private mutating func auditTarget(_ node: YAMLNode) -> Layout.AuditTarget? {
    guard let text = text(of: node) else {
      noteValue(node, expected: .auditTarget)
      return nil
    }
    if text == "syslog" { return .syslog }
    if Self.isAbsolutePath(text), !text.hasSuffix("/") { return .file(path: text) }
    noteValue(node, expected: .auditTarget, nearest: suggestion(for: text, in: ["syslog"]))
    return nil
  }

  mutating func health(_ node: YAMLNode, of layout: inout Layout) {
    let fields = fields(of: node, in: .health)
    var policy = HealthPolicy()
    policy.defaults.apply(changes(fields))
    if let node = fields["objective"] { layout.objective = objective(node) ?? layout.objective }
    if let node = fields["tiers"] {
      for (name, place, value) in pairs(of: node, in: .healthOfTiers) ?? [] {
        if tierPlaces[TierName(name)] == nil { noteUnknownTier(name, at: place) }
        policy.tiers[TierName(name)] = changes(self.fields(of: value, in: .limits))
      }
    }
    if let node = fields["nodes"] {
      for (name, place, value) in pairs(of: node, in: .healthOfNodes) ?? [] {
        if nodePlaces[NodeName(name)] == nil { noteUnknownNode(name, at: place) }
        policy.nodes[NodeName(name)] = changes(self.fields(of: value, in: .limits))
      }
    }
    layout.health = policy
  }

  private mutating func changes(_ fields: [String: YAMLNode]) -> HealthLimits.Changes {
    var changes = HealthLimits.Changes()
    if let node = fields["error_rate"] { changes.errorRate = share(node) }
    if let node = fields["latency"] {
      changes.latency = duration(node, in: .milliseconds(1) ... .seconds(3600))
    }
    if let node = fields["queue"] { changes.queue = count(node, in: 0...1_000_000_000) }
    if let node = fields["sessions"] { changes.sessionShare = share(node) }
    if let node = fields["min_requests"] { changes.minimumAttempts = count(node, in: 0...1_000_000_000) }
    if let node = fields["lag"] { changes.lag = duration(node, in: .milliseconds(1) ... .seconds(86_400)) }
    return changes
  }

  mutating func screen(_ node: YAMLNode) -> ScreenPreferences {
    let fields = fields(of: node, in: .screen)
    var screen = ScreenPreferences()
    if let node = fields["view"] {
      screen.view = choice(node, of: ScreenPreferences.View.self) ?? screen.view
    }
    if let node = fields["theme"] {
      screen.theme = choice(node, of: ScreenPreferences.ThemeName.self) ?? screen.theme
    }
    if let node = fields["columns"] {
      var places: [ScreenPreferences.Column: Place] = [:]
      var columns: [ScreenPreferences.Column] = []
      for item in items(of: node, named: "columns") {
        guard let column = choice(item, of: ScreenPreferences.Column.self) else { continue }
        if let first = places[column] {
          note(.duplicateColumn(column.rawValue, first: first), at: item.place)
        } else {
          places[column] = item.place
          columns.append(column)
        }
      }
      screen.columns = columns
    }
    return screen
  }
}
