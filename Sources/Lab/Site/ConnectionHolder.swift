import Cluster

/// Takes all connections that a node has, or all its workers, and keeps them: a program beside the node, in its
/// network, with real connections.
enum ConnectionHolder {
  /// How many connections are held: those that there are, and where more can wait for one, some that do. So none
  /// that ends is left to anybody else.
  static func count(at node: SitePlan.Node) -> Int {
    switch node.program {
    case .haproxy: HAProxyConfiguration.labConnections + 100
    case .nginx: NginxConfiguration.labConnections
    case .apache: ApacheConfiguration.labWorkers + 16
    case .gunicorn, .uwsgi: PythonApplication.threads + 16
    case .node: OtherApplications.nodeConnections
    case .phpFPM: OtherApplications.fpmChildren + 4
    case .mariadb, .mysql: DatabaseConfiguration.labConnections
    case .postgresql: PostgreSQLConfiguration.labConnections
    case .dns: 0
    }
  }

  static func program(of node: SitePlan.Node, in plan: SitePlan) -> SiteProgram {
    let home = plan.home(of: node)
    return SiteProgram(
      node: node.name, part: .holder, program: "python3", arguments: ["\(home)/hold.py"], home: home)
  }

  /// The text of `hold.py`.
  static func text(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let isDatabase = SitePlan.databasePrograms.contains(node.program)
    let own = ["ctypes", "random", "select", "signal", "socket", "time"]
    let modules = Set(own + (isDatabase ? PythonDatabase.modules(for: node.program) : [])).sorted()
    let port = node.program == .haproxy ? plan.port : node.address.port
    return """
      # Holds the connections of \(node.name) in \(plan.title); written by `tiertop lab fault`.
      \(modules.map { "import \($0)\n" }.joined())
      \(isDatabase ? "DATABASE" : "ADDRESS") = ("\(node.address.host)", \(port))
      COUNT = \(count(at: node))  # never more at a time
      \(isDatabase ? login(to: node, in: plan) : request(to: node))


      # It ends with whoever started it.
      ctypes.CDLL(None).prctl(1, signal.SIGKILL)
      # Each with when it is due to say something, and how often it has.
      held = {}
      while True:
          # What the other side has ended makes room for another one.
          for one in select.select(list(held), [], [], 0)[0]:
              try:
                  if one.recv(4096):
                      continue
              except OSError:
                  pass
              del held[one]
              one.close()
          try:
              while len(held) < COUNT:
                  held[connect()] = (time.monotonic() + random.uniform(0, PACE), 1)
          except OSError:
              # It has none left, or is not there: there is time.
              time.sleep(0.4)
          for one, (due, said) in held.items():
              if WORDS and due < time.monotonic():
                  held[one] = (due + PACE, said + 1)
                  try:
                      one.sendall(WORDS[said % len(WORDS)])
                  except OSError:
                      pass
          time.sleep(0.1)

      """
  }

  private static func login(to node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    PACE, WORDS = 8, ()
    USER, PASSWORD = "application", "\(plan.secrets.application)"


    \(PythonDatabase.text(for: node.program))


    def connect():
        return Database().socket
    """
  }

  /// A request that begins and never ends keeps its connection, and its worker. HAProxy would not wait so long:
  /// there each half of one comes just in time, and connections stay open between two of them.
  private static func request(to node: SitePlan.Node) -> String {
    let head = "b\"GET /healthz HTTP/1.1\\r\\n\""
    let words = node.program == .haproxy ? "(\(head), b\"Host: \(node.name)\\r\\n\\r\\n\")" : "()"
    return """
      PACE = 8  # seconds: HAProxy waits for ten
      WORDS = \(words)


      def connect():
          own = socket.create_connection(ADDRESS, timeout=2)
          own.sendall(\(node.program == .phpFPM ? "b\"\"" : head))
          return own
      """
  }
}
