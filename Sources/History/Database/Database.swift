import CSQLite
import Cluster
import Glibc
import Platform

/// One connection to a store's file.
final class Database {
  let path: String
  private let raw: OpaquePointer
  private var statements: [String: Statement] = [:]
  /// Pages in the log after the last commit, where it is counted.
  private let pagesInLog = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

  enum Mode {
    case recording, reading
    /// Reading, and never waiting for anybody.
    case glancing
  }

  /// A reader waits this long for a writer at most; there is only one writer, and it never waits.
  private static let patience: Int32 = 1000

  /// - Parameter file: what SQLite opens, where that is not the path: nothing for a store of this connection
  ///   alone, which is in memory, spills into a file that nobody else can open, and ends with it.
  init(
    path given: String, mode: Mode, vfs: String? = nil, file: String? = nil
  ) throws(StoreFailure) {
    path = given
    let file = file ?? Database.withoutLinks(given)
    var handle: OpaquePointer?
    let flags =
      mode == .recording ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE
    // A reader opens it for writing where it may: the file by which the two know of each other has to be
    // made by somebody. It asks for nothing that writes.
    var result = sqlite3_open_v2(file, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, vfs)
    if mode != .recording, result != SQLITE_OK {
      sqlite3_close_v2(handle)
      handle = nil
      result = sqlite3_open_v2(
        file, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, vfs)
    }
    guard result == SQLITE_OK, let handle else {
      let failure = Database.failure(given, result, handle)
      sqlite3_close_v2(handle)
      throw failure
    }
    raw = handle
    pagesInLog.initialize(to: 0)
    sqlite3_extended_result_codes(raw, 1)
    sqlite3_busy_timeout(raw, mode == .reading ? Database.patience : 0)
    _ = CSQLite_harden(raw)
    if mode != .recording { try run("PRAGMA query_only=1") }
  }

  deinit {
    statements = [:]
    sqlite3_close_v2(raw)
    pagesInLog.deallocate()
  }

  /// A statement that is made once and used again.
  func statement(_ sql: StaticString) throws(StoreFailure) -> Statement {
    let text = sql.description
    if let known = statements[text] {
      known.reset()
      return known
    }
    let statement = try make(text)
    statements[text] = statement
    return statement
  }

  /// Runs one that gives nothing back.
  func run(_ sql: String) throws(StoreFailure) {
    let statement = try make(sql)
    while try statement.step() {}
  }

  /// The first number of the first row; nil where there is none, or it is null.
  func number(_ sql: StaticString, _ values: Statement.Value...) throws(StoreFailure) -> Int64? {
    let row = try statement(sql).with(values)
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.isNull(0) ? nil : row.number(0)
  }

  /// All that is done in it, or nothing of it. What fails within it is undone.
  func transaction<Result>(
    _ work: () throws(StoreFailure) -> Result
  ) throws(StoreFailure) -> Result {
    _ = try statement("BEGIN IMMEDIATE").step()
    do {
      let result = try work()
      _ = try statement("COMMIT").step()
      return result
    } catch {
      // Some failures have undone it already, and a second time says so.
      for known in statements.values { known.reset() }
      if sqlite3_get_autocommit(raw) == 0 { sqlite3_exec(raw, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }

  /// All that is read in it is of one moment.
  func view<Result>(_ work: () throws(StoreFailure) -> Result) throws(StoreFailure) -> Result {
    if sqlite3_get_autocommit(raw) == 0 { return try work() }
    _ = try statement("BEGIN").step()
    defer { sqlite3_exec(raw, "COMMIT", nil, nil, nil) }
    return try work()
  }

  /// The number that the last row was given.
  var lastNumber: Int64 { sqlite3_last_insert_rowid(raw) }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes64(raw)) }

  /// Counts what is written to the log, and leaves it to who writes to have it copied back.
  func countLog() {
    sqlite3_wal_hook(
      raw,
      { count, _, _, pages in
        count?.assumingMemoryBound(to: Int32.self).pointee = pages
        return SQLITE_OK
      }, pagesInLog)
  }

  /// Pages that were in the log after the last commit; 0 where it is not counted.
  var logPages: Int64 { Int64(pagesInLog.pointee) }

  /// Copies what is in the write-ahead log into the file, as far as no reader is in the way.
  func checkpoint() {
    sqlite3_wal_checkpoint_v2(raw, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
  }

  /// The path with its directory as it is really called: SQLite refuses any link on the way, and systemd's
  /// `/var/lib/NAME` of a dynamic user is one. The file itself must not be one all the same.
  private static func withoutLinks(_ path: String) -> String {
    guard let end = path.lastIndex(of: "/") else { return path }
    let name = path[path.index(after: end)...]
    guard !name.isEmpty, let real = realpath(String(path[...end]), nil) else { return path }
    defer { free(real) }
    let directory = String(cString: real)
    return directory == "/" ? "/" + name : directory + "/" + name
  }

  private func make(_ sql: String) throws(StoreFailure) -> Statement {
    var handle: OpaquePointer?
    let result = sqlite3_prepare_v2(raw, sql, -1, &handle, nil)
    guard result == SQLITE_OK, let handle else { throw Database.failure(path, result, raw) }
    return Statement(handle, path: path)
  }

  static func isDamage(_ code: Int32) -> Bool {
    [SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_SCHEMA].contains(code & 0xFF)
  }

  static func failure(_ path: String, _ code: Int32, _ raw: OpaquePointer?) -> StoreFailure {
    let words = raw.flatMap { sqlite3_errmsg($0) }.map { printable(String(cString: $0)) } ?? ""
    switch code & 0xFF {
    case SQLITE_CORRUPT: return .damaged(path: path, words: words)
    case SQLITE_NOTADB: return .foreign(path: path)
    case SQLITE_FULL: return .full(path: path)
    case SQLITE_READONLY: return .readOnly(path: path)
    case SQLITE_IOERR:
      let errno = raw.map { sqlite3_system_errno($0) } ?? 0
      if errno == ENOSPC || errno == EDQUOT || errno == EFBIG { return .full(path: path) }
      return .input(path: path, words: words)
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy(path: path)
    case SQLITE_CANTOPEN, SQLITE_PERM:
      let errno = raw.map { sqlite3_system_errno($0) } ?? 0
      if errno == ENOENT { return .missing(path: path) }
      return .ofFile(errno == 0 ? EACCES : errno, doing: "open", path, store: path)
    default: return .database(path: path, code: code, words: words)
    }
  }
}
