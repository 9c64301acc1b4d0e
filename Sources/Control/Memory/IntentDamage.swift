/// What of an intents file could not be understood, and was kept out: a fact.
public struct IntentDamage: Hashable, Sendable {
  /// Of the file.
  public let path: String
  /// The damaged lines, counted from 1, in order; at least one.
  public let lines: [Int]
  /// Where the whole file was set aside before another took its place; nil while it was only read.
  public let copy: String?
}
