import Cluster
import Control
import Glibc
import Platform

extension MemoryFailure {
  /// What happened, and what to do about it; one line.
  var words: String {
    switch self {
    case .noHome:
      "nowhere to remember anything: set XDG_STATE_HOME or HOME to a directory of yours"
    case .system(let path, let error):
      "\(printable(path)): \(error.doing): \(error.words)" + Self.advice(error.errno, path)
    case .foreignDirectory(let path, let owner):
      "\(printable(path)) belongs to user \(owner): run this as that user, or set XDG_STATE_HOME"
        + " (after sudo: sudo -H)"
    case .openDirectory(let path):
      "others may write into \(printable(path)): chmod go-w \(printable(path))"
    case .notADirectory(let path):
      "\(printable(path)) is not a directory: move it away, or set XDG_STATE_HOME"
    case .notAFile(let path):
      "\(printable(path)) is a link, a directory or a device, and not a file: move it away"
    case .newer(let path, let version):
      "\(printable(path)) was written by a newer tiertop (version \(version)): use that one; nothing was changed"
    case .tooLarge(let path, let limit):
      "\(printable(path)) is larger than \(limit >> 20) MiB: move it away"
    case .busy(let path, let after):
      "another program has held the lock \(printable(path)) for \(after.nanoseconds / 1_000_000) ms: try again"
        + " (fuser \(printable(path)) shows which)"
    case .syslog(let path, let error):
      "syslog (\(printable(path))): \(error.doing): \(error.words): is a system logger running?"
    }
  }

  private static func advice(_ errno: Int32, _ path: String) -> String {
    switch errno {
    case EACCES, EPERM: ": ls -ld \(printable(path)) shows who may"
    case EROFS: ": choose a directory that can be written"
    case ENOSPC, EDQUOT: ": make room (df shows where)"
    case ENOENT, ENOTDIR: ": make its directory"
    default: ""
    }
  }
}

extension AuditFailure {
  /// What is missing from the audit, and why; one line.
  var words: String {
    "\(lost == 1 ? "1 entry is" : "\(lost) entries are") missing from the audit: \(failure.words)"
  }
}

extension IntentDamage {
  /// What could not be understood, and where it is kept; one line.
  var words: String {
    let some = lines.prefix(5).map { String($0) }.joined(separator: ", ") + (lines.count > 5 ? ", …" : "")
    let what = "\(printable(path)): \(lines.count == 1 ? "line \(some) is" : "lines \(some) are") damaged"
    return copy.map { "\(what) and left out; the whole file is kept as \(printable($0))" } ?? what
  }
}
