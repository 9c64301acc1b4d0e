import Cluster
import FuzzerKit
import Wire

/// What databases say, as far as it is read here and not by their own libraries.
extension Fuzzer {
  static let databases = [mysql, postgres, refusal]

  private static let mysql = Fuzzer(
    name: "mysql-rows", longest: 1024,
    seeds: {
      [
        bytes([
          (["Variable_name", "Value"], [["Queries", "17"], ["Threads_running", "2"], ["Uptime", "99"]]),
          (
            ["Variable_name", "Value"],
            [["max_connections", "151"], ["version", "10.11.6"], ["read_only", "OFF"]]
          ),
          (
            ["Slave_IO_Running", "Slave_SQL_Running", "Master_Host", "Master_Port", "Seconds_Behind_Master"],
            [["Yes", "No", "10.0.0.1", "3306", nil]]
          ), (["statements", "microseconds"], [["12", "3456"]]),
        ])
      ]
    },
    make: {
      return { bytes in
        guard let tables = try? ResultTable.tables(in: bytes) else { return }
        for text in tables.flatMap({ $0.columns }) { requireShown(text) }
        guard let status = try? DatabaseStatus(mysql: tables, system: .mariadb) else { return }
        requireAllShown(status)
      }
    })

  private static let postgres = Fuzzer(
    name: "postgres-rows", longest: 1024,
    seeds: {
      let columns = [
        "version", "uptime", "transactions", "connections", "running", "connection_limit", "follows",
        "read_only",
        "replicas", "paused", "lag", "receiver", "status", "sender_host", "sender_port", "wanted_host",
        "wanted_port", "statements", "microseconds", "statements_schema",
      ]
      let row: [String?] = [
        "15.12", "99", "12", "3", "1", "100", "t", "t", "0", "f", "0", "17", "streaming", "10.0.0.1", "5432",
        "10.0.0.1", "5432", "9", "99", "public",
      ]
      return [bytes([(columns, [row])])]
    },
    make: {
      return { bytes in
        guard let tables = try? ResultTable.tables(in: bytes) else { return }
        _ = PostgresPoll.statementsSchema(in: tables)
        guard let status = try? DatabaseStatus(postgres: tables) else { return }
        requireAllShown(status)
      }
    })

  private static let refusal = Fuzzer(
    name: "postgres-refusal", longest: 512,
    seeds: texts(
      """
      connection to server at "127.0.0.1", port 5432 failed: FATAL:  28P01: password authentication failed
      LOCATION:  auth_failed, auth.c:335
      """),
    make: {
      return { bytes in
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        let refusal = PostgresRefusal(parsing: text)
        requireShown(refusal.words)
        _ = refusal.failure
      }
    })

  private static func requireAllShown(_ status: DatabaseStatus) {
    requireShown(status.version)
    requireShown(status.replication?.source ?? "")
    requireShown(status.replication?.error ?? "")
  }

  /// Tables as the agent's clients write them down.
  private static func bytes(_ tables: [(columns: [String], rows: [[String?]])]) -> [UInt8] {
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
}
