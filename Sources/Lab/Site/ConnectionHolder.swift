import Cluster

/// Takes all connections that a node has, or all its workers, and keeps them: a program beside the node, in its
/// network, with real connections.
enum ConnectionHolder {
  /// How many connections are held: those that there are, and where more can wait for one, some that do. So none
  /// that ends is left to anybody else.
  static func count(at node: SitePlan.Node) -> Int {
    switch node.program {
    case .haproxy: BalancerConfiguration.publicConnections + 100
    case .nginx: WebConfiguration.nginxConnections
    case .apache: WebConfiguration.apacheWorkers + 16
    case .gunicorn, .uwsgi: PythonApplication.threads + 16
    case .node: OtherApplications.nodeConnections
    case .phpFPM: OtherApplications.fpmChildren + 4
    case .mariadb, .mysql: DatabaseConfiguration.connections
    case .postgresql: PostgreSQLConfiguration.connections
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
    let modules =
      (isDatabase ? PythonDatabase.modules(for: node.program) : ["socket"]) + ["ctypes", "select", "signal", "time"]
    let port = node.program == .haproxy ? plan.port : node.address.port
    let beginning =
      node.program == .phpFPM ? "b\"\"" : "b\"GET / HTTP/1.1\\r\\nHost: \(node.name)\\r\\n\""
    let opening =
      isDatabase
      ? """
      USER, PASSWORD = "application", "\(plan.secrets.application)"


      \(PythonDatabase.text(for: node.program))


      def connect():
          return Database().socket
      """
      : """


      def connect():
          \"""A connection on which a request begins, and never ends: so it is kept for it.\"""
          own = socket.create_connection(ADDRESS, timeout=2)
          own.sendall(\(beginning))
          return own
      """
    return """
      # Holds the connections of \(node.name) in \(plan.title); written by `tiertop lab fault`.
      \(Set(modules).sorted().map { "import \($0)\n" }.joined())
      \(isDatabase ? "DATABASE" : "ADDRESS") = ("\(node.address.host)", \(port))
      COUNT = \(count(at: node))  # never more at a time
      \(opening)


      # It ends with whoever started it.
      ctypes.CDLL(None).prctl(1, signal.SIGKILL)
      held = []
      while True:
          # What the other side has ended makes room for another one.
          for one in select.select(held, [], [], 0)[0]:
              try:
                  if one.recv(4096):
                      continue
              except OSError:
                  pass
              held.remove(one)
              one.close()
          try:
              while len(held) < COUNT:
                  held.append(connect())
          except OSError:
              # It has none left, or is not there: there is time.
              time.sleep(0.4)
          time.sleep(0.1)

      """
  }
}
