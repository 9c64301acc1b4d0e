/// One node of a YAML file and where it begins.
struct YAMLNode: Sendable {
  var place: Place
  var content: Content

  indirect enum Content: Sendable {
    /// In the order of the file, keys that come twice included.
    case mapping([Pair])
    case sequence([YAMLNode])
    /// A plain one is not quoted. What it means is for the reader to say: YAML's own types (`yes`, `0x1F`,
    /// `12:30`) are never applied.
    case scalar(String, isPlain: Bool)
    /// What layouts do not allow; it is among the tree's refusals.
    case refused
  }

  struct Pair: Sendable {
    var key: YAMLNode
    var value: YAMLNode
  }
}

/// A part of YAML that layouts do without: each could make a small file mean something large or hidden.
public enum YAMLRefusal: Hashable, Sendable {
  case alias, anchor, tag, secondDocument
  /// A mapping or a sequence as a key.
  case complexKey
}

/// Why a file could not be read as YAML. Never holds anything of its content.
public enum YAMLFault: Error, Hashable, Sendable {
  /// libyaml's own words: what it was doing (may be empty), and what was wrong.
  case syntax(doing: String, problem: String, at: Place)
  /// A tab where only spaces may be.
  case tab(at: Place)
  case tooDeep(limit: Int, at: Place)
  case tooManyNodes(limit: Int, at: Place)
  /// Nothing but comments and blanks.
  case empty
}
