import Cluster

/// The configuration files of one web server of a site: Nginx, or Apache.
enum WebConfiguration {
  /// Of one Nginx, those to the application included.
  static let nginxConnections = 256
  static let apacheWorkers = 64

  /// The text of `nginx.conf`.
  static func nginx(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let home = plan.home(of: node)
    let groups = plan.groups.filter { !plan.servers(of: $0, from: node.network).isEmpty }
    return """
      # \(node.name), a web server of \(plan.title), written by `tiertop lab`.

      # One process, which ends with the lab: a master's workers would outlive it.
      daemon off;
      master_process off;
      user root;
      pid \(home)/nginx.pid;
      error_log stderr warn;

      events {
          worker_connections \(nginxConnections);
      }

      http {
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

          # Longer than the load balancers keep an idle connection: they close it, never this side.
          keepalive_timeout 75s;
          keepalive_requests 10000;
      \(groups.map { upstream($0, plan.servers(of: $0, from: node.network)) }.joined())
          server {
              listen \(node.address);
              root \(plan.directory)/\(LabPlan.site);
              # Empty but while a fault is played.
              include \(home)/fault*.conf;

              location = / {
                  try_files /index.html =404;
              }
              location = /healthz {
                  return 200 "ok\\n";
              }
      \(groups.map { location($0, in: plan) }.joined())    }

          # How it is, on a port that the load balancers do not use.
          server {
              listen \(node.address.host):8080;
              location = /nginx_status {
                  stub_status;
              }
          }
      }

      """
  }

  private static func upstream(_ group: SitePlan.Group, _ servers: [SocketAddress]) -> String {
    """

        upstream \(group.name) {
    \(servers.map { "        server \($0) max_fails=1 fail_timeout=2s;\n" }.joined())\
            keepalive 8;
            keepalive_requests 50;
            keepalive_timeout 5s;
        }

    """
  }

  private static func location(_ group: SitePlan.Group, in plan: SitePlan) -> String {
    if group.program == .phpFPM {
      return """

                location /\(group.name)/ {
                    fastcgi_pass \(group.name);
                    fastcgi_param SCRIPT_FILENAME \(plan.home(of: group.nodes[0]))/index.php;
                    fastcgi_param REQUEST_METHOD $request_method;
                    fastcgi_param REQUEST_URI $request_uri;
                    fastcgi_connect_timeout 1s;
                    fastcgi_read_timeout 10s;
                }

        """
    }
    return """

              location /\(group.name)/ {
                  proxy_pass http://\(group.name);
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                  proxy_connect_timeout 1s;
                  proxy_read_timeout 10s;
              }

      """
  }

  /// The text of `apache.conf`.
  static func apache(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let home = plan.home(of: node)
    let groups = plan.groups.filter { !plan.servers(of: $0, from: node.network).isEmpty }
    let modules = [
      "mpm_event", "authz_core", "dir", "mime", "status", "proxy", "proxy_http", "proxy_fcgi",
      "proxy_balancer",
      "lbmethod_byrequests", "slotmem_shm",
    ]
    let loads = modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n" }.joined()
    let proxies = groups.map { group in
      if group.program == .phpFPM {
        let page = "\(group.nodes[0].address)\(plan.home(of: group.nodes[0]))/index.php"
        return "ProxyPassMatch ^/\(group.name)/ fcgi://\(page)\n"
      }
      let members = plan.servers(of: group, from: node.network).map {
        "    BalancerMember http://\($0)/\(group.name)/ retry=2 connectiontimeout=1 timeout=10\n"
      }.joined()
      return "<Proxy balancer://\(group.name)>\n\(members)</Proxy>\n"
        + "ProxyPass /\(group.name)/ balancer://\(group.name)/\n"
    }.joined()
    return """
      # \(node.name), a web server of \(plan.title), written by `tiertop lab`.
      \(loads)
      ServerName \(node.name)
      ServerRoot \(home)
      DefaultRuntimeDir \(home)
      PidFile \(home)/apache.pid
      ErrorLog /dev/stderr
      LogLevel error
      Listen \(node.address)
      Listen \(node.address.host):8080

      StartServers 1
      ThreadsPerChild 32
      MaxRequestWorkers \(apacheWorkers)
      KeepAliveTimeout 75
      MaxKeepAliveRequests 0
      TypesConfig /etc/mime.types
      ExtendedStatus On

      DocumentRoot \(plan.directory)/\(LabPlan.site)
      DirectoryIndex index.html
      <Location /server-status>
          SetHandler server-status
          # On a port that the load balancers do not use.
          Require expr "%{SERVER_PORT} == 8080"
      </Location>
      \(proxies)
      """
  }
}
