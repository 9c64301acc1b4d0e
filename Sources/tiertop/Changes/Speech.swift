import Glibc

/// Where a command's words go: to standard output; beside a JSON document to a terminal on standard error, and
/// nowhere where there is none.
struct Speech {
  let isJSON: Bool

  func say(_ text: String) {
    if !isJSON { return Output.print(text) }
    if isatty(STDERR_FILENO) == 1 { Output.write(Array(text.utf8), to: STDERR_FILENO) }
  }

  /// What has gone otherwise than wanted.
  func complain(_ words: String) { Output.complain(words) }

  /// A line of what a program said: always somewhere.
  func pass(_ line: String) {
    Output.write(Array("\(line)\n".utf8), to: isJSON ? STDERR_FILENO : STDOUT_FILENO)
  }
}
