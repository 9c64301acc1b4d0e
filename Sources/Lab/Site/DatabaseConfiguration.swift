import Cluster

/// The configuration of one MariaDB of a site, and how its data begin.
enum DatabaseConfiguration {
  /// The text of `mariadb.cnf`; `data` is the directory of its data.
  static func server(of node: SitePlan.Node, in plan: SitePlan, data: String) -> String {
    """
    # \(node.name), a database of \(plan.title), written by `tiertop lab`.
    [mysqld]
    user = root
    datadir = \(data)
    socket = \(socket(of: node, in: plan))
    pid-file = \(plan.home(of: node))/mariadb.pid
    bind-address = \(node.address.host)
    port = \(node.address.port)
    skip-name-resolve
    max_connections = 60
    # Its users, and for a replica whom it follows.
    init-file = \(plan.home(of: node))/init.sql

    # Each server has a number of its own; what it changes goes to its binary log, with a GTID.
    server-id = \(node.address.host.split(separator: ".").suffix(2).joined())
    log-bin = binlog
    log-slave-updates
    gtid-strict-mode = ON
    skip-slave-start
    \(node.role == .replica ? "read-only = ON" : "# The primary is written to.")

    # Small: it is one of several on this machine.
    innodb_buffer_pool_size = 16M
    innodb_log_file_size = 4M
    # What was committed is with the kernel by then: who is killed goes on where he was.
    innodb_flush_log_at_trx_commit = 2
    performance_schema = OFF
    slow_query_log = OFF

    """
  }

  /// The text of `init.sql`, which is run at every start.
  static func beginning(of node: SitePlan.Node, in plan: SitePlan) -> String {
    var text = """
      -- Users of \(node.name), written by `tiertop lab`. Each server has them by itself.
      SET SESSION sql_log_bin = 0;
      -- What tiertop needs to say how the database is: nothing of the data.
      CREATE USER IF NOT EXISTS tiertop@'%' IDENTIFIED BY '\(plan.secrets.monitor)';
      GRANT USAGE, SLAVE MONITOR ON *.* TO tiertop@'%';
      CREATE USER IF NOT EXISTS replication@'%' IDENTIFIED BY '\(plan.secrets.replication)';
      GRANT REPLICATION SLAVE ON *.* TO replication@'%';
      CREATE USER IF NOT EXISTS application@'%' IDENTIFIED BY '\(plan.secrets.application)';
      GRANT SELECT, INSERT, UPDATE, DELETE ON site.* TO application@'%';
      SET SESSION sql_log_bin = 1;

      """
    if let primary = plan.databases(of: .mariadb).first(where: { $0.name == node.of }) {
      text += """
        CHANGE MASTER TO MASTER_HOST = '\(primary.address.host)', MASTER_PORT = \(primary.address.port), \
        MASTER_USER = 'replication', MASTER_PASSWORD = '\(plan.secrets.replication)', \
        MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1;
        START SLAVE;

        """
    } else {
      text += """
        CREATE DATABASE IF NOT EXISTS site;
        CREATE TABLE IF NOT EXISTS site.visits (page VARCHAR(80) PRIMARY KEY, seen INT NOT NULL);
        INSERT IGNORE INTO site.visits VALUES ('cart', 0), ('search', 0);

        """
    }
    return text
  }

  static func socket(of node: SitePlan.Node, in plan: SitePlan) -> String {
    "\(plan.home(of: node))/mariadb.sock"
  }

  /// The text of `databases.sh`: the data of the first are made, the others begin with the same.
  static func script(of plan: SitePlan) -> String {
    let head = """
      # The data of the databases of \(plan.title), written by `tiertop lab up`. They are in memory.
      set -e

      """
    return head + data(in: plan) + PostgreSQLConfiguration.script(of: plan)
  }

  private static func data(in plan: SitePlan) -> String {
    let directories = plan.databases(of: .mariadb).map { data(of: $0) }
    guard let first = directories.first else { return "" }
    return """
      mkdir -p \(directories.joined(separator: " "))
      mariadb-install-db --no-defaults --auth-root-authentication-method=socket --skip-test-db \\
        --innodb-log-file-size=4M --user=root --datadir=\(first) >/dev/null
      for copy in \(directories.dropFirst().joined(separator: " ")); do cp -r \(first)/. "$copy"; done

      """
  }

  /// In the lab's own /run, which is memory, and goes with the lab.
  static func data(of node: SitePlan.Node) -> String { "/run/\(node.name)" }
}
