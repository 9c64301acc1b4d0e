import Cluster

/// The configuration of the name server of a site, dnsmasq: it knows one name.
enum NameServerConfiguration {
  static func text(of plan: SitePlan) -> String {
    let name = plan.given.entry?.dns ?? "localhost"
    return """
      # The name server of \(plan.title), written by `tiertop lab`.
      # In the foreground, and as the user that starts it: in a user namespace there is no other.
      no-daemon
      no-resolv
      no-hosts
      bind-interfaces
      listen-address=\(plan.clients.host(53))
      # Seconds for which an answer may be kept: short, so that a change of addresses is soon everywhere.
      local-ttl=5
      \(plan.entries.map { "host-record=\(name),\($0.host)" }.joined(separator: "\n"))

      """
  }
}
