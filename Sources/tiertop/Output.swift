import Glibc

/// Text to the standard streams, whole or not at all.
enum Output {
  static func print(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

  static func complain(_ text: String) { write(Array("tiertop: \(text)\n".utf8), to: STDERR_FILENO) }

  /// Something that does not keep the program from going on.
  static func warn(_ text: String) { complain("warning: \(text)") }

  /// A reader that has gone away ends the program, as it does every filter (SIGPIPE).
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        return
      }
    }
  }
}

/// How the program ends; see `tiertop --help`.
enum ExitStatus: Int32 {
  case good = 0
  /// Something is degraded or down.
  case bad = 1
  /// A mistake in the options or the layout.
  case usage = 2
  /// Nothing could be reached.
  case unreachable = 3
  /// The layout's floor forbids it.
  case floor = 4
  /// What was waited for did not come.
  case timedOut = 5
  /// Somebody ended it: 128 and the number of SIGINT, as shells count.
  case interrupted = 130
}
