import Cluster

/// The words of HAProxy where a reply is not an answer but a refusal; nil where it is neither of those known.
///
/// `Permission denied` (the socket's level is too low), `Unknown command…` (this version has no such
/// command), `No such server.` and the like; with `severity-output number` they begin with `[3]: `. Source:
/// HAProxy's `src/cli.c`.
public func refusal(in reply: Span<UInt8>) -> String? {
  var words = reply
  if reply.count >= 4, reply[0] == UInt8(ascii: "["), reply[2] == UInt8(ascii: "]"), reply[3] == ASCII.colon {
    words = reply.extracting(4...)
    if words.count > 0, words[0] == ASCII.space { words = words.extracting(1...) }
  }
  guard
    starts(words, with: "Permission denied") || starts(words, with: "Unknown command")
      || starts(words, with: "No such ") || starts(words, with: "Require ")
  else { return nil }
  return beginning(of: words)
}
