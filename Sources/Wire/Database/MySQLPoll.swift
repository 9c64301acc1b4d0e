/// What MariaDB and MySQL are asked at each poll.
///
/// All of it is one message, so that a poll is one round trip. It is always the same number of statements:
/// `DatabaseReport` takes them off what the server counts.
public enum MySQLPoll {
  /// Status, variables, replica status, and how long statements took.
  public static let statementCount = 4

  /// - Parameter version: what the server calls itself when one connects: `10.11.6-MariaDB`, `8.0.36`.
  public static func text(version: String) -> String {
    [
      "SHOW GLOBAL STATUS WHERE Variable_name IN (\(list(statusNames)))",
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN (\(list(variableNames)))",
      replicaStatus(version: version),
      // The last one: not everybody may read it, and what comes after a failure is not done. Its own user's
      // statements are left out, or an idle server's latency would be that of its polls.
      """
      SELECT SUM(COUNT_STAR) AS statements, SUM(SUM_TIMER_WAIT) DIV 1000000 AS microseconds \
      FROM performance_schema.events_statements_summary_by_user_by_event_name \
      WHERE USER IS NOT NULL AND USER <> SUBSTRING_INDEX(USER(), '@', 1) AND @@performance_schema
      """,
    ].joined(separator: ";")
  }

  /// How many tables come before the one that may be refused.
  public static let neededTables = 3

  static let statusNames = [
    "Aborted_connects", "Queries", "Slaves_connected", "Slow_queries", "Threads_connected", "Threads_running",
    "Uptime",
  ]
  static let variableNames = ["max_connections", "read_only", "version"]

  /// MariaDB has a row for each of its primaries; MySQL has had words of its own since 8.0.22.
  static func replicaStatus(version: String) -> String {
    if version.contains("MariaDB") { return "SHOW ALL SLAVES STATUS" }
    let numbers = version.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
    return numbers.lexicographicallyPrecedes([8, 0, 22]) ? "SHOW SLAVE STATUS" : "SHOW REPLICA STATUS"
  }

  private static func list(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ",")
  }
}
