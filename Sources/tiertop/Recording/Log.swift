import Glibc
import Wire

/// The daemon's log: one line of logfmt to standard error for each thing that has happened. Whoever keeps it
/// (journald) adds the time.
struct Log {
  enum Level: String {
    case info, warning, error
  }

  func info(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.info, message, fields)
  }

  func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.warning, message, fields)
  }

  func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.error, message, fields)
  }

  private func write(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, String>) {
    var line: LogfmtLine = ["level": level.rawValue, "message": message]
    for (key, value) in fields where !value.isEmpty { line[key] = value }
    Output.write(Array("\(line.text)\n".utf8), to: STDERR_FILENO)
  }
}
