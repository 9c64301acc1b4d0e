import Glibc
import Platform

/// A directory of our own (0700) for the tunnels' local sockets, removed with all that is in it.
final class TunnelDirectory {
  let path: String
  private var sockets: [String] = []

  /// A socket's path has at most 107 bytes; so many of them are for its name.
  private static let nameRoom = 16

  /// - Parameter parents: where it may be made, in order of preference.
  /// - Throws: what the system says of the last of them.
  init(in parents: [String]) throws(SystemError) {
    var failure = SystemError(errno: ENOENT, doing: "mkdtemp")
    for parent in parents where !parent.isEmpty {
      var template = Array((parent + "/tiertop-XXXXXX").utf8CString)
      if template.count + TunnelDirectory.nameRoom > 107 {
        failure = SystemError(errno: ENAMETOOLONG, doing: "mkdtemp")
      } else if mkdtemp(&template) != nil {
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return
      } else {
        failure = SystemError(errno: errno, doing: "mkdtemp")
      }
    }
    throw failure
  }

  /// The directories for a user's run-time files, by the environment.
  static var usualParents: [String] {
    let variables = ["XDG_RUNTIME_DIR", "TMPDIR"]
    return variables.compactMap { name in getenv(name).map { String(cString: $0) } } + ["/tmp"]
  }

  /// A path for one more socket. Its name is one that libpq opens: it takes no other, and nobody else minds.
  func newSocket() -> String {
    let socket = "\(path)/\(PostgresSocket.prefix)\(sockets.count + 1)"
    sockets.append(socket)
    return socket
  }

  deinit {
    for socket in sockets { unlink(socket) }
    rmdir(path)
  }
}
