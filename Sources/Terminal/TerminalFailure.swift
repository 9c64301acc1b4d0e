import Cluster

/// Why the terminal cannot be taken over.
public enum TerminalFailure: Error, Hashable, Sendable {
  /// Neither the standard streams nor /dev/tty are a terminal.
  case notATerminal
  /// terminfo does not know the type that `TERM` names.
  case unknownType(String)
  /// The type cannot move its cursor.
  case tooSimple(String)
  /// ncurses gave no reason.
  case failed

  /// The reason in words that a person can act on.
  public var words: String {
    switch self {
    case .notATerminal:
      "this is not a terminal; \"tiertop once\" prints the cluster as text"
    case .unknownType(let type):
      type.isEmpty
        ? "TERM is not set: try TERM=xterm-256color"
        : "the terminal type TERM=\(printable(type)) is not known here: try TERM=xterm-256color"
    case .tooSimple(let type):
      "a terminal of type TERM=\(printable(type)) cannot show pictures; \"tiertop once\" prints the cluster as text"
    case .failed:
      "the terminal cannot be taken over"
    }
  }
}
