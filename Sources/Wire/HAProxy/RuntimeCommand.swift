public import Cluster

/// A command of HAProxy's stats socket that cannot mean anything else than what it says.
///
/// A command line ends at its line end, `;` separates commands, `\` escapes and blanks separate words: a name
/// with one of these in it never becomes part of a command.
public enum RuntimeCommand: Hashable, Sendable {
  /// What this session may do; since HAProxy 1.9.
  case showLevel
  case showInfo
  case showStat
  case showServersState
  /// The same of one backend.
  case showServersStateOf(backend: String)
  /// Gives the rights of the session up, for good: what follows cannot change anything.
  case lower(to: Level)
  case setState(ServerID, AdminState)
  /// The weight in effect, 0–256.
  case setWeight(ServerID, Int64)
  /// Ends the sessions that the server still has.
  case shutdownSessions(ServerID)
  /// From here on the connection takes more than one line, and each answer ends with `\n> ` instead of `\n`.
  case prompt
  /// Ends the connection where it takes more than one line.
  case quit

  public enum Level: String, Hashable, Sendable {
    case user, `operator`
  }

  /// Why a command cannot be sent.
  public enum Invalid: Error, Hashable, Sendable {
    /// A backend's or server's name that HAProxy would not have accepted in its configuration either.
    case name(ServerID)
    case weight(Int64)
  }

  /// What is asked at each poll. It learns what the socket would allow and then gives its own rights up, so
  /// that not even a mistake can make a poll change anything. `show info` comes before the figures, so that
  /// the process that they are of is known.
  public static let poll: [RuntimeCommand] = [
    .showLevel, .lower(to: .operator), .showInfo, .showStat, .showServersState,
  ]

  /// The line to send for `poll`; its answers are read by `ProxyReader`.
  public static let pollLine = Array("show cli level;operator;show info;show stat;show servers state\n".utf8)

  /// The line to send for commands that are answered one after the other on one connection.
  ///
  /// Throws `Invalid` for a name or weight that no server has.
  public static func line(_ commands: [RuntimeCommand]) throws(Invalid) -> [UInt8] {
    var line: [UInt8] = []
    for command in commands {
      if !line.isEmpty { line.append(UInt8(ascii: ";")) }
      line.append(contentsOf: try command.text.utf8)
    }
    line.append(ASCII.newline)
    return line
  }

  /// The command without its line end.
  var text: String {
    get throws(Invalid) {
      switch self {
      case .showLevel: return "show cli level"
      case .showInfo: return "show info"
      case .showStat: return "show stat"
      case .showServersState: return "show servers state"
      case .showServersStateOf(let backend):
        // It has to be a name in the same way as that of a server in it.
        guard ServerID(backend: backend, server: backend).isSpeakable else {
          throw .name(ServerID(backend: backend, server: ""))
        }
        return "show servers state \(backend)"
      case .lower(let level): return level.rawValue
      case .setState(let server, let state):
        return "set server \(try RuntimeCommand.path(of: server)) state \(word(for: state))"
      case .setWeight(let server, let weight):
        guard ServerAction.weights.contains(weight) else { throw .weight(weight) }
        return "set server \(try RuntimeCommand.path(of: server)) weight \(weight)"
      case .shutdownSessions(let server):
        return "shutdown sessions server \(try RuntimeCommand.path(of: server))"
      case .prompt: return "prompt"
      case .quit: return "quit"
      }
    }
  }

  private func word(for state: AdminState) -> String {
    switch state {
    case .ready: "ready"
    case .drain: "drain"
    case .maint: "maint"
    }
  }

  private static func path(of server: ServerID) throws(Invalid) -> String {
    guard server.isSpeakable else { throw .name(server) }
    return "\(server.backend)/\(server.server)"
  }
}
