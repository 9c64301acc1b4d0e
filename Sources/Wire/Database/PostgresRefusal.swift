public import Cluster

/// Why PostgreSQL ended a connection, out of the verbose message that libpq hands on:
///
///     connection to server at "127.0.0.1", port 5432 failed: FATAL:  28P01: password authentication failed for …
///     LOCATION:  auth_failed, auth.c:335
public struct PostgresRefusal: Hashable, Sendable {
  /// SQLSTATE; empty where the words are not the server's.
  public var code: String
  public var words: String

  /// - Parameter message: as libpq has it, of several lines.
  public init(parsing message: String) {
    let lines = message.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }
    code = ""
    words = printable(String((lines.first ?? "").prefix(300)))
    // "SEVERITY:  SQLSTATE: words": the severity may be of any language, and so is not looked for.
    for line in lines {
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      for (place, part) in parts.enumerated().dropFirst() {
        guard part.hasPrefix("  "), part.utf8.count == 7, place + 1 < parts.count else { continue }
        let state = part.dropFirst(2)
        guard state.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) else {
          continue
        }
        code = String(state)
        words = printable(
          String(parts[(place + 1)...].joined(separator: ":").drop { $0 == " " }.prefix(300)))
        return
      }
    }
  }

  /// What it means for a poll.
  public var failure: ReadFailure {
    // Invalid authorization, no such database, no right to connect to it.
    code.hasPrefix("28") || code == "3D000" || code == "42501"
      ? .login(words: words) : .transfer(words: words)
  }
}
