extension LayoutMistake.Section {
  /// The keys that the format knows here; none where the keys are names of the layout's own.
  var keys: [String] {
    switch self {
    case .layout:
      ["cluster", "interval", "entry", "tiers", "firewalls", "drain", "audit", "health", "screen", "history"]
    case .entry: ["dns", "vip", "frontends"]
    case .tier: ["tier", "mode", "nodes"]
    case .node: ["node", "address", "haproxy", "nginx", "keepalived", "via", "role", "of", "runs"]
    case .page: ["url", "user", "password_env", "password_file"]
    case .firewall: ["between", "allow"]
    case .drain: ["keep_up", "hold"]
    case .health: LayoutMistake.Section.limits.keys + ["objective", "tiers", "nodes"]
    case .limits: ["error_rate", "latency", "queue", "sessions", "min_requests"]
    case .healthOfTiers, .healthOfNodes: []
    case .screen: ["view", "columns", "theme"]
    case .history: ["keep", "minutes", "hours", "size"]
    }
  }

  /// The keys without which there is nothing to show.
  var required: [String] {
    switch self {
    case .layout: ["cluster", "tiers"]
    case .tier: ["tier", "nodes"]
    case .node: ["node"]
    case .page: ["url"]
    case .firewall: ["between", "allow"]
    case .entry, .drain, .health, .limits, .healthOfTiers, .healthOfNodes, .screen, .history: []
    }
  }
}
