/// What PostgreSQL is asked at each poll: one statement, and so one transaction, which `DatabaseReport` takes off
/// what the server counts.
public enum PostgresPoll {
  /// - Parameters:
  ///   - version: as libpq numbers it: 150012 for 15.12.
  ///   - statementsIn: the schema that has `pg_stat_statements`, by the answer before; nil for none.
  public static func text(version: Int, statementsIn schema: String?) -> String {
    // It counts a transaction when it has the time, and then two at once. This makes it count at once.
    let flush = version >= 150_000 ? ", pg_stat_force_next_flush()::text AS flushed" : ""
    let sender =
      version >= 110_000
      ? "sender_host, sender_port::text AS sender_port"
      : "NULL::text AS sender_host, NULL::text AS sender_port"
    let statements =
      schema.map { schema in
        """
        (SELECT sum(calls)::bigint AS statements, sum(total_exec_time * 1000)::bigint AS microseconds \
        FROM \(quoted(schema)).pg_stat_statements(false) \
        WHERE userid <> (SELECT oid FROM pg_roles WHERE rolname = session_user))
        """
      } ?? "(SELECT NULL::bigint AS statements, NULL::bigint AS microseconds)"
    return """
      SELECT current_setting('server_version') AS version, \
      extract(epoch FROM now() - pg_postmaster_start_time())::bigint AS uptime, \
      (SELECT sum(xact_commit + xact_rollback)::bigint FROM pg_stat_database) AS transactions, \
      activity.connections, activity.running, \
      current_setting('max_connections')::bigint AS connection_limit, \
      pg_is_in_recovery() AS follows, \
      current_setting('transaction_read_only') = 'on' AS read_only, \
      (SELECT count(*) FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup') AS replicas, \
      CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS paused, \
      CASE WHEN pg_is_in_recovery() THEN \
      CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 \
      ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::bigint END END AS lag, \
      receiver.receiver, receiver.status, receiver.sender_host, receiver.sender_port, \
      wanted.host AS wanted_host, wanted.port AS wanted_port, \
      timing.statements, timing.microseconds, extension.schema AS statements_schema\(flush) \
      FROM (SELECT count(*) AS connections, \
      count(*) FILTER (WHERE state = 'active' AND pid <> pg_backend_pid()) AS running \
      FROM pg_stat_activity WHERE backend_type = 'client backend') AS activity \
      CROSS JOIN \(statements) AS timing \
      LEFT JOIN (SELECT pid AS receiver, status, \(sender) FROM pg_stat_wal_receiver LIMIT 1) AS receiver ON true \
      LEFT JOIN (SELECT \(wanted("host")) AS host, \(wanted("port")) AS port \
      FROM pg_settings WHERE name = 'primary_conninfo' AND setting <> '') AS wanted ON true \
      LEFT JOIN (SELECT nspname AS schema FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace \
      WHERE extname = 'pg_stat_statements' AND string_to_array(extversion, '.')::int[] >= '{1,8}' \
      AND EXISTS (SELECT FROM pg_settings WHERE name = 'shared_preload_libraries' \
      AND setting LIKE '%pg_stat_statements%')) AS extension ON true
      """
  }

  /// A word of the connection string to the primary. It is taken out there: the password that stands beside it is
  /// nobody's business.
  private static func wanted(_ name: String) -> String {
    "substring(setting FROM '\\m\(name)\\s*=\\s*''?([^'' ]+)')"
  }

  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// The schema of `pg_stat_statements`, as the answer to `text` has it; nil where it is not to be had.
  public static func statementsSchema(in tables: [ResultTable]) -> String? {
    guard let table = tables.first, table.rows.count == 1 else { return nil }
    return ResultRow(table: table, row: 0).text("statements_schema")
  }
}
