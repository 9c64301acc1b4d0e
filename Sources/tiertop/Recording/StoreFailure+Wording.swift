import Cluster
import Dashboard
import History
import Platform

extension StoreFailure {
  /// What is wrong with the record, and what to do about it; one line.
  var words: String {
    switch self {
    case .recordedByAnother(let path, let who):
      "\(printable(path)) is recorded by another program"
        + (who.map { " (pid \($0.pid), user \(printable($0.user)))" } ?? "")
    case .missing(let path): "there is no record at \(printable(path))"
    case .newer(let path, let version):
      "\(printable(path)) was written by a newer tiertop (version \(version)): use that one; nothing was changed"
    case .older(let path, let version):
      "\(printable(path)) is of an older form (version \(version)): it is brought up to date when it is recorded"
    case .foreign(let path): "\(printable(path)) is no record of tiertop's; it was left as it is"
    case .otherCluster(let path, let cluster):
      "\(printable(path)) is the record of another cluster, \(printable(cluster))"
    case .damaged(let path, let words): "\(printable(path)) is damaged: \(printable(words))"
    case .full(let path): "there is no room left for \(printable(path)) (df shows where)"
    case .readOnly(let path): "\(printable(path)) may only be read"
    case .input(let path, let words): "the disk of \(printable(path)) fails: \(printable(words))"
    case .busy(let path): "\(printable(path)) is held by another program"
    case .system(let path, let error): "\(printable(path)): \(error.doing): \(error.words)"
    case .database(let path, let code, let words): "\(printable(path)): \(printable(words)) (\(code))"
    }
  }
}

extension Gap.Reason {
  /// Why nothing was recorded.
  var words: String {
    switch self {
    case .notRunning: "no tiertop was running"
    case .full: "there was no room on the disk"
    case .readOnly: "the disk could only be read"
    case .disk: "the disk failed"
    case .damaged: "the record was damaged and set aside"
    case .clockForward: "the clock was set forward"
    case .clockBack: "the clock was set back"
    case .suspended: "the machine slept"
    case .busy: "another program held the record"
    }
  }
}
