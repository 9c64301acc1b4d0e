import CMariaDB
import Cluster
import Platform
import Wire

/// MariaDB and MySQL, by libmariadb.
final class MariaDBClient: DatabaseClient {
  private let client: ClientConnection

  /// - Throws: `transfer` where libmariadb is not there.
  init(_ take: @escaping Take) throws(ReadFailure) {
    client = try ClientConnection(
      handingTo: take, open: { tt_mariadb_open($0, $1, &$2) }, close: { tt_mariadb_close($0) })
  }

  private var connection: OpaquePointer { client.handle }
  var socket: Int32 { tt_mariadb_socket(connection) }
  var isOpen: Bool { tt_mariadb_is_open(connection) != 0 }
  func learn(from reply: borrowing ReplyBuffer) {}

  func connect(to place: DatabasePlace, as user: String, password: String?) -> DatabaseStep {
    var address = ""
    var socketPath: String?
    var portNumber: UInt16 = 0
    switch place {
    case .unix(let path): socketPath = path
    case .tcp(let numeric, let port, _): (address, portNumber) = (numeric, port)
    }
    return address.withCString { host in
      user.withCString { user in
        (password ?? "").withCString { password in
          withOptionalCString(socketPath) { socketPath in
            var place = tt_mariadb_place(
              host: host, port: portNumber, socket_path: socketPath, user: user, password: password)
            return step(tt_mariadb_connect(connection, &place))
          }
        }
      }
    }
  }

  func ask() -> DatabaseStep {
    step(tt_mariadb_ask(connection, MySQLPoll.text(version: String(cString: tt_mariadb_version(connection)))))
  }

  func goOn(_ readiness: Readiness?) -> DatabaseStep {
    var ready: Int32 = 0
    if let readiness {
      if !readiness.isDisjoint(with: [.reading, .error, .hangUp]) { ready |= Int32(TT_MARIADB_READABLE) }
      if !readiness.isDisjoint(with: [.writing, .error, .hangUp]) { ready |= Int32(TT_MARIADB_WRITABLE) }
    } else {
      ready = Int32(TT_MARIADB_TIME)
    }
    return step(tt_mariadb_step(connection, ready))
  }

  private func step(_ result: Int32) -> DatabaseStep {
    if result == TT_MARIADB_DONE { return .done }
    guard result > 0 else {
      // The last table is one that not everybody may read.
      if isOpen, tt_mariadb_tables(connection) >= MySQLPoll.neededTables { return .done }
      return .failed(fault)
    }
    var interest: Interest = []
    if result & Int32(TT_MARIADB_READABLE) != 0 { interest.insert(.reading) }
    if result & Int32(TT_MARIADB_WRITABLE) != 0 { interest.insert(.writing) }
    let waits = result & Int32(TT_MARIADB_TIME) != 0
    return .waits(
      interest, atMost: waits ? .milliseconds(Int(tt_mariadb_timeout_ms(connection))) : nil)
  }

  private var fault: DatabaseFault {
    let words = printable(String(String(cString: tt_mariadb_words(connection)).prefix(300)))
    switch tt_mariadb_code(connection) {
    case 2002, 2003: return .unreachable(errno: tt_mariadb_errno(connection))
    // Gone away, lost: with or without a system error.
    case 1053, 1927, 2006, 2013, 2055, 4031: return .lost
    // Access denied of all kinds, also by host; an account that is locked, or whose password is too old; and a
    // manner of login that is not ours.
    case 1044, 1045, 1129, 1130, 1251, 1524, 1698, 1820, 1862, 2059, 2061, 3118, 3159, 4151:
      return .failure(.login(words: words))
    default: return .failure(.transfer(words: words))
    }
  }
}
