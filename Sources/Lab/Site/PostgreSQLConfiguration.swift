import Cluster

/// The configuration of one PostgreSQL of a site, and how its data begin.
enum PostgreSQLConfiguration {
  static let connections = 100

  /// The text of `postgresql.conf`.
  static func server(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let home = plan.home(of: node)
    let primary = plan.databases(of: .postgresql).first { $0.name == node.of }
    let follows =
      primary.map {
        """
        # It follows its primary; the file standby.signal among its data says that it does.
        primary_conninfo = 'host=\($0.address.host) port=\($0.address.port) user=replication \
        password=\(plan.secrets.replication) application_name=\(node.name)'
        """
      } ?? "# The primary is written to."
    return """
      # \(node.name), a database of \(plan.title), written by `tiertop lab`.
      listen_addresses = '\(node.address.host)'
      port = \(node.address.port)
      unix_socket_directories = '\(home)'
      hba_file = '\(home)/pg_hba.conf'
      max_connections = \(connections)
      wal_level = replica
      hot_standby = on
      \(follows)

      # Small: it is one of several on this machine.
      shared_buffers = 16MB
      fsync = off
      timezone = 'UTC'

      """
  }

  /// The text of `pg_hba.conf`.
  static func access(of node: SitePlan.Node, in plan: SitePlan) -> String {
    """
    # Who may enter \(node.name), written by `tiertop lab`.
    local  all          postgres                 trust
    host   all          all          10.77.0.0/16  scram-sha-256
    host   replication  replication  10.77.0.0/16  scram-sha-256

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
      CREATE SCHEMA site
      CREATE TABLE site.visits (page text PRIMARY KEY, seen int NOT NULL)
      INSERT INTO site.visits VALUES ('cart', 0), ('search', 0)
      GRANT USAGE ON SCHEMA site TO application
      GRANT SELECT, INSERT, UPDATE, DELETE ON site.visits TO application
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
