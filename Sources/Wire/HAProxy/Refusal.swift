import Cluster

/// The words of HAProxy where a reply is not an answer but a refusal; nil where it is neither of those known.
///
/// `Permission denied` (the socket's level is too low), `Unknown command…` (this version has no such
/// command), `No such server.` and the like. Source: HAProxy's `src/cli.c`.
public func refusal(in reply: Span<UInt8>) -> String? {
  let words = reply.extracting(severityLength(of: reply)...)
  guard
    starts(words, with: "Permission denied") || starts(words, with: "Unknown command")
      || starts(words, with: "No such ") || starts(words, with: "Require ")
  else { return nil }
  return beginning(of: words)
}

/// How many bytes say the severity, with which a socket that has `severity-output` begins its words: `[3]: `,
/// `[err]: `.
func severityLength(of words: Span<UInt8>) -> Int {
  guard words.count > 4, words[0] == UInt8(ascii: "[") else { return 0 }
  for index in 1..<min(words.count - 2, 16) where words[index] == UInt8(ascii: "]") {
    return words[index + 1] == ASCII.colon && words[index + 2] == ASCII.space ? index + 3 : 0
  }
  return 0
}
