import Dashboard
import History

extension RecordKeeper.Program {
  /// - Parameter identity: nil where it is not known who records.
  init(_ identity: RecorderIdentity?) {
    let kind: Kind? =
      switch identity?.program {
      case .agent: .agent
      case .dashboard: .dashboard
      case nil: nil
      }
    self.init(kind: kind, pid: identity?.pid)
  }
}
