import Cluster
import Foundation
import Testing
import Wire

/// What servers answer, and what becomes of it.
@Suite struct DatabaseTests {
  /// The tables of a reply, written and read as the agent does it.
  static func through(_ tables: [ResultTable]) throws(ReplyFault) -> [ResultTable] {
    try ResultTable.tables(in: bytes(of: tables).span)
  }

  static func bytes(of tables: [ResultTable]) -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ piece: ResultPiece, _ text: String?) {
      let text = Array((text ?? "").utf8)
      bytes += piece.head(length: text.count) + text
    }
    for table in tables {
      for column in table.columns { add(.column, column) }
      for value in table.rows.joined() { add(value == nil ? .null : .value, value) }
      add(.tableEnd, nil)
    }
    return bytes
  }

  /// A capture as the client prints it: with tabs, or a line for each column.
  static func table(_ name: String) throws -> ResultTable {
    let text = String(decoding: try Fixture.bytes("mariadb/10.11/\(name).txt"), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    func value(_ text: some StringProtocol) -> String? { text == "NULL" ? nil : String(text) }
    if !name.hasSuffix("_G") {
      let fields = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
      return ResultTable(
        columns: (fields.first ?? []).map(String.init), rows: fields.dropFirst().map { $0.map { value($0) } })
    }
    var columns: [String] = []
    var row: [String?] = []
    for line in lines where !line.hasPrefix("*") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      columns.append(line[..<colon].trimmingCharacters(in: .whitespaces))
      row.append(value(line[line.index(after: colon)...].dropFirst()))
    }
    return ResultTable(columns: columns, rows: [row])
  }

  static let variables = ResultTable(
    columns: ["Variable_name", "Value"],
    rows: [["max_connections", "151"], ["read_only", "OFF"], ["version", "10.11.6-MariaDB"]])

  static func status(
    replica: ResultTable, _ status: ResultTable? = nil
  ) throws -> DatabaseStatus {
    let tables = [try status ?? table("show_global_status_db1"), variables, replica]
    return try DatabaseStatus(mysql: try through(tables), system: .mariadb)
  }

  @Test(arguments: [
    "replica_io_connecting_G", "replica_lag_G", "replica_sql_error_G", "replica_sql_stopped_G",
    "show_all_replicas_status_G", "show_replica_status_ok_G", "show_replica_status_ok_tab",
  ])
  func aRecordedReplicaIsReadAsItWas(_ name: String) throws {
    let status = try Self.status(replica: Self.table(name), Self.table("show_global_status_db2"))
    try expectGolden(Self.words(of: status), "mariadb/10.11/\(name).golden")
  }

  static func words(of status: DatabaseStatus) -> String {
    let replication = status.replication
    return """
      version \(status.version), read only \(status.isReadOnly.map { "\($0)" } ?? "-")
      queries \(status.queries ?? -1), slow \(status.slow ?? -1), aborted \(status.aborted ?? -1)
      connections \(status.connections ?? -1) of \(status.connectionLimit ?? -1), at work \(status.running ?? -1)
      replicas \(status.replicas ?? -1), uptime \(status.uptimeSeconds ?? -1)
      follows \(replication?.source ?? "-")
      receiving \(replication.map { "\($0.receiving)" } ?? "-"), applying \(replication.map { "\($0.applying)" } ?? "-")
      lag \(replication?.lag.map { "\($0) ms" } ?? "unknown")
      error \(replication?.error ?? "-")

      """
  }

  @Test func aPrimaryFollowsNobodyAndHasItsReplica() throws {
    let none = ResultTable(columns: try Self.table("show_replica_status_ok_tab").columns, rows: [])
    let status = try Self.status(replica: none)
    #expect(status.replication == nil && status.replicas == 1 && status.queries == 300)
    #expect(status.isReadOnly == false && status.connectionLimit == 151)
  }

  @Test func newerMySQLHasOtherWordsForTheSame() throws {
    let replica = ResultTable(
      columns: [
        "Replica_IO_State", "Source_Host", "Source_Port", "Replica_IO_Running", "Replica_SQL_Running",
        "Last_SQL_Error", "Last_IO_Error", "Seconds_Behind_Source", "Last_Error",
      ],
      rows: [["Waiting", "db1.site", "3306", "Yes", "Yes", "", "", "7", ""]])
    let replication = try #require(try Self.status(replica: replica).replication)
    #expect(replication.source == "db1.site:3306" && replication.lag == 7000)
    #expect(replication.receiving == .running && replication.applying == .running)
  }

  @Test func ofItsErrorOnlyTheReasonIsShown() throws {
    let status = try Self.status(replica: Self.table("replica_io_connecting_G"))
    let error = try #require(status.replication?.error)
    #expect(error == #"Can't connect to server on '10.77.4.11' (111 "Connection refused")"#)
  }

  @Test func ofSeveralPrimariesTheWorstIsShown() throws {
    var table = try Self.table("show_all_replicas_status_G")
    let place = try #require(table.columns.firstIndex(of: "Slave_SQL_Running"))
    var broken = table.rows[0]
    broken[place] = "No"
    table.rows = [table.rows[0], broken, table.rows[0]]
    #expect(try Self.status(replica: table).replication?.applying == .stopped)
  }

  @Test func whatIsAskedDependsOnWhoIsAsked() {
    #expect(MySQLPoll.text(version: "10.11.6-MariaDB-1").contains("SHOW ALL SLAVES STATUS"))
    #expect(MySQLPoll.text(version: "5.7.44-log").contains("SHOW SLAVE STATUS"))
    #expect(MySQLPoll.text(version: "8.0.21").contains("SHOW SLAVE STATUS"))
    #expect(MySQLPoll.text(version: "8.0.22").contains("SHOW REPLICA STATUS"))
    #expect(MySQLPoll.text(version: "9.1.0").contains("SHOW REPLICA STATUS"))
    #expect(MySQLPoll.text(version: "").contains("SHOW SLAVE STATUS"))
    for version in ["10.11.6-MariaDB", "8.0.36"] {
      #expect(MySQLPoll.text(version: version).split(separator: ";").count == MySQLPoll.statementCount)
    }
  }

  // MARK: PostgreSQL

  static func postgres(_ values: [String: String?]) -> [ResultTable] {
    var all: [String: String?] = [
      "version": "15.6", "uptime": "60", "transactions": "1000", "connections": "3", "running": "1",
      "connection_limit": "100", "follows": "f", "read_only": "f", "replicas": "1", "paused": nil, "lag": nil,
      "receiver": nil, "status": nil, "sender_host": nil, "sender_port": nil, "wanted_host": nil,
      "wanted_port": nil, "statements": nil, "microseconds": nil, "statements_schema": nil,
    ]
    all.merge(values) { $1 }
    let names = all.keys.sorted()
    return [ResultTable(columns: names, rows: [names.map { all[$0] ?? nil }])]
  }

  static let streaming: [String: String?] = [
    "follows": "t", "read_only": "t", "paused": "f", "lag": "1500", "receiver": "77", "status": "streaming",
    "sender_host": "10.77.4.11", "sender_port": "5432",
  ]

  @Test func postgresIsReadByTheNamesOfItsColumns() throws {
    let primary = try DatabaseStatus(postgres: try Self.through(Self.postgres([:])))
    #expect(primary.queries == 1000 && primary.replicas == 1 && primary.replication == nil)
    #expect(primary.isReadOnly == false && primary.statements == nil)

    let replica = try DatabaseStatus(postgres: Self.postgres(Self.streaming))
    #expect(replica.isReadOnly == true)
    #expect(replica.replication?.source == "10.77.4.11:5432" && replica.replication?.lag == 1500)

    var alone = Self.streaming
    for name in ["receiver", "status", "sender_host", "sender_port"] { alone[name] = .some(nil) }
    let stopped = try #require(try DatabaseStatus(postgres: Self.postgres(alone)).replication)
    #expect(stopped.receiving == .stopped && stopped.lag == nil && stopped.source.isEmpty)
    alone["wanted_host"] = "10.77.4.12"
    let trying = try #require(try DatabaseStatus(postgres: Self.postgres(alone)).replication)
    #expect(trying.receiving == .connecting && trying.lag == nil && trying.source == "10.77.4.12:5432")
  }

  @Test func aReceiverThatThisUserMayNotSeeIsNotTakenForAStoppedOne() {
    var hidden = Self.streaming
    hidden["status"] = .some(nil)
    #expect(throws: ReadFailure.self) { try DatabaseStatus(postgres: Self.postgres(hidden)) }
  }

  @Test func aRefusalIsToldFromAServerThatOnlyStarts() {
    let place = #"connection to server at "127.0.0.1", port 5432 failed: "#
    let wrong = PostgresRefusal(
      parsing: place + "FATAL:  28P01: password authentication failed for user \"x\"\nLOCATION:  auth.c:335\n"
    )
    #expect(wrong.failure == .login(words: #"password authentication failed for user "x""#))
    let starting = PostgresRefusal(
      parsing: place + "FATAL:  57P03: the database system is starting up\nLOCATION:  x, postmaster.c:1\n")
    #expect(starting.failure == .transfer(words: "the database system is starting up"))
    let none = PostgresRefusal(parsing: place + "Connection refused\n\tIs the server running?\n")
    #expect(none.code.isEmpty)
    let hostile = PostgresRefusal(parsing: "FATAL:  28000: \u{1b}[2J" + String(repeating: "x", count: 5000))
    #expect(!hostile.words.contains("\u{1b}") && hostile.words.count <= 300)
    #expect(PostgresRefusal(parsing: "").words.isEmpty)
  }

  @Test func thePasswordOfThePrimaryIsNotAskedFor() {
    let text = PostgresPoll.text(version: 150_000, statementsIn: nil)
    // Host and port are taken out of the connection string over there.
    #expect(!text.contains("SELECT setting FROM") && text.contains("substring(setting FROM"))
    #expect(
      PostgresPoll.text(version: 150_000, statementsIn: #"a"b"#).contains(#""a""b".pg_stat_statements"#))
  }

  // MARK: Hostile servers

  @Test func aReplyThatIsCutAnywhereIsAFaultOrHasFewerTables() throws {
    let tables = [Self.variables, try Self.table("replica_lag_G")]
    let bytes = Self.bytes(of: tables)
    #expect(try ResultTable.tables(in: bytes.span) == tables)
    for cut in bytes.indices {
      let cutTables = try? ResultTable.tables(in: Array(bytes[..<cut]).span)
      #expect((cutTables?.count ?? 0) < tables.count)
    }
  }

  @Test func valuesAreSanitisedAndBounded() throws {
    let long = String(repeating: "e", count: 100_000)
    var table = try Self.table("replica_sql_error_G")
    for (name, value) in [
      ("Last_SQL_Error", "\u{1b}]0;x\u{7}" + long), ("Master_Host", "\u{202e}evil" + long),
    ] {
      table.rows[0][try #require(table.columns.firstIndex(of: name))] = value
    }
    let replication = try #require(try Self.status(replica: table).replication)
    #expect(replication.error.count <= 500 && replication.source.count <= 270)
    for text in [replication.error, replication.source] {
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }
  }

  @Test(arguments: [
    ("Queries", "many"), ("Queries", "-1"), ("Uptime", ""), ("Threads_running", "1e9"),
  ])
  func whatHasToBeANumberAndIsNoneIsAFault(_ name: String, _ value: String) throws {
    var status = try Self.table("show_global_status_db1")
    status.rows = status.rows.map { $0[0] == name ? [name, value] : $0 }
    let replica = try Self.table("replica_lag_G")
    let changed = status
    #expect(throws: ReplyFault.notANumber(value, column: name, line: 1)) {
      try Self.status(replica: replica, changed)
    }
  }

  @Test func numbersBeyond64BitsSaturate() throws {
    var status = try Self.table("show_global_status_db1")
    status.rows = status.rows.map { $0[0] == "Queries" ? ["Queries", "99999999999999999999999"] : $0 }
    var table = try Self.table("replica_lag_G")
    table.rows[0][try #require(table.columns.firstIndex(of: "Seconds_Behind_Master"))] = "9223372036854775807"
    let read = try Self.status(replica: table, status)
    #expect(read.queries == .max && read.replication?.lag == .max)
  }

  @Test func whatIsNoStatusIsAFault() throws {
    #expect(throws: ReplyFault.self) { try DatabaseStatus(mysql: [], system: .mysql) }
    let status = try Self.table("show_global_status_db1")
    // Without an answer about replication nobody can say that there is none.
    #expect(throws: ReplyFault.missingColumn("Slave_IO_Running")) {
      try DatabaseStatus(mysql: [status, Self.variables], system: .mysql)
    }
    #expect(throws: ReadFailure.self) { try DatabaseStatus(postgres: [status]) }
    #expect(throws: ReadFailure.self) { try DatabaseStatus(postgres: []) }
  }

  @Test func endlessTablesAreGivenUp() {
    let row: [String?] = ["1"]
    let long = ResultTable(columns: ["a"], rows: Array(repeating: row, count: 5000))
    #expect(throws: ReplyFault.tooManyRows(limit: 4096)) { try Self.through([long]) }
    let wide = ResultTable(columns: Array(repeating: "a", count: 300), rows: [])
    #expect(throws: ReplyFault.self) { try Self.through([wide]) }
    let many = Array(repeating: ResultTable(columns: ["a"], rows: []), count: 50)
    #expect(throws: ReplyFault.self) { try Self.through(many) }
  }
}
