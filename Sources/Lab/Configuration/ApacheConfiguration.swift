import Cluster

/// What one Apache is to do, in a lab or on a real machine.
struct ApacheConfiguration: Sendable, Hashable {
  /// The comment at the top, with the name of the node and where the file belongs.
  var head: String
  var name: String
  var setting: Setting
  var listen: SocketAddress
  /// Whether clients and load balancers come over TLS.
  var isEncrypted: Bool
  /// What answers, where a file does not.
  var members: [Member]
  var status: StatusPlace
  /// The load balancers' own addresses: only what they say of a client's address is believed.
  var balancers: [String]

  enum Setting: Sendable, Hashable {
    case lab(home: String, root: String)
    case machine
  }

  struct Member: Sendable, Hashable {
    var name: String
    var servers: [SocketAddress]
    /// The script that PHP runs; nil for what speaks HTTP.
    var script: String?
  }
}

extension ApacheConfiguration {
  /// The text of `apache2.conf`: all of it, so that nothing else is needed.
  var text: String {
    """
    \(head)
    \(modules)
    ServerName \(name)
    \(process)
    Listen \(listen)
    \(status.listen == listen.description ? "" : "Listen \(status.listen)\n")
    # Longer than the load balancers keep an idle connection: they close it, never this side.
    KeepAliveTimeout 75
    MaxKeepAliveRequests 0
    TypesConfig /etc/mime.types
    # Counts requests, and what they took.
    ExtendedStatus On

    DocumentRoot \(root)
    DirectoryIndex index.html
    \(access)<Location \(status.path)>
        SetHandler server-status
    \(statusAccess)</Location>
    \(realAddress)\(encryption)
    \(members.map(proxy).joined())
    """
  }

  private var isMachine: Bool { setting == .machine }

  private var root: String {
    if case .lab(_, let root) = setting { root } else { "/var/www/html" }
  }

  private var modules: String {
    var names = [
      "mpm_event", "authz_core", "dir", "mime", "status", "proxy", "proxy_http", "proxy_fcgi",
      "proxy_balancer", "lbmethod_byrequests", "slotmem_shm",
    ]
    if isMachine { names += ["remoteip", "alias"] }
    if isMachine, status.user != nil { names += ["auth_basic", "authn_core", "authn_file", "authz_user"] }
    if isEncrypted || status.isEncrypted { names += ["ssl"] }
    return names.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n" }.joined()
  }

  private var process: String {
    guard case .lab(let home, _) = setting else {
      return """
        ServerRoot /etc/apache2
        DefaultRuntimeDir /var/run/apache2
        PidFile /var/run/apache2/apache2.pid
        User www-data
        Group www-data
        ErrorLog /var/log/apache2/error.log
        LogLevel warn

        # 400 requests at once; more wait in the kernel's queue.
        ThreadsPerChild 25
        MaxRequestWorkers 400

        """
    }
    return """
      ServerRoot \(home)
      DefaultRuntimeDir \(home)
      PidFile \(home)/apache.pid
      ErrorLog /dev/stderr
      LogLevel error

      StartServers 1
      ThreadsPerChild 32
      MaxRequestWorkers 64

      """
  }

  private var access: String {
    guard isMachine else { return "" }
    return """
      # What the load balancers ask: whether this one can serve.
      RedirectMatch 204 ^/healthz$
      <Directory \(root)>
          Require all granted
      </Directory>

      """
  }

  private var statusAccess: String {
    if isMachine, let user = status.user {
      return """
            # Its password: htpasswd -c /etc/apache2/status.htpasswd \(user)
            AuthType Basic
            AuthName status
            AuthUserFile /etc/apache2/status.htpasswd
            Require valid-user

        """
    }
    let port = status.listen.drop { $0 != ":" }.split(separator: ":").last ?? "8080"
    return """
          # On a port that the load balancers do not use.
          Require expr "%{SERVER_PORT} == \(port)"

      """
  }

  private var realAddress: String {
    guard isMachine else { return "" }
    let lines =
      balancers.isEmpty
      ? "# RemoteIPInternalProxy ADDRESS   of each load balancer: the layout does not say them\n"
      : balancers.map { "RemoteIPInternalProxy \($0)\n" }.joined()
    return "\n# Whose request it is, as the load balancers say; from anybody else it is not believed.\n"
      + "RemoteIPHeader X-Forwarded-For\n" + lines
  }

  private var encryption: String {
    guard isEncrypted else { return "" }
    return """

      SSLEngine on
      SSLCertificateFile /etc/apache2/site.pem
      SSLCertificateKeyFile /etc/apache2/site.key

      """
  }

  private func proxy(_ member: Member) -> String {
    if let script = member.script {
      return "ProxyPassMatch ^/\(member.name)/ fcgi://\(member.servers[0])\(script)\n"
    }
    let servers = member.servers.map {
      "    BalancerMember http://\($0)/\(member.name)/ retry=2 connectiontimeout=1 timeout=10\n"
    }.joined()
    return "<Proxy balancer://\(member.name)>\n\(servers)</Proxy>\n"
      + "ProxyPass /\(member.name)/ balancer://\(member.name)/\n"
  }
}
