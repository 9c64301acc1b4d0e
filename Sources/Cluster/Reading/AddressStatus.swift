/// What was found by connecting to a virtual address again and again.
public struct AddressStatus: Hashable, Sendable {
  /// Who answered last: the name HAProxy gives itself; empty where nobody did, or it was not asked.
  public var holder: String
  /// Tries since the agent began, and those that nobody answered.
  public var tries: Int64
  public var failures: Int64
  /// Whether the last try was answered.
  public var answers: Bool
  /// When the last time without an answer began: the last good try before it.
  public var outageBegan: WallTime?
  /// How long that was, from the last good try to the next one; nil while it lasts.
  public var outage: Duration?

  public init(
    holder: String, tries: Int64, failures: Int64, answers: Bool, outageBegan: WallTime? = nil,
    outage: Duration? = nil
  ) {
    self.holder = holder
    self.tries = tries
    self.failures = failures
    self.answers = answers
    self.outageBegan = outageBegan
    self.outage = outage
  }
}
