import Cluster
import Glibc
import Platform
import Wire

/// The right to record into a store, held as long as this lives: a lock of the kernel's on a file beside it,
/// which goes with the process however it ends.
final class StoreLock {
  private let file: Int32

  /// - Throws: `recordedByAnother`, `system`.
  init(store: String, program: RecorderIdentity.Program?, now: WallTime) throws(StoreFailure) {
    let path = store + ".lock"
    let file = try StoreFiles.openBeside(store, path)
    guard StoreLock.take(file) else {
      let failure: StoreFailure =
        errno == EWOULDBLOCK
        ? .recordedByAnother(path: store, StoreLock.identity(file))
        : .ofFile(errno, doing: "lock", path, store: store)
      close(file)
      throw failure
    }
    self.file = file
    // For people and programs that ask who; the lock does not depend on it, so a failure is none.
    var line: LogfmtLine = [
      "pid": String(getpid()), "user": StoreLock.userName(), "since": now.rfc3339Nanoseconds,
    ]
    if let program { line["program"] = program.rawValue }
    let text = Array((line.text + "\n").utf8)
    if ftruncate(file, 0) == 0 { _ = text.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } }
  }

  deinit {
    // A child of this process has the same open file until it is another program, and with it the lock.
    flock(file, LOCK_UN)
    close(file)
  }

  /// Who records into a store; nil where nobody does, or it cannot be told.
  static func holder(ofStore store: String) -> RecorderIdentity? {
    let file = open(store + ".lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return isHeld(file) ? identity(file) : nil
  }

  /// Whether somebody holds the lock on a file; false where that cannot be told.
  static func isHeld(path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return false }
    defer { close(file) }
    return isHeld(file)
  }

  /// A shared lock is refused exactly where somebody holds it; it is let go of at once.
  private static func isHeld(_ file: Int32) -> Bool {
    if flock(file, LOCK_SH | LOCK_NB) != 0 { return errno == EWOULDBLOCK }
    flock(file, LOCK_UN)
    return false
  }

  /// Takes the lock, and waits a tenth of a second for it at most: it is held for a moment by who only asks
  /// whether it is held.
  static func take(_ file: Int32) -> Bool {
    for _ in 0..<20 {
      if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
      if errno != EWOULDBLOCK { return false }
      usleep(5000)
    }
    errno = EWOULDBLOCK
    return false
  }

  private static func identity(_ file: Int32) -> RecorderIdentity? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    guard count > 0, let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let start = Array(bytes[..<end])
    guard let line = try? LogfmtLine(parsing: start.span), let pid = line["pid"].flatMap({ Int64($0) }),
      let user = line["user"], let since = line["since"].flatMap(WallTime.init(rfc3339Nanoseconds:))
    else { return nil }
    return RecorderIdentity(
      pid: pid, user: printable(user), since: since,
      program: line["program"].flatMap(RecorderIdentity.Program.init))
  }

  private static func userName() -> String {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return String(getuid()) }
    return printable(String(cString: name))
  }
}
