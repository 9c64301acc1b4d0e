/// Why a poll gave nothing: a fact, with what a person needs to act on it. The wording is in the view.
public enum ReadFailure: Error, Hashable, Sendable {
  /// There is no socket at the path.
  case missing(path: String)
  /// The kernel refused to let this user open it.
  case accessDenied(path: String)
  /// Nobody listens there.
  case refused
  /// The name does not resolve.
  case unresolved(host: String)
  /// Another system error while `doing` (`connect`, `read`, …); `errno` as the system numbers it.
  case system(errno: Int32, doing: String)
  /// No complete reply within the deadline; `received` bytes had come by then.
  case timedOut(after: Duration, received: Int)
  /// The connection ended before the reply did.
  case truncated(received: Int)
  /// The reply went beyond the bound and was cut off.
  case tooLarge(limit: Int)
  /// The peer answered, but refused the command (`Permission denied`); its words, sanitised.
  case denied(words: String)
  /// The HTTP status was not 200.
  case http(status: Int)
  /// The TLS or HTTP layer failed; libcurl's words, sanitised.
  case transfer(words: String)
  /// The reply is not what this kind of source says.
  case malformed(ReplyFault)
  /// The SSH tunnel to the host is not there; the client's last words, sanitised.
  case tunnel(words: String)
  /// A secret that the layout names is not there.
  case secretMissing(name: String)
  /// What it is cannot be asked at such a place.
  case unsuited
  /// The server answers, and does not let this user in; its words, sanitised.
  case login(words: String)
  /// The program that has to be run for it failed; its words, sanitised.
  case command(words: String)
  /// It is listened for, and nothing has come yet.
  case nothingSent
  /// There is no such file yet: the program that should write it does not.
  case notWritten(path: String)
  /// It is a page, which can only be read: nothing can be changed through it.
  case onlyAPage
}

/// What was wrong with a reply.
public enum ReplyFault: Error, Hashable, Sendable {
  /// The first line is not the header that was expected; its beginning, sanitised.
  case notStat(beginning: String)
  case notInfo(beginning: String)
  case notServersState(beginning: String)
  case notStubStatus(beginning: String)
  /// Not what this system says; its beginning, sanitised.
  case notOf(Source.System, beginning: String)
  /// The header lacks a column without which nothing can be said.
  case missingColumn(String)
  /// A line has another number of fields than the header, or a quote is not closed.
  case brokenRow(line: Int)
  /// A field that has to be a number is not one; its text, sanitised and cut.
  case notANumber(String, column: String, line: Int)
  /// The reply stops before its terminator.
  case truncated(line: Int)
  /// More rows than any real table has; what came after the limit was not read.
  case tooManyRows(limit: Int)
  /// The table is there, and says nothing of a server that it should have.
  case missingServer(ServerID)
}
