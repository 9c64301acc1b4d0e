import Cluster

/// The configuration file of one web server, and the static site that all of them serve.
enum NginxConfiguration {
  /// The text of `nginx.conf` for `server`; `next` is the tier that answers what is not static.
  static func text(of server: LabPlan.Server, next: LabPlan.Service?, in plan: LabPlan) -> String {
    let home = "\(plan.directory)/\(server.name)"
    return """
      # \(server.name), a web server of \(plan.title), written by `tiertop lab up`.

      # One process, which ends with the lab: a master's workers would outlive it.
      daemon off;
      master_process off;
      pid \(home)/nginx.pid;
      error_log stderr warn;

      events {
          worker_connections 256;
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
      \(upstream(next))
          server {
              listen \(server.address);
              root \(plan.directory)/site;

              location = /healthz {
                  return 200 "ok\\n";
              }
      \(location(next))    }
      \(status(server))}

      """
  }

  private static func upstream(_ next: LabPlan.Service?) -> String {
    guard let next else { return "" }
    return """

          # The \(next.tier) tier, through the load balancers. Few requests a connection: so all of them get some.
          upstream \(next.tier) {
              server \(next.front);
              keepalive 8;
              keepalive_requests 50;
              keepalive_timeout 5s;
          }

      """
  }

  private static func location(_ next: LabPlan.Service?) -> String {
    guard let next else { return "" }
    return """

              location /\(next.tier)/ {
                  proxy_pass http://\(next.tier);
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                  proxy_connect_timeout 2s;
                  proxy_read_timeout 10s;
              }

      """
  }

  private static func status(_ server: LabPlan.Server) -> String {
    guard let status = server.status else { return "" }
    return """

          # How it is, on a port that the load balancers do not use.
          server {
              listen \(status);
              location = /nginx_status {
                  stub_status;
              }
          }

      """
  }

  /// The static files, by their names in the `site` directory.
  static func site(title: String) -> [(name: String, text: String)] {
    [
      (
        "index.html",
        """
        <!doctype html>
        <html lang="en">
        <title>\(title)</title>
        <link rel="stylesheet" href="/style.css">
        <img src="/logo.svg" alt="" width="64" height="64">
        <h1>\(title)</h1>
        <p>A demo site: it is served by the cluster that tiertop shows.</p>

        """
      ),
      ("style.css", "body { font-family: sans-serif; margin: 4rem auto; max-width: 40rem; }\n"),
      (
        "logo.svg",
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3">
        <path d="M0 2h1v1H0zm1-1h1v2H1zm1-1h1v3H2z"/>
        </svg>

        """
      ),
    ]
  }
}
