import CSystem
import Glibc
import Platform

/// A file to which lines are added. It may be renamed or removed at any time, as logrotate does: the next line
/// then begins a new one.
final class AuditFile {
  private let path: String
  private var file: Descriptor?
  /// The last line has no end: what is written next begins with it.
  private var isBroken = false

  init(path: String) { self.path = path }

  /// Each line in one system call, so that lines of several programs never mix; stops at the first failure.
  func write(_ lines: [String]) -> AuditFailure? {
    var written = 0
    do {
      try reopenWhereRotated()
      for line in lines {
        try append(line)
        written += 1
      }
      return nil
    } catch {
      return AuditFailure(failure: error, lost: lines.count - written)
    }
  }

  private func reopenWhereRotated() throws(MemoryFailure) {
    if let raw = file?.raw {
      let held = SmallFile.Version(try SmallFile.status(of: raw, path))
      if let now = try SmallFile.version(of: path), now.isSameFile(as: held) { return }
    }
    file = nil
    isBroken = false
    file = try SmallFile.open(path, O_WRONLY | O_APPEND | O_CREAT, mode: 0o640)
    if file == nil { throw .system(path: path, SystemError(errno: ENOENT, doing: "create")) }
  }

  private func append(_ line: String) throws(MemoryFailure) {
    guard let raw = file?.raw else { return }
    let bytes = Array(((isBroken ? "\n" : "") + line + "\n").utf8)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { tt_write(raw, $0.baseAddress, $0.count) }
      if count < 0 {
        if rest.count < bytes.count { isBroken = true }
        throw .system(path: path, SystemError(errno: Int32(clamping: -count), doing: "write"))
      }
      // Only a full disk cuts one in two; going on tells the reason.
      rest = rest.dropFirst(count)
    }
    isBroken = false
  }
}
