public import Cluster

extension DatabaseStatus {
  /// The answer to `PostgresPoll`.
  ///
  /// - Throws: `transfer` where the server hides what only `pg_monitor` may see.
  public init(postgres tables: [ResultTable]) throws(ReadFailure) {
    guard let table = tables.first, table.rows.count == 1 else {
      throw .malformed(.notOf(.postgresql, beginning: tables.first?.columns.first ?? ""))
    }
    let row = ResultRow(table: table, row: 0)
    do throws(ReplyFault) {
      self.init(version: String((row.text("version") ?? "").prefix(60)))
      guard let transactions = try row.number("transactions") else {
        throw ReplyFault.missingColumn("transactions")
      }
      queries = transactions
      uptimeSeconds = try row.number("uptime")
      connections = try row.number("connections")
      connectionLimit = try row.number("connection_limit")
      running = try row.number("running")
      isReadOnly = row.isTrue("read_only")
      replicas = try row.number("replicas")
      if let count = try row.number("statements"), let time = try row.number("microseconds") {
        statements = count
        statementMicroseconds = time
      }
    } catch {
      throw .malformed(error)
    }
    guard let follows = row.isTrue("follows") else { throw .malformed(.missingColumn("follows")) }
    if !follows { return }
    if row.text("receiver") != nil, row.text("status") == nil {
      throw .transfer(words: "pg_stat_wal_receiver is hidden from this user, who has to be in pg_monitor")
    }
    replication = Replication(postgres: row)
  }
}

extension DatabaseStatus.Replication {
  fileprivate init(postgres row: ResultRow) {
    let host = row.text("sender_host") ?? row.text("wanted_host") ?? ""
    let port = row.text("sender_port") ?? row.text("wanted_port") ?? ""
    let receiving: DatabaseStatus.Progress
    switch row.text("status") {
    case "streaming": receiving = .running
    // Between two tries there is no receiver at all.
    case nil: receiving = host.isEmpty ? .stopped : .connecting
    case "stopped": receiving = .stopped
    default: receiving = .connecting
    }
    let applying: DatabaseStatus.Progress = row.isTrue("paused") == true ? .stopped : .running
    let lag = row.text("lag").flatMap { Int64($0) }.map { max(0, $0) }
    let isLocal = host.hasPrefix("/")
    self.init(
      source: host.isEmpty
        ? ""
        : isLocal
          ? String(host.prefix(255))
          : SocketAddress(host: String(host.prefix(255)), port: UInt16(port) ?? 5432).description,
      receiving: receiving, applying: applying,
      lag: receiving == .running && applying == .running ? lag : nil, error: "")
  }
}
