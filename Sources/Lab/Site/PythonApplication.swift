import Cluster

/// The application of a site in Python, and the configurations of what runs it: Gunicorn, uWSGI.
enum PythonApplication {
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
    threads = 16

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
    threads = 16
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
    return """
      # The application of \(plan.title) on \(node.name), written by `tiertop lab`.
      import hashlib
      import random
      import socket
      import struct
      import threading
      import time

      LATENCY = 0.0\(16 + 12 * min(node.index, 6))  # seconds, mean
      FAILURES = \(plan.hasLoad ? 0.005 : 0)  # share of answers that are a 500
      DATABASE = \(database.map { "(\"\($0.host)\", \($0.port))" } ?? "None")
      USER, PASSWORD = "application", "\(plan.secrets.application)"


      class Database:
          \"""As much of the protocol of MariaDB as a page needs: log in, ask, read past the answer.\"""

          def __init__(self):
              self.socket = socket.create_connection(DATABASE, timeout=2)
              greeting = self.read()
              rest = greeting[greeting.index(b"\\0", 1) + 1 :]
              salt = rest[4:12] + rest[31:43]
              one = hashlib.sha1(PASSWORD.encode()).digest()
              two = hashlib.sha1(salt + hashlib.sha1(one).digest()).digest()
              proof = bytes(a ^ b for a, b in zip(one, two))
              # Protocol 4.1, secure connection, the plugin by its name.
              head = struct.pack("<IIB23x", 0x00088200 | 0x0001, 1 << 24, 45)
              self.write(head + USER.encode() + b"\\0" + b"\\x14" + proof + b"mysql_native_password\\0", 1)
              self.check(self.read())

          def read(self):
              head = self.take(4)
              return self.take(head[0] | head[1] << 8 | head[2] << 16)

          def take(self, count):
              data = b""
              while len(data) < count:
                  part = self.socket.recv(count - len(data))
                  if not part:
                      raise OSError("the database closed the connection")
                  data += part
              return data

          def write(self, data, number):
              self.socket.sendall(struct.pack("<I", len(data) | number << 24) + data)

          def check(self, reply):
              if reply[:1] == b"\\xff":
                  raise OSError(reply[9:].decode("utf-8", "replace"))
              return reply

          def ask(self, text):
              self.write(b"\\x03" + text.encode(), 0)
              if self.check(self.read())[:1] == b"\\0":
                  return
              # Columns end with one EOF, rows with another.
              for _ in range(2):
                  while True:
                      reply = self.check(self.read())
                      if reply[:1] == b"\\xfe" and len(reply) < 9:
                          break


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
