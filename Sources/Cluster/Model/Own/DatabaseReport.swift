/// What a database server says of itself, between its last two readings. What is not known is nil.
public struct DatabaseReport: Sendable {
  public var status: DatabaseStatus
  /// Statements, for PostgreSQL transactions, since the reading before, less the agent's own.
  public var queries: Int64?
  public var qps: Double?
  /// Mean of the statements since the reading before, in milliseconds, where the server keeps count.
  public var latency: Double?
  /// Since the reading before.
  public var slow: Int64?
  public var aborted: Int64?

  /// What the agent itself asks at each poll, in the server's own count: what `DatabaseStatus` is made of.
  static func ownQueries(of system: Source.System) -> Int64 {
    switch system {
    // Status, variables, replica status, and how long statements took.
    case .mariadb, .mysql: 4
    // One statement, one transaction.
    case .postgresql: 1
    default: 0
    }
  }

  init(_ status: DatabaseStatus, before: DatabaseStatus?, window: Duration?, system: Source.System) {
    self.status = status
    guard let before, let window else { return }
    queries = status.queries.minus(before.queries).map { max(0, $0 &- Self.ownQueries(of: system)) }
    qps = queries.map { Double($0) / window.seconds }
    slow = status.slow.minus(before.slow)
    aborted = status.aborted.minus(before.aborted)
    if let time = status.statementMicroseconds.minus(before.statementMicroseconds),
      let count = status.statements.minus(before.statements), count > 0
    {
      latency = Double(time) / 1000 / Double(count)
    }
  }
}
