/// Why a text is no JSON that is taken; places count bytes from 0.
public enum JSONFault: Error, Hashable, Sendable {
  /// It ends before it is whole.
  case truncated
  /// A byte that cannot be there.
  case unexpected(at: Int)
  /// Arrays and objects lie deeper in one another than is taken.
  case tooDeep(limit: Int)
  /// It has more values than are taken.
  case tooMany(limit: Int)
}
