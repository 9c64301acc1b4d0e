public import Cluster

/// Who records, as the lock's file says: informational, the lock itself is the kernel's.
public struct RecorderIdentity: Hashable, Sendable {
  public var pid: Int64
  public var user: String
  public var since: WallTime
  /// nil where it does not say: an older tiertop.
  public var program: Program?

  /// What kind of program it is.
  public enum Program: String, Hashable, Sendable {
    /// `tiertop agent`: it goes on for good, and so is the one who records where it can.
    case agent
    /// A dashboard: it records where nobody else does.
    case dashboard
  }

  public init(pid: Int64, user: String, since: WallTime, program: Program? = nil) {
    self.pid = pid
    self.user = user
    self.since = since
    self.program = program
  }
}
