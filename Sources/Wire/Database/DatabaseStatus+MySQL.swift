public import Cluster

extension DatabaseStatus {
  /// The answers to `MySQLPoll`.
  ///
  /// Everything is found by name: MariaDB speaks of `Slave_…` and `Master_…`, MySQL since 8.0.22 of `Replica_…`
  /// and `Source_…`, and each version has some more. Sources: MariaDB Knowledge Base, "SHOW REPLICA STATUS"; MySQL
  /// Reference Manual 15.7.7.35.
  public init(mysql tables: [ResultTable], system: Source.System) throws(ReplyFault) {
    var named: [String: String] = [:]
    var replicas: ResultTable?
    var timing: ResultRow?
    for table in tables {
      if let name = table.place(of: "Variable_name"), let value = table.place(of: "Value") {
        for row in table.rows {
          if let name = row[name], let value = row[value] { named[name.lowercased()] = value }
        }
      } else if table.place(of: "Slave_IO_Running", "Replica_IO_Running") != nil {
        replicas = table
      } else if table.place(of: "microseconds") != nil, !table.rows.isEmpty {
        timing = ResultRow(table: table, row: 0)
      }
    }
    func number(_ name: String) throws(ReplyFault) -> Int64? {
      try wholeCount(named[name.lowercased()], named: name)
    }
    guard let queries = try number("Queries") else {
      throw .notOf(system, beginning: tables.first?.columns.first ?? "")
    }
    // Without it nobody could say that a server follows none.
    guard let replicas else { throw .missingColumn("Slave_IO_Running") }

    self.init(version: String((named["version"] ?? "").prefix(60)))
    self.queries = queries
    uptimeSeconds = try number("Uptime")
    connections = try number("Threads_connected")
    connectionLimit = try number("max_connections")
    // The one that asks is at work, too.
    running = try number("Threads_running").map { max(0, $0 - 1) }
    slow = try number("Slow_queries")
    aborted = try number("Aborted_connects")
    isReadOnly = named["read_only"].map { !["off", "0"].contains($0.lowercased()) }
    self.replicas = try number("Slaves_connected")
    if let timing, let count = try timing.number("statements"),
      let time = try timing.number("microseconds")
    {
      statements = count
      statementMicroseconds = time
    }
    replication = try DatabaseStatus.gravest(
      replicas.rows.indices.map { row throws(ReplyFault) in
        try Replication(mysql: ResultRow(table: replicas, row: row))
      })
  }

  /// Of several primaries the one that is followed worst.
  private static func gravest(_ all: [Replication]) -> Replication? {
    func rank(_ one: Replication) -> Int64 {
      one.receiving == .running && one.applying == .running ? one.lag ?? .max - 1 : .max
    }
    return all.max { rank($0) < rank($1) }
  }
}

extension DatabaseStatus.Replication {
  fileprivate init(mysql row: ResultRow) throws(ReplyFault) {
    let receiving = DatabaseStatus.Progress(mysql: row.text("Slave_IO_Running", "Replica_IO_Running"))
    let applying = DatabaseStatus.Progress(mysql: row.text("Slave_SQL_Running", "Replica_SQL_Running"))
    let host = row.text("Master_Host", "Source_Host") ?? ""
    let port = try row.number("Master_Port", "Source_Port")
    let seconds = try row.number("Seconds_Behind_Master", "Seconds_Behind_Source")
    var error = ""
    if applying != .running { error = row.text("Last_SQL_Error", "Last_Error") ?? "" }
    if error.isEmpty, receiving != .running { error = row.text("Last_IO_Error") ?? "" }
    // "error reconnecting to master … maximum-retries: 100000  message: Can't connect": what matters is at its end.
    if let message = error.firstRange(of: " message: ") { error = String(error[message.upperBound...]) }
    self.init(
      source: host.isEmpty
        ? "" : SocketAddress(host: String(host.prefix(255)), port: UInt16(clamping: port ?? 0)).description,
      receiving: receiving, applying: applying,
      // The server goes on counting for a while when it receives nothing any more.
      lag: receiving == .running && applying == .running
        ? seconds.map { $0.multipliedReportingOverflow(by: 1000) }.map {
          $0.overflow ? .max : $0.partialValue
        }
        : nil,
      error: String(error.prefix(500)))
  }
}

extension DatabaseStatus.Progress {
  fileprivate init(mysql word: String?) {
    switch word {
    case "Yes": self = .running
    case "Connecting", "Preparing": self = .connecting
    default: self = .stopped
    }
  }
}
