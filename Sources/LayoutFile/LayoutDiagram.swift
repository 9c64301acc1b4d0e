public import Cluster

/// A layout as a flowchart of Mermaid: tiers as boxes of nodes, where the traffic enters, and on the arrows what the
/// firewalls let pass.
public enum LayoutDiagram {
  /// The text, without a fence around it. The same layout gives the same text; whatever a name has in it stays a name.
  public static func text(of layout: Layout) -> String {
    var lines = ["flowchart TB"]
    let tiers = layout.tiers.filter { !$0.nodes.isEmpty }
    lines += entry(of: layout, first: tiers.first)
    for (place, tier) in tiers.enumerated() { lines += box(tier, place) }
    lines += arrows(of: layout, tiers)
    lines += replication(tiers)
    return lines.map { $0 + "\n" }.joined()
  }

  /// The name, the addresses, and who has them: the first load balancers hold one each, the others may.
  private static func entry(of layout: Layout, first: Layout.Tier?) -> [String] {
    guard let entry = layout.entry, let first else { return [] }
    var lines: [String] = []
    if let name = entry.dns { lines.append("  dns([\"DNS \(label(name))\"])") }
    for (place, address) in entry.vips.enumerated() {
      lines.append("  vip\(place)([\"VIP \(label(address))\"])")
      if entry.dns != nil { lines.append("  dns --> vip\(place)") }
      for index in first.nodes.indices {
        let isHome = index == place % first.nodes.count
        lines.append("  vip\(place) \(isHome ? "-->" : "-.->") \(node(0, index))")
      }
    }
    if entry.dns != nil, entry.vips.isEmpty {
      for index in first.nodes.indices { lines.append("  dns --> \(node(0, index))") }
    }
    return lines
  }

  private static func box(_ tier: Layout.Tier, _ place: Int) -> [String] {
    let mode = place == 0 && tier.nodes.count > 1 ? ", \(tier.mode.rawValue)" : ""
    var lines = ["  subgraph tier\(place)[\"\(label(tier.name.text))\(mode)\"]"]
    for (index, node) in tier.nodes.enumerated() {
      var words = [label(node.name.text)]
      if let address = node.address { words.append(label(address.description)) }
      let what = [node.runs?.rawValue ?? usualProgram(of: node), node.role?.rawValue].compactMap { $0 }
      if !what.isEmpty { words.append(what.joined(separator: " ")) }
      lines.append("    \(self.node(place, index))[\"\(words.joined(separator: "<br/>"))\"]")
    }
    return lines + ["  end"]
  }

  private static func usualProgram(of node: Layout.Node) -> String? {
    let systems: [Source.System] = [
      .haproxy, .nginx, .apache, .gunicorn, .uwsgi, .phpFPM, .mariadb, .mysql, .postgresql,
    ]
    return systems.first { node.endpoints[$0] != nil }?.rawValue
  }

  /// What may pass; where no firewall is, from each tier to the next.
  private static func arrows(of layout: Layout, _ tiers: [Layout.Tier]) -> [String] {
    guard !layout.firewalls.isEmpty else {
      return tiers.indices.dropFirst().map { "  tier\($0 - 1) --> tier\($0)" }
    }
    return layout.firewalls.compactMap { wall in
      guard let from = tiers.firstIndex(where: { $0.name == wall.from }),
        let to = tiers.firstIndex(where: { $0.name == wall.to })
      else { return nil }
      if wall.allow.isEmpty { return "  tier\(from) --x|\"firewall: nothing passes\"| tier\(to)" }
      let ports = wall.allow.map(\.description).joined(separator: ", ")
      return "  tier\(from) -->|\"firewall: \(ports)\"| tier\(to)"
    }
  }

  private static func replication(_ tiers: [Layout.Tier]) -> [String] {
    tiers.enumerated().flatMap { place, tier in
      tier.nodes.enumerated().compactMap { index, node in
        guard let of = node.of, let primary = tier.nodes.firstIndex(where: { $0.name == of }) else {
          return nil
        }
        return "  \(self.node(place, primary)) -.->|replication| \(self.node(place, index))"
      }
    }
  }

  /// Numbered, and not named: a name may be a word of Mermaid's own, or have one in it.
  private static func node(_ tier: Int, _ index: Int) -> String { "node\(tier)_\(index)" }

  /// Text within the quotes of a label: what could mean something to Mermaid, to Markdown or to HTML is a number there.
  private static func label(_ text: String) -> String {
    var label = ""
    let scalars = Array(printable(text).unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      let isPlain =
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", "_", ":", "/", ",": true
        // Before a space they would begin a list.
        case ".", "-": place + 1 < scalars.count && scalars[place + 1] != " "
        default: !scalar.isASCII && scalar.properties.isAlphabetic
        }
      label += isPlain ? String(scalar) : "#\(scalar.value);"
    }
    return label.isEmpty ? "#63;" : label
  }
}
