import Cluster

/// A line that is being typed at the bottom of the screen.
struct Prompt: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case filter, command
    /// A weight for the marked or selected nodes.
    case weight
    /// Why the change that is looked at is made.
    case note
    /// After what time the sessions that are left are shut down.
    case shutdown
    /// A moment to go to.
    case time
    /// Which stretch to save, and then into which file.
    case save
    case saveTo(TimeSpan)

    /// What stands before the text.
    var sign: String {
      switch self {
      case .filter: "/"
      case .command: ":"
      case .weight: "weight (0-256): "
      case .note: "note: "
      case .time: "go to (14:05, 3m ago, yesterday 09:00): "
      case .save: "save (10m, or from .. to): "
      case .saveTo: "into: "
      case .shutdown: "shut the sessions that are left down after (0s is now): "
      }
    }
  }

  var kind: Kind
  var text: String
  /// What the filter was before, to return to.
  var before: String

  /// More than this is not typed, but pasted by mistake.
  static let limit = 256

  mutating func append(_ scalar: Unicode.Scalar) {
    guard text.unicodeScalars.count < Self.limit else { return }
    text.unicodeScalars.append(scalar)
  }

  mutating func eraseCharacter() {
    if !text.isEmpty { text.removeLast() }
  }

  mutating func eraseWord() {
    while text.last == " " { text.removeLast() }
    while let last = text.last, last != " " {
      _ = last
      text.removeLast()
    }
  }
}
