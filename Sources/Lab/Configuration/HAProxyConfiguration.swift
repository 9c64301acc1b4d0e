import Cluster

/// What one HAProxy is to do, whoever it does it for: a lab on plain loopback, a site in namespaces, or a real machine.
struct HAProxyConfiguration: Sendable, Hashable {
  /// The comment at the top, with the name of the node and where the file belongs.
  var head: String
  var node: String
  var title: String
  var setting: Setting
  /// Its stats sockets, each with the reason for it.
  var sockets: [Socket]
  /// Where its stats are shown as a page.
  var page: Page?
  /// What it is reached at, the clients' first.
  var frontends: [Frontend]
  var backends: [Backend]
  /// Where keepalived's check asks whether it can serve; nil where no address moves.
  var health: Health?

  enum Setting: Sendable, Hashable { case lab, machine }

  struct Socket: Sendable, Hashable {
    var comment: String
    var text: String
  }

  struct Page: Sendable, Hashable {
    var port: UInt16
    var path: String
    /// Who may see it, with the password from HAProxy's environment.
    var user: String?
    var isEncrypted: Bool
  }

  struct Frontend: Sendable, Hashable {
    var name: String
    var comment: String
    var binds: [String]
    /// Backends that a path leads to, by their names.
    var routed: [String] = []
    var backend: String
  }

  struct Backend: Sendable, Hashable {
    var name: String
    var servers: [Server]

    struct Server: Sendable, Hashable {
      var name: String
      var address: SocketAddress
      /// The name in its certificate; nil where it is reached in the clear.
      var certificate: String?
    }
  }

  enum Health: Sendable, Hashable {
    /// On the clients' own frontend.
    case inPublic
    /// On an address that only this machine reaches.
    case at(SocketAddress)
  }

  /// The page at which a load balancer says whether it can serve.
  static let healthPage = "/haproxy-health"
  /// The environment variable that holds the password of the stats page.
  static let passwordVariable = "HAPROXY_STATS_PASSWORD"
  /// The certificate and its key, in one file.
  static let certificate = "/etc/haproxy/site.pem"
}

extension HAProxyConfiguration {
  /// The text of `haproxy.cfg`.
  var text: String {
    head + "\n" + global + "\n" + defaults + frontends.enumerated().map(frontend).joined() + ownHealth
      + statsPage + backends.map(backend).joined()
  }

  private var isMachine: Bool { setting == .machine }

  private var global: String {
    let sockets = sockets.map { "    # \($0.comment)\n    stats socket \($0.text)\n" }.joined()
    let process =
      isMachine
      ? """
          user haproxy
          group haproxy
          chroot /var/lib/haproxy
          log /dev/log local0
          # All connections together; the service needs twice as many descriptors, which systemd gives it.
          maxconn 8000

      """ : "    nbthread 1\n    maxconn 500\n"
    return """
      global
          node \(node)
          description "\(title)"
      \(process)\(sockets)    stats timeout 30s
          # An old process lets go of its last sessions after that long: at a reload.
          hard-stop-after \(isMachine ? "5m" : "10s")

      """
  }

  private var defaults: String {
    let logging =
      isMachine
      ? """
          log global
          option httplog
          option dontlognull

      """ : ""
    return """
      defaults
          mode http
      \(logging)    # The web servers log, and pass on, whose request it is.
          option forwardfor
          option redispatch 1
          timeout connect 1s
          timeout client 30s
          timeout server 10s
          timeout queue 5s
          timeout http-request 10s
          timeout http-keep-alive 10s
          timeout check 1s
          # A server that fails is noticed within about two seconds, as the check goes on every second. What is above
          # its maxconn waits here: better than a server that takes more than it can.
          default-server inter 1s fastinter 300ms fall 2 rise 2 maxconn \(isMachine ? 500 : 100)

      """
  }

  private func frontend(place: Int, _ frontend: Frontend) -> String {
    var text = "\n# \(frontend.comment)\nfrontend \(frontend.name)\n"
    for bind in frontend.binds { text += "    bind \(bind)\n" }
    text += "    maxconn \(isMachine ? 8000 : 400)\n"
    if place == 0, health == .inPublic { text += monitor }
    if isMachine, !frontend.routed.isEmpty {
      text += "    # Which paths lead where is the site's own affair: these are a beginning.\n"
    }
    for name in frontend.routed { text += "    use_backend \(name) if { path_beg /\(name)/ }\n" }
    return text + "    default_backend \(frontend.backend)\n"
  }

  private var monitor: String {
    """
        # Who has no server left should not hold the virtual address: keepalived's check asks this.
        acl nobody_serves nbsrv(\(frontends[0].backend)) lt 1
        monitor-uri \(Self.healthPage)
        monitor fail if nobody_serves

    """
  }

  private var ownHealth: String {
    guard case .at(let address)? = health else { return "" }
    return "\n# For keepalived on this machine, and for nobody else.\nfrontend health\n    bind \(address)\n"
      + monitor
  }

  private var statsPage: String {
    guard let page else { return "" }
    let access = page.user.map {
      """
          # The password is in HAProxy's environment (/etc/default/haproxy), and never in this file.
          stats auth "\($0):${\(Self.passwordVariable)}"

      """
    }
    let check = """

      # Without a password anybody would come in.
      .if !defined(\(Self.passwordVariable))
      .alert "\(Self.passwordVariable) is not set: put it into /etc/default/haproxy"
      .endif

      """
    return """
      \(access == nil ? "" : check)
      # What this load balancer says of itself, as a page; tiertop reads it too.
      frontend stats
          bind :\(page.port)\(page.isEncrypted ? " ssl crt \(Self.certificate)" : "")
          stats enable
          stats uri \(page.path)
      \(access ?? "")
      """
  }

  private func backend(_ backend: Backend) -> String {
    var text = "\nbackend \(backend.name)\n    balance roundrobin\n"
    if isMachine {
      text += "    # Each server answers this page with 200 when it can serve, and with 503 when it cannot.\n"
    }
    text += "    option httpchk\n    http-check send meth GET uri /healthz\n"
    for server in backend.servers {
      text += "    server \(server.name) \(server.address) check"
      if let name = server.certificate {
        text +=
          " ssl verify required ca-file @system-ca sni str(\(name)) check-sni \(name) verifyhost \(name)"
      }
      text += "\n"
    }
    return text
  }
}
