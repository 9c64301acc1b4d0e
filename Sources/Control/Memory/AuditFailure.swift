/// What could not be written to one place of the audit, and why.
public struct AuditFailure: Error, Hashable, Sendable {
  public let failure: MemoryFailure
  /// How many entries are not there.
  public let lost: Int
}
