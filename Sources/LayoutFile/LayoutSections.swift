import Cluster

extension LayoutMistake.Section {
  /// The keys that the format knows here; none where the keys are names of the layout's own.
  var keys: [String] {
    switch self {
    case .layout:
      [
        "cluster", "interval", "entry", "tiers", "firewalls", "nftables", "drain", "audit", "health",
        "screen",
        "history",
      ]
    case .entry: ["dns", "resolver", "vip", "probe", "via", "frontends"]
    case .tier: ["tier", "mode", "nodes"]
    case .node: ["node", "address"] + Source.System.ofNodes.map(\.key) + ["via", "role", "of", "runs"]
    case .page, .database: ["url", "user", "password_env", "password_file"]
    case .metrics: LayoutMistake.Section.page.keys + ["requests", "errors", "latency", "busy"]
    case .nftables: ["table", "via"]
    case .firewall: ["between", "allow"]
    case .drain: ["keep_up", "hold"]
    case .health: LayoutMistake.Section.limits.keys + ["objective", "tiers", "nodes"]
    case .limits: ["error_rate", "latency", "queue", "sessions", "min_requests", "lag"]
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
    case .page, .metrics, .database: ["url"]
    case .nftables: ["table"]
    case .firewall: ["between", "allow"]
    case .entry, .drain, .health, .limits, .healthOfTiers, .healthOfNodes, .screen, .history: []
    }
  }
}

extension Source.System {
  /// Those that a node can have, in the order in which a layout is written.
  static var ofNodes: [Source.System] {
    allCases.filter { system in
      switch system {
      case .dns, .vip, .firewall, .path: false
      default: true
      }
    }
  }

  /// Its key in a node.
  var key: String { self == .phpFPM ? "php_fpm" : rawValue }
}
