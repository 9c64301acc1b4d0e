public import Cluster
import Wire

/// Writes down every change and attempt, wherever the layout says so.
///
/// The calls block for a few operations on local files, and a tenth of a second at most for the system's log.
public final class AuditLog {
  private let cluster: String
  private var files: [AuditFile] = []
  private var syslog: Syslog?

  /// Nothing is opened before there is something to write.
  ///
  /// - Parameter syslog: the path of the system's log, for the target of that name.
  public init(targets: [Layout.AuditTarget], cluster: String, syslog: String = "/dev/log") {
    self.cluster = cluster
    for target in targets {
      switch target {
      case .syslog: self.syslog = Syslog(path: syslog)
      case .file(let path): files.append(AuditFile(path: path))
      }
    }
  }

  /// Adds a line for each entry to every target, in order, and returns what was not possible: at most one
  /// failure for each target. One that failed is tried again with the next entries.
  public func write(_ entries: [AuditEntry]) -> [AuditFailure] {
    if entries.isEmpty { return [] }
    let lines = entries.map { $0.line(cluster: cluster).text }
    var failures = files.compactMap { $0.write(lines) }
    let messages = zip(entries, lines).map { entry, line in
      Syslog.Message(time: entry.time, isGood: entry.result == .done, text: line)
    }
    if let failure = syslog?.write(messages) { failures.append(failure) }
    return failures
  }
}
