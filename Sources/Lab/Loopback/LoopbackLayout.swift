import Cluster

/// What of a layout can stand on plain loopback addresses: without namespaces nothing routes, nothing filters, and no
/// address moves.
enum LoopbackLayout {
  private static let programs: Set<Layout.Program> = [.haproxy, .nginx, .gunicorn]

  /// - Returns: the layout without what cannot stand there, and what that is, in words.
  static func of(_ layout: Layout) -> (layout: Layout, left: [String]) {
    var plain = layout
    var left: [String] = []
    if !layout.firewalls.isEmpty { left.append("firewalls") }
    if layout.nodes.contains(where: { $0.endpoints[.keepalived] != nil }) {
      left.append("address that moves")
    }
    if layout.entry?.dns != nil { left.append("name server") }
    plain.firewalls = []
    plain.entry?.dns = nil
    for tier in plain.tiers.indices {
      plain.tiers[tier].nodes = plain.tiers[tier].nodes.compactMap { node in
        if let program = node.runs, !programs.contains(program) {
          left.append("\(node.name.text) (\(program.rawValue))")
          return nil
        }
        var node = node
        node.via = nil
        return node
      }
    }
    plain.tiers.removeAll(where: \.nodes.isEmpty)
    return (plain, left)
  }
}
