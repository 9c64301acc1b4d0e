/// The system's errors that can happen to a connection, in words.
enum SystemErrorWords {
  /// Source of the numbers: Linux, `asm-generic/errno-base.h` and `errno.h`.
  static func words(for number: Int32) -> String {
    switch number {
    case 1: "operation not permitted"
    case 2: "no such file"
    case 5: "input/output error"
    case 11: "busy, try again"
    case 12: "out of memory"
    case 13: "permission denied"
    case 20: "a part of the path is not a directory"
    case 23: "too many open files in the system"
    case 24: "too many open files"
    case 32: "the other side closed the connection"
    case 36: "the path is too long for a socket"
    case 91: "wrong kind of socket"
    case 99: "address not available on this host"
    case 100: "the network is down"
    case 101: "the network cannot be reached"
    case 103: "connection aborted"
    case 104: "connection reset by the other side"
    case 110: "connection timed out"
    case 111: "connection refused: nothing listens there"
    case 112: "the host is down"
    case 113: "no route to the host"
    default: "system error \(number)"
    }
  }
}
