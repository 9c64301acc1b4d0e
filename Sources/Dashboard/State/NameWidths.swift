import Cluster

/// How many columns the names of a cluster take; changes only with the topology.
struct NameWidths: Hashable, Sendable {
  var node = 4
  var tier = 4
  var address = 7
  private var allNodes = 4
  private var allTiers = 4

  /// The same with the site's names, addresses and firewalls, where they stand among the machines.
  var ofEverything: NameWidths {
    var all = self
    all.node = allNodes
    all.tier = allTiers
    return all
  }

  /// O(nodes).
  init(_ topology: Topology) {
    for node in topology.nodes {
      let columns = Self.columns(of: node.name.text)
      allNodes = max(allNodes, columns)
      // Sites' names and addresses may be long: they have lines of their own.
      guard node.kind == .machine else { continue }
      self.node = max(self.node, columns)
      if let address = node.address { self.address = max(self.address, address.description.utf8.count) }
    }
    for tier in topology.tiers {
      let columns = Self.columns(of: tier.name.text)
      allTiers = max(allTiers, columns)
      if tier.kind == .serving { self.tier = max(self.tier, columns) }
    }
  }

  /// Nothing is ever wider on the screen than 64.
  private static func columns(of name: String) -> Int { name.utf8.count > 64 ? 64 : name.columns }
}
