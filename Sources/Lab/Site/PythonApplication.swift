import Cluster

/// The application of a site in Python, and the configurations of what runs it: Gunicorn, uWSGI.
enum PythonApplication {
  /// How many requests a server works on at a time.
  static let threads = 16

  /// The text of `gunicorn.conf.py`.
  static func gunicorn(of node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    # \(node.name), an application server of \(plan.title), written by `tiertop lab`.

    bind = "\(node.address)"
    wsgi_app = "application:application"
    chdir = "\(plan.home(of: node))"
    worker_tmp_dir = "\(plan.home(of: node))"
    proc_name = "\(node.name)"

    # Threads wait, they do not work: one process is enough here.
    workers = 1
    worker_class = "gthread"
    threads = \(threads)

    # Longer than the load balancers keep an idle connection: they close it, never this side.
    keepalive = 75
    timeout = 30
    graceful_timeout = 1

    # Counters and durations, a datagram each, to whoever listens on this machine.
    statsd_host = "127.0.0.1:8125"
    statsd_prefix = "\(node.name)"

    accesslog = None
    errorlog = "-"
    # Not "warning": nobody may be listening to the datagrams, and each would be a warning.
    loglevel = "error"

    """
  }

  /// The text of `uwsgi.ini`.
  static func uwsgi(of node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    ; \(node.name), an application server of \(plan.title), written by `tiertop lab`.
    [uwsgi]
    plugins = python3
    http-socket = \(node.address)
    chdir = \(plan.home(of: node))
    wsgi-file = application.py
    master = true
    processes = 1
    threads = \(threads)
    procname = \(node.name)
    ; How it is: a JSON document to whoever connects.
    stats = \(node.address.host):1717
    disable-logging = true
    die-on-term = true

    """
  }

  /// The text of `application.py`: pages that take some milliseconds, ask the database where there is one, and fail
  /// now and then. The file `fault` beside it makes them slower, or fail more often.
  static func application(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let database = plan.database(for: node)
    let modules =
      ["random", "threading", "time"] + PythonDatabase.modules(for: database?.program ?? .mariadb)
    return """
      # The application of \(plan.title) on \(node.name), written by `tiertop lab`.
      \(modules.sorted().map { "import \($0)" }.joined(separator: "\n"))

      LATENCY = 0.0\(16 + 12 * min(node.index, 6))  # seconds, mean
      FAILURES = \(plan.hasLoad ? 0.005 : 0)  # share of answers that are a 500
      DATABASE = \(database.map { "(\"\($0.address.host)\", \($0.address.port))" } ?? "None")
      USER, PASSWORD = "application", "\(plan.secrets.application)"


      \(PythonDatabase.text(for: database?.program ?? .mariadb))


      own = threading.local()


      def ask_database(path):
          \"""One statement of a page; on a new connection where the last one failed.\"""
          database = getattr(own, "database", None) or Database()
          own.database = None
          if path.endswith("/cart"):
              database.ask("UPDATE site.visits SET seen = seen + 1 WHERE page = 'cart'")
          else:
              database.ask("SELECT page, seen FROM site.visits")
          own.database = database


      def fault():
          \"""What is played here: seconds to wait, and a share of errors.\"""
          try:
              with open("fault") as file:
                  slow, errors = file.read().split()
                  return float(slow), float(errors)
          except (OSError, ValueError):
              return 0, 0


      def answer(path):
          \"""The status and the text for a path.\"""
          slow, errors = fault()
          if path == "/healthz":
              return "200 OK", "ok"
          if path.endswith("/error"):
              return "500 Internal Server Error", "an error, as asked for"
          if "/missing" in path:
              return "404 Not Found", "no such page"
          # Mostly near the mean, with a tail to the slow side, as real pages have.
          time.sleep(slow + LATENCY * (0.5 + random.expovariate(2)))
          if random.random() < max(FAILURES, errors):
              return "500 Internal Server Error", "an error, as happens"
          if DATABASE:
              try:
                  ask_database(path)
              except (OSError, ValueError) as error:
                  return "503 Service Unavailable", "no database: %s" % error
          return "200 OK", "hello from \(node.name)"


      def application(environ, start_response):
          status, text = answer(environ.get("PATH_INFO", "/"))
          body = (text + "\\n").encode()
          start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
          return [body]

      """
  }
}
