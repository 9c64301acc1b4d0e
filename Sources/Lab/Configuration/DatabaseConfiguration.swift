import Cluster

/// The configuration of one MariaDB of a site, and how its data begin.
enum DatabaseConfiguration {
  /// How many connections one of a lab takes.
  static let labConnections = 60

  /// The text of `mariadb.cnf`.
  static func server(of node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    \(plan.head(of: node.name, "a database", .mariadb))
    [mysqld]
    \(plan.isForMachines ? "" : own(of: node, in: plan))bind-address = \(node.address.host)
    port = \(node.address.port)
    # Users are known by their addresses: no name server is waited for when somebody comes.
    skip-name-resolve
    max_connections = \(plan.isForMachines ? 300 : labConnections)

    # Each server has a number of its own; what it changes goes to its binary log, with a GTID.
    server-id = \((plan.databases(of: .mariadb).firstIndex(of: node) ?? 0) + 1)
    log-bin = binlog
    log-slave-updates
    gtid-strict-mode = ON
    \(plan.isForMachines ? Self.kept : "skip-slave-start\n")\
    \(node.role == .replica ? "# Only its primary changes it.\nread-only = ON" : "# The primary is written to.\nread-only = OFF")
    \(plan.isForMachines ? Self.logged : Self.small)
    """
  }

  private static func own(of node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    user = root
    datadir = \(data(of: node))
    socket = \(socket(of: node, in: plan))
    pid-file = \(plan.home(of: node))/mariadb.pid
    # Its temporary files have its process's number, which another lab's may have too.
    tmpdir = \(temporary)
    # Its users, and for a replica whom it follows.
    init-file = \(plan.home(of: node))/init.sql

    """
  }

  private static let kept = """
    # A crash loses nothing that was committed; seven days of changes are enough for a replica to come back.
    sync-binlog = 1
    expire-logs-days = 7

    """

  private static let small = """

    # Small: it is one of several on this machine.
    innodb_buffer_pool_size = 16M
    innodb_log_file_size = 4M
    # What was committed is with the kernel by then: who is killed goes on where he was.
    innodb_flush_log_at_trx_commit = 2
    performance_schema = OFF
    slow_query_log = OFF

    """

  private static let logged = """

    # How long statements take is shown only where it is counted; it costs some memory.
    performance_schema = ON
    slow_query_log = ON
    long_query_time = 1

    """

  /// The text of `init.sql`, which a lab's server runs at every start, or of `users.sql` for a machine's administrator.
  static func beginning(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let primary = plan.databases(of: .mariadb).first { $0.name == node.of }
    var text = plan.head(of: node.name, "a database", .mariadbStatements, sign: "--")
    guard plan.isForMachines else {
      text += """
        -- Each server has its users by itself.
        SET SESSION sql_log_bin = 0;
        \(users(in: plan))CREATE USER IF NOT EXISTS application@'%' IDENTIFIED BY \(plan.secret(\.application, of: "application"));
        GRANT SELECT, INSERT, UPDATE, DELETE ON site.* TO application@'%';
        SET SESSION sql_log_bin = 1;

        """
      return text + (primary.map { follow($0, in: plan) } ?? Self.visits)
    }
    text +=
      "-- Put the passwords in, in quotes, in the place of <PASSWORD-OF-…>: as it is, MariaDB refuses it.\n"
    guard let primary else {
      return text + "-- Narrow '%' to the addresses that these users come from, where you can: '10.77.4.%'.\n"
        + users(in: plan)
    }
    return text + """
      -- Once, after the data of \(primary.name) have been copied here (mariadb-backup), and
      -- SET GLOBAL gtid_slave_pos = '…' with the position that came with them. Its users come with the data.
      \(follow(primary, in: plan))
      """
  }

  private static func users(in plan: SitePlan) -> String {
    """
    -- What tiertop needs to say how the database is: nothing of the data.
    CREATE USER IF NOT EXISTS tiertop@'%' IDENTIFIED BY \(plan.secret(\.monitor, of: "tiertop"));
    GRANT USAGE, SLAVE MONITOR ON *.* TO tiertop@'%';
    -- A replica asks for the changes as this one.
    CREATE USER IF NOT EXISTS replication@'%' IDENTIFIED BY \(plan.secret(\.replication, of: "replication"));
    GRANT REPLICATION SLAVE ON *.* TO replication@'%';

    """
  }

  private static func follow(_ primary: SitePlan.Node, in plan: SitePlan) -> String {
    """
    CHANGE MASTER TO MASTER_HOST = '\(primary.address.host)', MASTER_PORT = \(primary.address.port), \
    MASTER_USER = 'replication', MASTER_PASSWORD = \(plan.secret(\.replication, of: "replication")), \
    MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = \(plan.isForMachines ? 10 : 1);
    START SLAVE;

    """
  }

  private static let visits = """
    CREATE DATABASE IF NOT EXISTS site;
    CREATE TABLE IF NOT EXISTS site.visits (page VARCHAR(80) PRIMARY KEY, seen INT NOT NULL);
    INSERT IGNORE INTO site.visits VALUES ('cart', 0), ('search', 0);

    """

  static func socket(of node: SitePlan.Node, in plan: SitePlan) -> String {
    "\(plan.home(of: node))/mariadb.sock"
  }

  /// The text of `databases.sh`: the data of the first are made, the others begin with the same.
  static func script(of plan: SitePlan) -> String {
    let head = """
      # The data of the databases of \(plan.title), written by `tiertop lab up`. They are in memory.
      set -e
      export TMPDIR=\(temporary)

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
  static func data(of node: SitePlan.Node) -> String { "\(temporary)/\(node.name)" }

  /// A directory that no other lab has.
  private static let temporary = "/run"
}
