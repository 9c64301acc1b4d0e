import Cluster

/// The firewall of one machine, for a site whose tiers have no router between them.
enum HostFirewall {
  /// The text of `nftables.conf`: what the layout lets pass to this machine from others, by their addresses.
  static func text(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let others = plan.networks.indices.filter { $0 != node.network }
    let rules = others.map { self.rules(from: $0, to: node, in: plan) }
    let isDatabase = SitePlan.databasePrograms.contains(node.program)
    let peers = plan.nodes.filter {
      isDatabase && $0.network == node.network && $0.program == node.program && $0.name != node.name
    }
    return plan.head(of: node.name, "a firewall of its own", .nftables) + """

      # What was loaded before is replaced, the counters with it.
      table inet tiertop
      delete table inet tiertop

      table inet tiertop {
      \(rules.map(\.counters).joined())    counter dropped { }

          chain input {
              type filter hook input priority filter; policy drop;
              # Answers, and all that follows on what was let in.
              ct state established,related accept
              iifname "lo" accept
              # Without these packets that are too large vanish, and IPv6 finds no neighbours.
              meta l4proto { icmp, ipv6-icmp } accept
              # Whoever looks after this machine. Better only from where they are: ip saddr ADDRESS tcp dport 22 accept
              tcp dport 22 accept
              # The machine where tiertop runs: put its address in, and take the first sign of the line away.
              # ip saddr ADDRESS accept
      \(node.program == .haproxy && !plan.virtualAddresses.isEmpty ? Self.vrrp : "")\
      \(peers.map { peer($0, of: node) }.joined())\(rules.map(\.text).joined())        counter name dropped drop
          }
      }

      """
  }

  /// Each database of a tier may become the one that the others follow.
  private static func peer(_ other: SitePlan.Node, of node: SitePlan.Node) -> String {
    "        # \(other.name), for replication.\n"
      + "        \(family(of: other)) saddr \(other.address.host) tcp dport \(node.address.port) accept\n"
  }

  private static func family(of node: SitePlan.Node) -> String {
    node.address.host.contains(":") ? "ip6" : "ip"
  }

  private static let vrrp = """
            # The other load balancers' signs of life.
            meta l4proto vrrp accept

    """

  private static func rules(
    from: Int, to node: SitePlan.Node, in plan: SitePlan
  ) -> (counters: String, text: String) {
    let allowed = plan.firewall(from: from, to: node.network)
    // A load balancer serves inner tiers too, each at a port of its own.
    let ports = allowed.filter { $0.number == node.address.port || node.program == .haproxy }
    guard !ports.isEmpty else { return ("", "") }
    let name = (plan.networks[from].name + "_" + plan.networks[node.network].name).replacing("-", with: "_")
    var text = ""
    for port in ports {
      let rule = "\(port.transport.rawValue) dport \(port.number) counter name \(name) accept\n"
      if from == 0 {
        text += "        " + rule
        continue
      }
      for other in plan.nodes where other.network == from {
        if other.address.host == SitePlan.anywhere {
          text += "        # The layout does not say the address of \(other.name): put it in.\n"
          text += "        # ip saddr ADDRESS \(rule)"
        } else {
          text += "        \(family(of: other)) saddr \(other.address.host) \(rule)"
        }
      }
    }
    return ("    counter \(name) { }\n", text)
  }
}
