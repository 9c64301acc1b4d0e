import Cluster

/// What makes a web server slow or fail on demand: Nginx asks it before each page while a fault is played.
enum FaultServer {
  /// The text of `fault.py SOCKET SECONDS SHARE`.
  static func text(of node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    # Makes \(node.name) of \(plan.title) slow, or fail; written by `tiertop lab`.
    import http.server
    import random
    import socketserver
    import sys
    import time

    PATH, SLOW, ERRORS = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])


    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(SLOW)
            self.send_response(500 if random.random() < ERRORS else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

        def address_string(self):
            return "nginx"


    class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_):
            # Nginx ends, and its questions with it.
            pass


    Server(PATH, Handler).serve_forever()

    """
  }

  /// What Nginx includes meanwhile.
  static func include(socket: String) -> String {
    """
    # A fault is played: every page is asked for at the process that makes it late, or fail.
    auth_request /fault;
    location = /fault {
        internal;
        proxy_pass http://unix:\(socket);
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
    }

    """
  }
}
