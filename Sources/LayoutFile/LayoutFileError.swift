/// Why a file gave no layout. What is in a file that is no layout is in none of these.
public enum LayoutFileError: Error, Hashable, Sendable {
  /// The system refused; `errno` as the system numbers it.
  case unreadable(errno: Int32)
  /// Not a file that can be read to its end.
  case notAFile(Kind)
  /// Larger than a layout may be, in bytes.
  case tooLarge(limit: Int)
  /// A pipe whose other end did not finish within the time.
  case unfinished(after: Duration)
  case notYAML(YAMLFault)
  /// YAML, but its top level is no mapping with `cluster` or `tiers`.
  case notALayout(at: Place)
  /// A layout with mistakes: all of them, in the order of the file, at least one.
  case mistakes([LayoutMistake])

  public enum Kind: Hashable, Sendable {
    case directory, device, socket
  }
}
