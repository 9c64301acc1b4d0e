/// The configuration file of one load balancer.
enum HAProxyConfiguration {
  /// The text of `haproxy.cfg` for `loadBalancer`.
  static func text(of loadBalancer: LabPlan.LoadBalancer, in plan: LabPlan) -> String {
    """
    # \(loadBalancer.name), a load balancer of \(plan.title), written by `tiertop lab up`.
    # All load balancers of this cluster listen on the same addresses (SO_REUSEPORT): the kernel spreads new
    # connections over them. Each has an address of its own beside that, where only it answers.

    global
        node \(loadBalancer.name)
        description "\(plan.title)"
        nbthread 1
        maxconn 500
        # Whoever may read this directory may also drain servers here.
        stats socket \(loadBalancer.socket) mode 600 level admin expose-fd listeners
        stats timeout 30s
        hard-stop-after 10s

    defaults
        mode http
        option redispatch 1
        timeout connect 2s
        timeout client 30s
        timeout server 30s
        timeout queue 5s
        timeout http-request 10s
        timeout http-keep-alive 10s
        timeout check 2s
        # A server that fails is noticed within about two seconds, as the check goes on every second.
        default-server inter 1s fastinter 500ms fall 2 rise 2 maxconn 100
    \(plan.services.indices.map { frontend(plan.services[$0], isPublic: $0 == 0, of: loadBalancer) }.joined())\
    \(plan.services.map(backend).joined())
    """
  }

  private static func frontend(
    _ service: LabPlan.Service, isPublic: Bool, of loadBalancer: LabPlan.LoadBalancer
  ) -> String {
    let comment =
      isPublic
      ? "What the public sees."
      : "The tier before \(service.tier) finds it here, so that its traffic is counted too."
    let own = isPublic ? "    bind \(loadBalancer.address)\n" : ""
    return "\n# \(comment)\nfrontend \(service.frontend)\n    bind \(service.front)\n" + own
      + "    maxconn 400\n    default_backend \(service.tier)\n"
  }

  private static func backend(_ service: LabPlan.Service) -> String {
    let servers = service.servers.map { "    server \($0.name) \($0.address) check\n" }.joined()
    return """

      backend \(service.tier)
          balance roundrobin
          option httpchk
          http-check send meth GET uri /healthz

      """ + servers
  }
}
