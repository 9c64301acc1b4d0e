import Glibc

/// A system call that failed.
public struct SystemError: Error, Hashable, Sendable {
  /// As the system numbers it.
  public var errno: Int32
  /// What was tried: `connect`, `epoll_create`, …
  public var doing: String

  public init(errno: Int32, doing: String) {
    self.errno = errno
    self.doing = doing
  }

  /// The system's own words for it: `No such file or directory`.
  public var words: String { systemWords(for: errno) }
}

/// The system's own words for an error number, in the language of the locale.
public func systemWords(for errno: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    // The POSIX form fills the buffer; the GNU form may return a string of its own instead.
    buffer.initialize(repeating: 0)
    return strerror_r(errno, start, buffer.count) == 0 ? String(cString: start) : "error \(errno)"
  }
}

/// The result of a shim of CSystem: the value, or the error that a negative one stands for.
func checked<Value: SignedInteger>(_ result: Value, _ doing: String) throws(SystemError) -> Value {
  if result < 0 { throw SystemError(errno: Int32(clamping: -result), doing: doing) }
  return result
}
