import Cluster

/// How many columns the names of a cluster take; changes only with the topology.
struct NameWidths: Hashable, Sendable {
  var node = 4
  var tier = 4
  var address = 7

  /// O(nodes).
  init(_ topology: Topology) {
    for node in topology.nodes {
      // Nothing is ever wider on the screen than this.
      self.node = max(self.node, node.name.text.utf8.count > 64 ? 64 : node.name.text.columns)
      if let address = node.address { self.address = max(self.address, address.description.utf8.count) }
    }
    for tier in topology.tiers { self.tier = max(self.tier, min(64, tier.name.text.columns)) }
  }
}
