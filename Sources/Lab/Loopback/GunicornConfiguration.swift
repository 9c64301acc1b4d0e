import Cluster

/// The configuration of one application server, and the application.
enum GunicornConfiguration {
  /// How the application behaves on one server.
  struct Behaviour: Sendable, Hashable {
    /// What a page takes, mean.
    var latency: Duration
    /// The share of answers that are a 500, 0…1.
    var failures: Double

    /// Every server a little slower than the one before it, as machines of different age are.
    init(of server: LabPlan.Server, failures: Double) {
      latency = .milliseconds(16 + 12 * server.index)
      self.failures = failures
    }
  }

  /// The text of `gunicorn.conf.py` for `server`.
  static func text(of server: LabPlan.Server, in plan: LabPlan) -> String {
    """
    # \(server.name), an application server of \(plan.title), written by `tiertop lab up`.
    import ctypes
    import os
    import signal

    bind = "\(server.address)"
    wsgi_app = "application:application"
    chdir = "\(plan.directory)/\(server.name)"
    worker_tmp_dir = "\(plan.directory)/\(server.name)"
    proc_name = "\(server.name)"

    # Threads wait, they do not work: one process is enough for a demo.
    workers = 1
    worker_class = "gthread"
    threads = 16

    # Longer than the load balancers keep an idle connection: they close it, never this side.
    keepalive = 75
    timeout = 30
    graceful_timeout = 1

    accesslog = None
    errorlog = "-"
    loglevel = "warning"


    def post_worker_init(worker):
        \"""The worker ends with its arbiter, also when that is killed.\"""
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != worker.ppid:
            os._exit(1)

    """
  }

  /// The text of `application.py` for `server`: pages that take some milliseconds, and fail now and then.
  static func application(of server: LabPlan.Server, behaviour: Behaviour, in plan: LabPlan) -> String {
    let milliseconds = behaviour.latency / .milliseconds(1)
    return """
      # The application of \(plan.title) on \(server.name), written by `tiertop lab up`.
      import random
      import time

      LATENCY = \(milliseconds / 1000)  # seconds, mean
      FAILURES = \(behaviour.failures)  # share of answers that are a 500


      def answer(path):
          \"""The status and the text for a path.\"""
          if path == "/healthz":
              return "200 OK", "ok"
          if path.endswith("/error"):
              return "500 Internal Server Error", "an error, as asked for"
          if "/missing" in path:
              return "404 Not Found", "no such page"
          # Mostly near the mean, with a tail to the slow side, as real pages have.
          time.sleep(LATENCY * (0.5 + random.expovariate(2)))
          if random.random() < FAILURES:
              return "500 Internal Server Error", "an error, as happens"
          return "200 OK", "hello from \(server.name)"


      def application(environ, start_response):
          status, text = answer(environ.get("PATH_INFO", "/"))
          body = (text + "\\n").encode()
          start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
          return [body]

      """
  }
}
