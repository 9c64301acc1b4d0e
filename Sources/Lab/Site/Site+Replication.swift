import Cluster

/// How a replica is made late, or told to follow nobody, and what takes that back: by its own commands.
extension Site {
  func delay(_ node: SitePlan.Node, by seconds: Int64, _ outcome: @escaping Outcome) {
    guard node.program == .postgresql else {
      let text = "STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = \(seconds); START SLAVE"
      return state([text], at: node, outcome)
    }
    state(
      ["ALTER SYSTEM SET recovery_min_apply_delay = '\(seconds)s'", "SELECT pg_reload_conf()"], at: node,
      outcome)
  }

  func stopReplication(at node: SitePlan.Node, _ outcome: @escaping Outcome) {
    guard node.program == .postgresql else { return state(["STOP SLAVE"], at: node, outcome) }
    // Nobody to connect to: so nothing comes. A pause of what is applied would keep it from noticing.
    state(["ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()"], at: node, outcome)
  }

  func startReplication(at node: SitePlan.Node, _ outcome: @escaping Outcome) {
    guard node.program == .postgresql else { return state(["START SLAVE"], at: node, outcome) }
    state(["ALTER SYSTEM RESET primary_conninfo", "SELECT pg_reload_conf()"], at: node, outcome)
  }

  /// Statements one after the other, by the server's own socket.
  private func state(_ statements: [String], at node: SitePlan.Node, _ outcome: @escaping Outcome) {
    guard node.program == .postgresql else {
      let socket = DatabaseConfiguration.socket(of: node, in: plan)
      let text = statements.joined(separator: "; ")
      return perform(["mariadb", "--no-defaults", "--socket=\(socket)", "-e", text], in: node, outcome)
    }
    // Each by itself: ALTER SYSTEM goes with nothing else.
    let words = statements.flatMap { ["-c", $0] }
    perform(
      [
        "psql", "-X", "-q", "-t", "-v", "ON_ERROR_STOP=1", "-h", plan.home(of: node), "-p",
        "\(node.address.port)", "-U", "postgres", "-d", "postgres",
      ] + words, in: node, outcome)
  }
}
