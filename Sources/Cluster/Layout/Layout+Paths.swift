extension Layout.Entry {
  /// What is asked of where the traffic enters: the name, each virtual address.
  var sources: [Source] {
    var sources: [Source] = []
    if let dns {
      sources.append(
        Source(
          node: NodeName(dns), system: .dns, endpoint: .name(dns, server: resolver), via: via,
          every: Layout.slowly))
    }
    guard let probe else { return sources }
    for vip in vips {
      let host = SocketAddress(parsing: vip)?.host ?? vip
      sources.append(
        Source(node: NodeName(vip), system: .vip, endpoint: .tcp(host: host, port: probe), via: via))
    }
    return sources
  }
}

extension Layout {
  /// What changes seldom, or costs the other side something, is asked in every so many ticks.
  static let slowly = 5

  /// What lies between two tiers, or what should not: by the order of the tiers.
  struct Border: Hashable {
    var from: TierName
    var to: TierName
    /// nil where the layout lets nothing pass.
    var firewall: Firewall?

    var name: NodeName { NodeName("\(from.text)>\(to.text)") }
  }

  /// Where the clients are, as if it were a tier: what they should not reach but through the load balancers.
  static let clients = TierName("clients")

  /// The firewalls of the layout, and where there are any, also what none of them joins: each tier with those
  /// that come later on the way of a request, and the clients with all but the first.
  var borders: [Border] {
    guard !firewalls.isEmpty else { return [] }
    var borders = firewalls.map { Border(from: $0.from, to: $0.to, firewall: $0) }
    let open = Set(firewalls.map { [$0.from, $0.to] })
    let names = tiers.map(\.name)
    for (place, from) in ([Layout.clients] + names).enumerated() {
      // The clients may reach the first tier, and it is not behind any firewall of the layout.
      for to in names.dropFirst(max(1, place)) where !open.contains([from, to]) {
        borders.append(Border(from: from, to: to))
      }
    }
    return borders
  }

  /// The firewall's counters, and the connections that are tried: from the first node of a tier that can be
  /// entered, to each node of another. What the layout lets pass should stand; where it lets nothing pass, what
  /// the node serves should not be reached.
  var firewallSources: [Source] {
    var sources: [Source] = []
    for border in borders {
      if let filter, border.firewall != nil {
        sources.append(
          Source(
            node: border.name, system: .firewall, endpoint: .counters(table: filter.table), via: filter.via))
      }
      guard let to = tiers.first(where: { $0.name == border.to }), let passage = place(in: border.from) else {
        continue
      }
      for node in to.nodes {
        guard let address = node.address else { continue }
        let allowed = border.firewall?.allow.filter { $0.transport == .tcp } ?? []
        let isAllowed = allowed.contains { $0.number == address.port }
        // A node need not serve on every port that its tier may be asked on; its own is what counts.
        if isAllowed || border.firewall == nil {
          sources.append(
            Source(
              node: border.name, system: .path, endpoint: .path(to: address, isAllowed: isAllowed),
              via: passage, every: Layout.slowly))
        }
      }
    }
    return sources
  }
}

extension Layout {
  /// From where it can be tried what a tier may reach; nil where it cannot.
  private func place(in tier: TierName) -> Passage? {
    if tier == Layout.clients { return entry?.via }
    return tiers.first { $0.name == tier }?.nodes.compactMap(\.via).first
  }
}

extension Layout.PacketFilter {
  /// The counter of what passes a border, which is that node: `lb>web` is counted by `lb_web`.
  static func counter(of border: NodeName) -> String {
    String(border.text.map { $0 == ">" || $0 == "-" ? "_" : $0 })
  }

  /// The counter of what it does not let pass.
  static func dropCounter(of border: NodeName) -> String { counter(of: border) + "_dropped" }
}
