/// What a session on a stats socket may do, least first (management guide, `show cli level`).
public enum AccessLevel: String, Hashable, Sendable, Comparable, CaseIterable {
  case user, `operator`, admin

  public static func < (a: AccessLevel, b: AccessLevel) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}
