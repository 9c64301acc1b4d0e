public import Cluster

/// One table of a database server's answer; values as text, nil for NULL.
public struct ResultTable: Hashable, Sendable {
  public var columns: [String]
  public var rows: [[String?]]

  /// More columns, rows and tables than any of our statements has; and the bytes of a value that anybody reads.
  static let mostColumns = 256
  static let mostRows = 4096
  static let mostTables = 16
  static let longestValue = 1024

  public init(columns: [String], rows: [[String?]]) {
    self.columns = columns
    self.rows = rows
  }

  /// All tables of a reply of `ResultPiece`s. What is in them is sanitised, and cut where it is too long.
  public static func tables(in reply: Span<UInt8>) throws(ReplyFault) -> [ResultTable] {
    var tables: [ResultTable] = []
    var columns: [String] = []
    var rows: [[String?]] = []
    var row: [String?] = []
    var at = 0
    while at < reply.count {
      guard reply.count - at >= ResultPiece.headLength, let piece = ResultPiece(rawValue: reply[at]) else {
        throw .truncated(line: tables.count + 1)
      }
      var length = 0
      for place in 0..<4 { length |= Int(reply[at + 1 + place]) << (8 * place) }
      at += ResultPiece.headLength
      guard length <= reply.count - at else { throw .truncated(line: tables.count + 1) }
      let text = reply.extracting(at..<at + min(length, longestValue))
      at += length
      switch piece {
      case .column:
        guard columns.count < mostColumns, rows.isEmpty, row.isEmpty else {
          throw .brokenRow(line: tables.count + 1)
        }
        columns.append(printable(text))
      case .value: row.append(printable(text))
      case .null: row.append(nil)
      case .tableEnd:
        guard row.isEmpty, tables.count < mostTables else { throw .brokenRow(line: tables.count + 1) }
        tables.append(ResultTable(columns: columns, rows: rows))
        (columns, rows) = ([], [])
      }
      if !row.isEmpty, row.count >= columns.count {
        guard row.count == columns.count else { throw .brokenRow(line: tables.count + 1) }
        guard rows.count < mostRows else { throw .tooManyRows(limit: mostRows) }
        rows.append(row)
        row = []
      }
    }
    guard columns.isEmpty else { throw .truncated(line: tables.count + 1) }
    return tables
  }

  /// The place of the first of these columns that is there. Names are compared without regard to case: `Replica_…`
  /// and `REPLICA_…` are the same to a server.
  func place(of names: String...) -> Int? {
    for name in names {
      if let place = columns.firstIndex(where: { $0.lowercased() == name.lowercased() }) { return place }
    }
    return nil
  }
}

/// One row, by the names of its columns.
struct ResultRow {
  let table: ResultTable
  let row: Int

  /// The value in the first of these columns that is there; nil for NULL, and where none is.
  func text(_ names: String...) -> String? {
    for name in names {
      if let place = table.place(of: name) { return table.rows[row][place] }
    }
    return nil
  }

  /// The same as a whole number.
  func number(_ names: String...) throws(ReplyFault) -> Int64? {
    for name in names {
      if let place = table.place(of: name) { return try wholeCount(table.rows[row][place], named: name) }
    }
    return nil
  }

  /// `t` and `f` of PostgreSQL.
  func isTrue(_ name: String) -> Bool? { text(name).map { $0 == "t" || $0 == "true" } }
}

/// A count that a server has written; nil for NULL.
func wholeCount(_ text: String?, named name: String) throws(ReplyFault) -> Int64? {
  guard let text else { return nil }
  guard let number = wholeNumber(Array(text.utf8).span), number >= 0 else {
    throw .notANumber(String(text.prefix(80)), column: name, line: 1)
  }
  return number
}
