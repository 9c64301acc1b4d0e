/// What a database server says of itself, exactly as reported; nil is what it does not say, or does not let
/// this user see.
///
/// Sources: `SHOW GLOBAL STATUS`, `SHOW GLOBAL VARIABLES` and `SHOW REPLICA STATUS` of MariaDB and MySQL;
/// `pg_stat_database`, `pg_stat_activity`, `pg_stat_wal_receiver` and `pg_is_in_recovery()` of PostgreSQL.
public struct DatabaseStatus: Hashable, Sendable {
  public var version: String
  public var uptimeSeconds: Int64?
  /// Statements since it started; for PostgreSQL, transactions.
  public var queries: Int64?
  /// How long statements took together, in microseconds, and how many they were, where the server keeps count.
  public var statementMicroseconds: Int64?
  public var statements: Int64?
  public var connections: Int64?
  public var connectionLimit: Int64?
  /// Connections that are at work, besides the one that asks.
  public var running: Int64?
  /// Statements that took longer than the server's own limit.
  public var slow: Int64?
  /// Connections that failed.
  public var aborted: Int64?
  /// Whether it refuses writes.
  public var isReadOnly: Bool?
  /// How many replicas are connected to it.
  public var replicas: Int64?
  /// nil for a server that follows nobody.
  public var replication: Replication?

  /// How a replica follows its primary.
  public struct Replication: Hashable, Sendable {
    /// Whom it follows: `10.77.4.11:3306`; empty where it does not say.
    public var source: String
    public var receiving: Progress
    public var applying: Progress
    /// How far it is behind, in milliseconds; nil where that is not known, as when it does not receive.
    public var lag: Int64?
    /// The server's words for what went wrong; empty for nothing.
    public var error: String

    public init(source: String, receiving: Progress, applying: Progress, lag: Int64?, error: String) {
      self.source = source
      self.receiving = receiving
      self.applying = applying
      self.lag = lag
      self.error = error
    }
  }

  public enum Progress: UInt8, Hashable, Sendable, CaseIterable {
    case stopped, connecting, running
  }

  public init(version: String) { self.version = version }
}
