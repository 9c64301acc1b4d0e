import Cluster

/// The configuration of one PostgreSQL of a site, and how its data begin.
enum PostgreSQLConfiguration {
  /// The text of `postgresql.conf`, or of a file that a machine's own includes.
  static func server(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let primary = plan.databases(of: .postgresql).first { $0.name == node.of }
    let password =
      plan.isForMachines ? "passfile=/var/lib/postgresql/.pgpass" : "password=\(plan.secrets.replication)"
    let follows =
      primary.map {
        """
        # It follows its primary; the file standby.signal among its data says that it does.
        \(plan.isForMachines ? Self.copied($0) : "")\
        primary_conninfo = 'host=\($0.address.host) port=\($0.address.port) user=replication \
        \(password) application_name=\(node.name)'
        """
      } ?? "# The primary is written to."
    return """
      \(plan.head(of: node.name, "a database", .postgresql))\
      listen_addresses = '\(node.address.host)\(plan.isForMachines ? ", localhost" : "")'
      port = \(node.address.port)
      \(plan.isForMachines ? "" : own(plan.home(of: node)))max_connections = \(plan.isForMachines ? 200 : 100)
      wal_level = replica
      hot_standby = on
      \(follows)
      \(plan.isForMachines ? "" : Self.small)
      """
  }

  private static func own(_ home: String) -> String {
    "unix_socket_directories = '\(home)'\nhba_file = '\(home)/pg_hba.conf'\n"
  }

  private static func copied(_ primary: SitePlan.Node) -> String {
    """
    # Its data are a copy: pg_basebackup -h \(primary.address.host) -p \(primary.address.port) -U replication -R -D DIRECTORY
    # The password is in a file of mode 0600, a line: \(primary.address.host):\(primary.address.port):*:replication:PASSWORD

    """
  }

  private static let small = """

    # Small: it is one of several on this machine.
    shared_buffers = 16MB
    fsync = off
    timezone = 'UTC'

    """

  /// The text of `pg_hba.conf`.
  static func access(of node: SitePlan.Node, in plan: SitePlan) -> String {
    guard plan.isForMachines else {
      return """
        # Who may enter \(node.name), written by `tiertop lab`.
        local  all          postgres                 trust
        host   all          all          10.77.0.0/16  scram-sha-256
        host   replication  replication  10.77.0.0/16  scram-sha-256

        """
    }
    let others = plan.databases(of: .postgresql).filter { $0.name != node.name }
    let replicas = others.map { "host   replication  replication  \(network(of: $0))  scram-sha-256\n" }
    let clients = plan.nodes.filter {
      $0.network < node.network && $0.program != .haproxy
        && plan.isOpen(from: $0.network, to: node.network, port: node.address.port)
    }
    let entries = clients.map { "host   all          all          \(network(of: $0))  scram-sha-256\n" }
    return plan.head(of: node.name, "the list of who may enter a database", .postgresqlAccess) + """
      local  all          postgres                 peer
      # The nodes that the firewalls let through, and the other databases.
      \(entries.joined())\(replicas.joined())\
      # The machine where tiertop runs: put its address in, and take the first sign of the line away.
      # host   postgres     tiertop      ADDRESS/32  scram-sha-256

      """
  }

  private static func network(of node: SitePlan.Node) -> String {
    "\(node.address.host)/\(node.address.host.contains(":") ? 128 : 32)"
  }

  /// The text of `users.sql` for a machine's administrator.
  static func users(of node: SitePlan.Node, in plan: SitePlan) -> String {
    plan.head(of: node.name, "a database", .postgresqlStatements, sign: "--") + """
      -- Put the passwords in, in quotes, in the place of <PASSWORD-OF-…>: as it is, PostgreSQL refuses it.
      -- What tiertop needs to say how the database is: nothing of the data.
      CREATE ROLE tiertop LOGIN PASSWORD \(plan.secret(\.monitor, of: "tiertop"));
      GRANT pg_monitor TO tiertop;
      -- A replica asks for the changes as this one.
      CREATE ROLE replication LOGIN REPLICATION PASSWORD \(plan.secret(\.replication, of: "replication"));

      """
  }

  /// The part of `databases.sh` that makes the data of the first; the others begin with the same.
  static func script(of plan: SitePlan) -> String {
    let nodes = plan.databases(of: .postgresql)
    guard let first = nodes.first else { return "" }
    let data = DatabaseConfiguration.data(of: first)
    let unshare = "unshare \(SitePlan.plainUser.joined(separator: " "))"
    var text = """
      mkdir -m 700 \(data)
      \(unshare) initdb -D \(data) -N -A trust -U postgres -E UTF8 --locale=C >/dev/null
      \(unshare) postgres --single -D \(data) postgres >/dev/null <<END
      CREATE ROLE tiertop LOGIN PASSWORD '\(plan.secrets.monitor)' IN ROLE pg_monitor
      CREATE ROLE replication LOGIN REPLICATION PASSWORD '\(plan.secrets.replication)'
      CREATE ROLE application LOGIN PASSWORD '\(plan.secrets.application)'
      END

      """
    for node in nodes.dropFirst() {
      text += "cp -a \(data) \(DatabaseConfiguration.data(of: node))\n"
      if node.role == .replica { text += ": >\(DatabaseConfiguration.data(of: node))/standby.signal\n" }
    }
    return text
  }

  static func program(of node: SitePlan.Node, in plan: SitePlan) -> SiteProgram {
    let home = plan.home(of: node)
    return SiteProgram(
      node: node.name, program: "unshare",
      arguments: SitePlan.plainUser + [
        "postgres", "-D", DatabaseConfiguration.data(of: node), "-c", "config_file=\(home)/postgresql.conf",
      ], home: home)
  }
}
