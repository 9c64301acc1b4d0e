import CSQLite

/// A prepared statement; it ends with the last who holds it.
final class Statement {
  private let raw: OpaquePointer
  private let path: String

  init(_ raw: OpaquePointer, path: String) {
    self.raw = raw
    self.path = path
  }

  deinit { sqlite3_finalize(raw) }

  func reset() { sqlite3_reset(raw) }

  /// Whether there is another row. After the last, and after a failure, it can be bound anew.
  func step() throws(StoreFailure) -> Bool {
    switch sqlite3_step(raw) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(raw)
      return false
    case let code:
      let failure = Database.failure(path, code, sqlite3_db_handle(raw))
      sqlite3_reset(raw)
      throw failure
    }
  }

  /// Binds the values from the first place on, and runs it to its end.
  func run(_ values: Value...) throws(StoreFailure) {
    bind(values)
    while try step() {}
  }

  /// Binds the values from the first place on.
  func with(_ values: Value...) -> Statement {
    bind(values)
    return self
  }

  func with(_ values: [Value]) -> Statement {
    bind(values)
    return self
  }

  private func bind(_ values: [Value]) {
    for (place, value) in values.enumerated() {
      let place = Int32(place + 1)
      switch value {
      case .number(let number): sqlite3_bind_int64(raw, place, number)
      case .text(var text):
        text.withUTF8 { bytes in
          bytes.withMemoryRebound(to: CChar.self) {
            _ = CSQLite_bind_text(raw, place, $0.baseAddress, UInt64($0.count))
          }
        }
      case .blob(let bytes):
        bytes.withUnsafeBytes { _ = CSQLite_bind_blob(raw, place, $0.baseAddress, UInt64($0.count)) }
      case .null: sqlite3_bind_null(raw, place)
      }
    }
  }

  enum Value {
    case number(Int64)
    case text(String)
    case blob([UInt8])
    case null
  }

  // Columns of the row that `step` found.

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }

  func number(_ column: Int32) -> Int64 { sqlite3_column_int64(raw, column) }

  func text(_ column: Int32) -> String {
    guard let bytes = sqlite3_column_text(raw, column) else { return "" }
    let count = Int(sqlite3_column_bytes(raw, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  func blob(_ column: Int32) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(raw, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(raw, column))))
  }
}
