import CPostgres
import Cluster
import Platform
import Wire

/// PostgreSQL, by libpq.
final class PostgresClient: DatabaseClient {
  private let client: ClientConnection
  /// The schema of `pg_stat_statements`, where the server has it.
  private var statementsSchema: String?

  /// - Throws: `transfer` where libpq is not there.
  init(_ take: @escaping Take) throws(ReadFailure) {
    client = try ClientConnection(
      handingTo: take, open: { tt_postgres_open($0, $1, &$2) }, close: { tt_postgres_close($0) })
  }

  private var connection: OpaquePointer { client.handle }
  var socket: Int32 { tt_postgres_socket(connection) }
  var isOpen: Bool { tt_postgres_is_open(connection) != 0 }

  func learn(from reply: borrowing ReplyBuffer) {
    statementsSchema = reply.withBytes { bytes in
      (try? ResultTable.tables(in: bytes)).flatMap { PostgresPoll.statementsSchema(in: $0) }
    }
  }

  func connect(to place: DatabasePlace, as user: String, password: String?) -> DatabaseStep {
    var host: String
    var address: String?
    var portNumber: UInt16
    switch place {
    case .unix(let path):
      guard let socket = PostgresSocket(path: path) else { return .failed(.failure(.unsuited)) }
      (host, portNumber) = (socket.directory, socket.port)
    case .tcp(let numeric, let port, let name): (host, address, portNumber) = (name, numeric, port)
    }
    return host.withCString { host in
      withOptionalCString(address) { address in
        "\(portNumber)".withCString { port in
          user.withCString { user in
            withOptionalCString(password) { password in
              var place = tt_postgres_place(
                host: host, address: address, port: port, user: user, password: password)
              return step(tt_postgres_connect(connection, &place))
            }
          }
        }
      }
    }
  }

  func ask() -> DatabaseStep {
    let version = Int(tt_postgres_version(connection))
    return step(
      tt_postgres_ask(connection, PostgresPoll.text(version: version, statementsIn: statementsSchema)))
  }

  func goOn(_ readiness: Readiness?) -> DatabaseStep { step(tt_postgres_step(connection)) }

  private func step(_ result: Int32) -> DatabaseStep {
    if result == TT_POSTGRES_DONE { return .done }
    guard result > 0 else {
      // What it could read a moment ago it may not be able to read now: the next question does without.
      statementsSchema = nil
      return .failed(fault)
    }
    var interest: Interest = []
    if result & Int32(TT_POSTGRES_READABLE) != 0 { interest.insert(.reading) }
    if result & Int32(TT_POSTGRES_WRITABLE) != 0 { interest.insert(.writing) }
    return .waits(interest, atMost: nil)
  }

  private var fault: DatabaseFault {
    let message = String(cString: tt_postgres_words(connection))
    let refusal = PostgresRefusal(parsing: message)
    // Ended by an administrator, or with its server: nothing that is said about this question.
    if refusal.code == "57P01" || refusal.code == "57P02" { return .lost }
    if !refusal.code.isEmpty { return .failure(refusal.failure) }
    if tt_postgres_needs_password(connection) != 0 { return .failure(.login(words: "it wants a password")) }
    let errno = tt_postgres_errno(connection)
    if errno != 0 { return .unreachable(errno: errno) }
    if message.isEmpty || message.contains("server closed the connection") || message.contains("EOF") {
      return .lost
    }
    return .failure(refusal.failure)
  }
}

/// How libpq speaks of a unix socket: by its directory and by the port in its name.
struct PostgresSocket {
  var directory: String
  var port: UInt16

  static let prefix = ".s.PGSQL."

  /// - Parameter path: of the socket, or of the directory that it is in. nil where libpq could not open it.
  init?(path: String) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let name = path[slash...].dropFirst()
    if name.hasPrefix(PostgresSocket.prefix) {
      guard let port = UInt16(name.dropFirst(PostgresSocket.prefix.count)) else { return nil }
      (directory, self.port) = (String(path[..<slash]), port)
    } else {
      (directory, port) = (path, 5432)
    }
  }
}
