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
          "        iifname $\(variable(plan.networks[from])) oifname $\(variable(plan.networks[to])) jump \(name)\n"
      }
    }
    return plan.head(
      of: plan.isForMachines ? SitePlan.firewall : SitePlan.router, "the router between the tiers", .nftables)
      + (plan.isForMachines ? Self.notes : "") + """

        # The interfaces of this machine, one to each tier\(plan.isForMachines ? ": put in the names that they have here" : "").
        \(plan.networks.map { "define \(variable($0)) = \"\($0.bridge)\"\n" }.joined())
        # What was loaded before is replaced, the counters with it.
        table inet tiertop
        delete table inet tiertop

        table inet tiertop {
        \(counters)\(chains)
            chain forward {
                type filter hook forward priority filter; policy \(isClosed ? "drop" : "accept");
                # Answers, and all that follows on what was let through.
                ct state established,related accept
                # What belongs to no connection any more is no attempt at one.
                tcp flags & (fin | syn | rst | ack) != syn drop
        \(plan.isForMachines ? Self.own : "")\(jumps)    }
        }

        """
  }

  private static let notes = """
    # This machine has to forward: net.ipv4.ip_forward=1 (and net.ipv6.conf.all.forwarding=1) in /etc/sysctl.d/.
    # Only what passes through it is filtered here, not what is sent to itself.

    """

  private static let own = """
            # The machine where tiertop runs, and from which the others are looked after, has to get through as well.
            # Put its address in, and take the first sign of the line away:
            # ip saddr ADDRESS accept

    """

  private static func variable(_ network: SitePlan.Network) -> String { "to_" + name(network.name) }

  /// As `Layout.PacketFilter` calls them.
  private static func name(_ tier: String) -> String { tier.replacing("-", with: "_") }
}
