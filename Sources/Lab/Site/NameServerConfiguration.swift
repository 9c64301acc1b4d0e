import Cluster

/// The configuration of the name server of a site, dnsmasq: it knows one name.
enum NameServerConfiguration {
  static func text(of plan: SitePlan) -> String {
    let name = plan.given.entry?.dns ?? "localhost"
    return """
      # The name server of \(plan.title), written by `tiertop lab`.
      keep-in-foreground
      user=root
      pid-file=
      no-resolv
      no-hosts
      log-facility=-
      bind-interfaces
      listen-address=\(plan.clients.host(53))
      # Seconds for which an answer may be kept: short, so that a change of addresses is soon everywhere.
      local-ttl=5
      \(plan.entries.map { "host-record=\(name),\($0.host)" }.joined(separator: "\n"))

      """
  }
}
