import Cluster

/// The configuration file of one HAProxy of a site.
enum BalancerConfiguration {
  /// How many connections the public frontend takes at a time.
  static let publicConnections = 400

  /// The text of `haproxy.cfg`.
  static func text(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let balanced = plan.balanced
    var text = """
      # \(node.name), a load balancer of \(plan.title), written by `tiertop lab`.

      global
          node \(node.name)
          description "\(plan.title)"
          nbthread 1
          maxconn 500
          # Whoever may open this socket may also drain servers here.
          stats socket \(plan.statsSocket(of: node)) mode 600 level admin expose-fd listeners
          # Says at each address who answers there, and may change nothing.
          stats socket ipv4@0.0.0.0:\(SitePlan.probePort) level user
          stats timeout 30s
          hard-stop-after 10s

      defaults
          mode http
          option redispatch 1
          timeout connect 1s
          timeout client 30s
          timeout server 10s
          timeout queue 5s
          timeout http-request 10s
          timeout http-keep-alive 10s
          timeout check 1s
          # A server that fails is noticed within about two seconds, as the check goes on every second.
          default-server inter 1s fastinter 300ms fall 2 rise 2 maxconn 100

      # What the public sees, at the virtual address too while this one holds it.
      frontend \(plan.publicFrontend)
          bind :\(plan.port)
          maxconn \(publicConnections)

      """
    for group in plan.routed { text += "    use_backend \(group.name) if { path_beg /\(group.name)/ }\n" }
    text += "    default_backend \(balanced[0].name)\n"
    if !plan.virtualAddresses.isEmpty { text += healthFrontend(of: balanced[0]) }
    for group in balanced where plan.isInner(group) {
      text += """

        # The web servers find \(group.name) here, so that its traffic is counted too.
        frontend \(group.name)
            bind :\(group.port)
            maxconn 400
            default_backend \(group.name)

        """
    }
    for group in balanced {
      text += """

        backend \(group.name)
            balance roundrobin
            option httpchk
            http-check send meth GET uri /healthz

        """
      for server in group.nodes { text += "    server \(server.name) \(server.address) check\n" }
    }
    return text
  }

  private static func healthFrontend(of group: SitePlan.Group) -> String {
    """

    # For keepalived's watcher: who has no server left should not hold the virtual address. A frontend of its
    # own, so that these questions are not counted as traffic of the site.
    frontend keepalived
        bind 127.0.0.1:\(healthPort)
        acl nobody_serves nbsrv(\(group.name)) lt 1
        monitor-uri \(health)
        monitor fail if nobody_serves

    """
  }

  /// The page at which a load balancer says whether it can serve.
  static let health = "/haproxy-health"
  /// Where it does, to its own machine only.
  static let healthPort: UInt16 = 8404
}
