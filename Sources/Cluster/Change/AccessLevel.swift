/// What a session on a stats socket may do (management guide, `show cli level`).
public enum AccessLevel: String, CaseIterable, Hashable, Sendable {
  case user, `operator`, admin
}
