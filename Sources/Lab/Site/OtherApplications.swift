import Cluster

/// The application of a site for Node, and for PHP with its PHP-FPM.
enum OtherApplications {
  static let nodeConnections = 128
  static let fpmChildren = 4

  /// The text of `application.js`, with a page of metrics as Prometheus reads them.
  static func node(_ node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    // The application of \(plan.title) on \(node.name), written by `tiertop lab`.
    "use strict";
    const fs = require("fs");
    const http = require("http");

    const LATENCY = \(12 + 8 * node.index); // milliseconds, mean
    const FAILURES = \(plan.hasLoad ? 0.005 : 0); // share of answers that are a 500
    const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    const counts = BUCKETS.map(() => 0);
    let requests = 0, errors = 0, seconds = 0, inFlight = 0;

    // What is played here: seconds to wait, and a share of errors.
    function fault() {
      try {
        return fs.readFileSync("fault", "utf8").trim().split(" ").map(Number);
      } catch {
        return [0, 0];
      }
    }

    function metrics() {
      let text = "# TYPE http_requests_total counter\\nhttp_requests_total " + requests + "\\n";
      text += "# TYPE http_errors_total counter\\nhttp_errors_total " + errors + "\\n";
      text += "# TYPE http_requests_in_flight gauge\\nhttp_requests_in_flight " + inFlight + "\\n";
      text += "# TYPE http_request_duration_seconds histogram\\n";
      BUCKETS.forEach((limit, place) => {
        text += `http_request_duration_seconds_bucket{le="${limit}"} ${counts[place]}\\n`;
      });
      text += `http_request_duration_seconds_bucket{le="+Inf"} ${requests}\\n`;
      return text + `http_request_duration_seconds_sum ${seconds}\\nhttp_request_duration_seconds_count ${requests}\\n`;
    }

    function send(response, status, text) {
      response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(text) });
      response.end(text);
    }

    const server = http.createServer((request, response) => {
      if (request.url === "/healthz") return send(response, 200, "ok\\n");
      if (request.url === "/metrics") return send(response, 200, metrics());
      const start = process.hrtime.bigint();
      const [slow, share] = fault();
      inFlight += 1;
      setTimeout(() => {
        let status = 200;
        if (request.url.includes("/missing")) status = 404;
        if (request.url.endsWith("/error") || Math.random() < Math.max(FAILURES, share)) status = 500;
        const took = Number(process.hrtime.bigint() - start) / 1e9;
        inFlight -= 1;
        requests += 1;
        seconds += took;
        if (status === 500) errors += 1;
        BUCKETS.forEach((limit, place) => { if (took <= limit) counts[place] += 1; });
        send(response, status, status === 200 ? "hello from \(node.name)\\n" : "status " + status + "\\n");
      }, slow * 1000 + LATENCY * (0.5 - Math.log(1 - Math.random()) / 2));
    });
    // Longer than the load balancers keep an idle connection: they close it, never this side.
    server.keepAliveTimeout = 75000;
    server.maxConnections = \(nodeConnections);
    server.listen(\(node.address.port), "\(node.address.host)");

    """
  }

  /// The text of `php-fpm.conf`.
  static func fpm(_ node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    ; PHP-FPM of \(node.name) in \(plan.title), written by `tiertop lab`.
    [global]
    error_log = /dev/stderr
    daemonize = no
    pid = \(plan.home(of: node))/php-fpm.pid

    [www]
    listen = \(node.address)
    user = root
    pm = static
    pm.max_children = \(fpmChildren)
    pm.status_path = /status
    chdir = \(plan.home(of: node))

    """
  }

  /// The text of `index.php`.
  static func php(_ node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    <?php
    // The application of \(plan.title), written by `tiertop lab`. The file `fault` beside it makes it slower.
    $path = $_SERVER['REQUEST_URI'];
    header('Content-Type: text/plain');
    $fault = @file_get_contents('fault');
    list($slow, $errors) = $fault ? array_map('floatval', explode(' ', $fault)) : array(0, 0);
    if (strpos($path, '/missing') !== false) { http_response_code(404); exit("no such page\\n"); }
    if (substr($path, -6) === '/error') { http_response_code(500); exit("an error, as asked for\\n"); }
    usleep((int) (($slow + 0.02 * (0.5 - log(1 - mt_rand() / (mt_getrandmax() + 1)) / 2)) * 1000000));
    if (mt_rand() / mt_getrandmax() < max($errors, \(plan.hasLoad ? 0.005 : 0))) { http_response_code(500); exit("an error, as happens\\n"); }
    echo 'hello from ', gethostname(), "\\n";

    """
  }
}
