import Cluster

/// The rules of the router between the tiers: what `nft -f` reads.
enum FirewallRules {
  static let table = "inet tiertop"

  /// Everything that is not allowed is dropped; both are counted, by each pair of tiers. Only the first packet of a
  /// connection comes to a counter: so it counts connections.
  static func text(of plan: SitePlan) -> String {
    var counters = ""
    var chains = ""
    var jumps = ""
    let isClosed = !plan.given.firewalls.isEmpty
    for from in plan.networks.indices {
      for to in plan.networks.indices where to > 0 && to != from {
        let name = Self.name(plan.networks[from].name) + "_" + Self.name(plan.networks[to].name)
        let allowed = plan.firewall(from: from, to: to)
        if allowed.isEmpty && (to < from || !isClosed) { continue }
        counters += "    counter \(name) { }\n    counter \(name)_dropped { }\n"
        chains += "\n    chain \(name) {\n"
        for port in allowed {
          chains += "        \(port.transport.rawValue) dport \(port.number) counter name \(name) accept\n"
        }
        chains += isClosed ? "        counter name \(name)_dropped drop\n    }\n" : "    }\n"
        jumps +=
          "        iifname \"\(plan.networks[from].bridge)\" oifname \"\(plan.networks[to].bridge)\" jump \(name)\n"
      }
    }
    return """
      # The firewalls of \(plan.title), written by `tiertop lab`.
      # Loaded by: nft -f FILE, on the machine that routes between the tiers. The names after iifname and oifname are
      # those of its interfaces, one to each tier.
      table inet tiertop {
      \(counters)\(chains)
          chain forward {
              type filter hook forward priority filter; policy \(isClosed ? "drop" : "accept");
              # Answers, and all that follows on what was let through.
              ct state established,related accept
              # What belongs to no connection any more is no attempt at one.
              tcp flags & (fin | syn | rst | ack) != syn drop
      \(jumps)    }
      }

      """
  }

  /// As `Layout.PacketFilter` calls them.
  private static func name(_ tier: String) -> String { tier.replacing("-", with: "_") }
}
