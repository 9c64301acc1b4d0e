/// Who records what is watched, and whether what is shown comes from there.
public enum RecordKeeper: Hashable, Sendable {
  /// This dashboard polls, and records what it reads.
  case here
  /// Another program polls and records: what it records is shown, and nothing is polled from here.
  case other(Program)
  /// Another program records, and cannot be followed: this dashboard polls, and records nothing.
  case beside(Program, Obstacle)
  /// Nobody does, and why.
  case nobody(String)

  /// A program that records.
  public struct Program: Hashable, Sendable {
    /// What kind of program it is; nil where that is not known.
    public var kind: Kind?
    /// nil where it is not known.
    public var pid: Int64?

    public enum Kind: Hashable, Sendable {
      case agent, dashboard
    }

    public init(kind: Kind?, pid: Int64?) {
      self.kind = kind
      self.pid = pid
    }
  }

  /// Why what another program records is not what is to be shown.
  public enum Obstacle: Hashable, Sendable {
    /// It has another layout.
    case otherLayout
    /// Nothing has come from it for three intervals.
    case silence
    /// Its record cannot be read; why.
    case unreadable(String)
  }
}
