import Cluster
import Platform

/// A client library's connection to a database server, one step after the other. Nothing it does waits.
protocol DatabaseClient: AnyObject {
  /// Takes each piece of an answer.
  typealias Take = (_ piece: UInt8, _ bytes: UnsafeRawBufferPointer) -> Bool

  /// Begins to connect to a numeric address, or to a local socket.
  func connect(to place: DatabasePlace, as user: String, password: String?) -> DatabaseStep
  /// Begins to ask, on a connection that is open.
  func ask() -> DatabaseStep
  /// Goes on with what has begun; nil for the time-out.
  func goOn(_ readiness: Readiness?) -> DatabaseStep

  /// Where it waits.
  var socket: Int32 { get }
  /// Whether the connection is good for another question.
  var isOpen: Bool { get }
  /// What the last answer says about the next question.
  func learn(from reply: borrowing ReplyBuffer)
}

/// Where a client library has to go: nothing that it would have to look up.
enum DatabasePlace {
  case unix(path: String)
  /// `name` is only said, where the library wants to say it.
  case tcp(address: String, port: UInt16, name: String)
}

/// How far something has come that was begun.
enum DatabaseStep {
  case waits(Interest, atMost: Duration?)
  case done
  case failed(DatabaseFault)
}

/// Why a step failed.
enum DatabaseFault {
  /// The server, or the way to it, is not there.
  case unreachable(errno: Int32)
  /// The connection has ended without a word.
  case lost
  case failure(ReadFailure)
}
