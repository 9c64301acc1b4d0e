import Cluster

/// What one Nginx is to do, whoever it does it for: a lab on plain loopback, a site in namespaces, or a real machine.
struct NginxConfiguration: Sendable, Hashable {
  /// The comment at the top, with the name of the node and where the file belongs.
  var head: String
  var setting: Setting
  var listen: SocketAddress
  /// Whether clients and load balancers come over TLS.
  var isEncrypted = false
  /// What answers, where a file does not.
  var upstreams: [Upstream]
  var status: StatusPlace?
  /// The load balancers' own addresses: only what they say of a client's address is believed.
  var balancers: [String] = []

  enum Setting: Sendable, Hashable {
    /// One process in a directory of its own; `root` has the files that it serves, `faults` what is played there.
    case lab(home: String, root: String, user: String?, faults: Bool)
    case machine
  }

  struct Upstream: Sendable, Hashable {
    var name: String
    var comment: String?
    var servers: [SocketAddress]
    /// The script that PHP runs; nil for what speaks HTTP.
    var script: String?
  }

  /// How many connections one of a lab takes, those to the application included.
  static let labConnections = 256
}

extension NginxConfiguration {
  /// The text of `nginx.conf`.
  var text: String {
    """
    \(head)
    \(process)
    http {
    \(settings)
        # Longer than the load balancers keep an idle connection: they close it, never this side.
        keepalive_timeout 75s;
        keepalive_requests 10000;
    \(realAddress)\(upstreams.map(upstream).joined())
        server {
            listen \(listen)\(isEncrypted ? " ssl" : "");
    \(certificate)        root \(root);
    \(files)
            location = /healthz {
                return 200 "ok\\n";
            }
    \(ownLocations.map(location).joined())    }
    \(statusServer)}

    """
  }

  private var isMachine: Bool { setting == .machine }

  private var root: String {
    if case .lab(_, let root, _, _) = setting { root } else { "/var/www/html" }
  }

  private var process: String {
    guard case .lab(let home, _, let user, _) = setting else {
      return """
        user www-data;
        worker_processes auto;
        pid /run/nginx.pid;
        error_log /var/log/nginx/error.log warn;

        events {
            worker_connections 4096;
        }

        """
    }
    return """
      # One process, which ends with the lab: a master's workers would outlive it.
      daemon off;
      master_process off;
      \(user.map { "user \($0);\n" } ?? "")pid \(home)/nginx.pid;
      error_log stderr warn;

      events {
          worker_connections \(Self.labConnections);
      }

      """
  }

  private var settings: String {
    guard case .lab(let home, _, _, _) = setting else {
      return """
            # With what each answer took here, and behind: the first question at night.
            log_format timed '$remote_addr [$time_local] "$request" $status $body_bytes_sent '
                             '$request_time $upstream_addr $upstream_status $upstream_response_time';
            access_log /var/log/nginx/access.log timed;
            server_tokens off;
            sendfile on;
            include /etc/nginx/mime.types;
            default_type application/octet-stream;

        """
    }
    return """
          access_log off;
          log_not_found off;
          server_tokens off;
          default_type text/plain;
          types {
              text/html html;
              text/css css;
              image/svg+xml svg;
          }

          # Everything it may write stays in its own directory.
          client_body_temp_path \(home)/body;
          proxy_temp_path \(home)/proxy;
          fastcgi_temp_path \(home)/fastcgi;
          uwsgi_temp_path \(home)/uwsgi;
          scgi_temp_path \(home)/scgi;

      """
  }

  private var realAddress: String {
    guard isMachine else { return "" }
    let lines =
      balancers.isEmpty
      ? "    # set_real_ip_from ADDRESS;   # of each load balancer: the layout does not say them\n"
      : balancers.map { "    set_real_ip_from \($0);\n" }.joined()
    return """

          # Whose request it is, as the load balancers say; from anybody else it is not believed.
      \(lines)    real_ip_header X-Forwarded-For;

      """
  }

  private var certificate: String {
    guard isEncrypted else { return "" }
    return """
              ssl_certificate /etc/nginx/site.pem;
              ssl_certificate_key /etc/nginx/site.key;

      """
  }

  /// What answers on a machine whatever is no file; a lab has a path for each.
  private var fallback: Upstream? { isMachine ? upstreams.first { $0.script == nil } : nil }

  private var ownLocations: [Upstream] { upstreams.filter { $0 != fallback } }

  /// What is served as files, and what is not.
  private var files: String {
    guard case .lab(let home, _, _, let hasFaults) = setting else {
      guard let first = fallback else { return "" }
      return """

                # What is no file is a page of the application.
                location / {
                    try_files $uri @\(first.name);
                }
                location @\(first.name) {
        \(proxy(first))        }

        """
    }
    let faults = """
              # Empty but while a fault is played.
              include \(home)/fault*.conf;

              location = / {
                  try_files /index.html =404;
              }

      """
    return hasFaults ? faults : ""
  }

  private func upstream(_ upstream: Upstream) -> String {
    """

    \(upstream.comment.map { "    # \($0)\n" } ?? "")    upstream \(upstream.name) {
    \(upstream.servers.map { "        server \($0) max_fails=1 fail_timeout=2s;\n" }.joined())\
            keepalive 8;
            keepalive_requests 50;
            keepalive_timeout 5s;
        }

    """
  }

  private func location(_ upstream: Upstream) -> String {
    guard let script = upstream.script else {
      return "\n        location /\(upstream.name)/ {\n\(proxy(upstream))        }\n"
    }
    return """

              location /\(upstream.name)/ {
                  fastcgi_pass \(upstream.name);
                  fastcgi_param SCRIPT_FILENAME \(script);
                  fastcgi_param REQUEST_METHOD $request_method;
                  fastcgi_param REQUEST_URI $request_uri;
      \(isMachine ? Self.body : "")            fastcgi_connect_timeout 1s;
                  fastcgi_read_timeout 10s;
              }

      """
  }

  /// What a page of PHP needs to read what it was sent.
  private static let body = """
                fastcgi_param QUERY_STRING $query_string;
                fastcgi_param CONTENT_TYPE $content_type;
                fastcgi_param CONTENT_LENGTH $content_length;
                fastcgi_param REMOTE_ADDR $remote_addr;

    """

  private func proxy(_ upstream: Upstream) -> String {
    let forwarded = "            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n"
    return """
                  proxy_pass http://\(upstream.name);
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
      \(isMachine ? forwarded : "")            proxy_connect_timeout 1s;
                  proxy_read_timeout 10s;

      """
  }

  private var statusServer: String {
    guard let status else { return "" }
    let isShared = status.listen == listen.description
    var text = "\n    # How it is, "
    text += isShared ? "by a name of its own.\n" : "on a port that the load balancers do not use.\n"
    text += "    server {\n        listen \(status.listen)\(status.isEncrypted ? " ssl" : "");\n"
    if let name = status.name { text += "        server_name \(name);\n" }
    if status.isEncrypted { text += certificate.isEmpty ? Self.ownCertificate : certificate }
    text += "        location = \(status.path) {\n            stub_status;\n"
    if isMachine { text += access(to: status) }
    return text + "        }\n    }\n"
  }

  private static let ownCertificate = """
            ssl_certificate /etc/nginx/site.pem;
            ssl_certificate_key /etc/nginx/site.key;

    """

  private func access(to status: StatusPlace) -> String {
    if let user = status.user {
      return """
                    # Its password: htpasswd -c /etc/nginx/status.htpasswd \(user)
                    auth_basic status;
                    auth_basic_user_file /etc/nginx/status.htpasswd;

        """
    }
    return status.isLocal
      ? ""
      : """
                  # Better only for the machine where tiertop runs:
                  # allow ADDRESS; deny all;

      """
  }
}
