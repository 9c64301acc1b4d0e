public import Cluster

extension ReadFailure {
  /// Why a poll gave nothing, in words that a person can act on; one line.
  public var words: String {
    switch self {
    case .missing(let path):
      "no socket at \(path): is its program running, and is this the socket that it makes?"
    case .accessDenied(let path):
      "permission denied on \(path): run as a member of its group (ls -l shows it), or as root"
    case .refused:
      "connection refused: nothing listens there"
    case .unresolved(let host):
      "the name \(host) does not resolve"
    case .system(let number, let doing):
      "\(doing): \(SystemErrorWords.words(for: number))"
    case .timedOut(let after, let received):
      received == 0
        ? "no answer within \(Self.deadline(after))"
        : "only half an answer within \(Self.deadline(after)) (\(received) bytes)"
    case .truncated(let received):
      received == 0 ? "closed without an answer" : "the answer broke off after \(received) bytes"
    case .tooLarge(let limit):
      "the answer is larger than \(limit >> 20) MiB: cut off"
    case .denied(let words):
      "HAProxy refuses: \(words) (does its \"stats socket\" have level operator or admin?)"
    case .http(let status):
      Self.httpWords(status)
    case .transfer(let words):
      words.isEmpty ? "the transfer failed" : words
    case .malformed(let fault):
      fault.words
    case .tunnel(let words):
      "ssh: " + (words.isEmpty ? "the connection is not there" : words)
    case .secretMissing(let name):
      "the password is missing: \(name) is not there"
    case .unsuited:
      "this cannot be asked at such a place"
    case .login(let words):
      "it does not let this user in: \(words)"
    case .command(let words):
      words.isEmpty ? "the command failed" : words
    case .nothingSent:
      "nothing was sent here yet: does gunicorn have this address as --statsd-host?"
    case .notWritten(let path):
      "nothing at \(path): is the program running, and is it told to write there?"
    case .onlyAPage:
      "a page can only be read: to change something its \"stats socket\" is needed"
    }
  }

  private static func deadline(_ duration: Duration) -> String {
    let milliseconds = max(0, duration.nanoseconds) / 1_000_000
    return milliseconds < 10_000 ? "\(milliseconds) ms" : Figures.span(duration)
  }

  private static func httpWords(_ status: Int) -> String {
    switch status {
    case 401: "HTTP 401: it wants a user and a password"
    case 403: "HTTP 403: this host is not allowed to read the page"
    case 404: "HTTP 404: there is no such page"
    default: "HTTP \(status)"
    }
  }
}

extension ReplyFault {
  /// What was wrong with a reply, in words; one line.
  public var words: String {
    switch self {
    case .notStat(let beginning):
      "not an answer to \"show stat\": \(Self.quoted(beginning))"
    case .notInfo(let beginning):
      "not an answer to \"show info\": \(Self.quoted(beginning))"
    case .notServersState(let beginning):
      "not an answer to \"show servers state\": \(Self.quoted(beginning))"
    case .notStubStatus(let beginning):
      "not an Nginx status page: \(Self.quoted(beginning))"
    case .notOf(let system, let beginning):
      "not what \(system.word) says: \(Self.quoted(beginning))"
    case .missingColumn(let column):
      "the answer has no column \(column)"
    case .brokenRow(let line):
      "line \(line) of the answer is broken"
    case .notANumber(let text, let column, let line):
      "line \(line) of the answer: \(column) is \(Self.quoted(text)), which is not a number"
    case .tooManyRows(let limit):
      "the answer has more than \(limit) rows"
    case .truncated(let line):
      "the answer breaks off at line \(line)"
    case .missingServer(let server):
      "the answer says nothing of \(server)"
    }
  }

  private static func quoted(_ text: String) -> String {
    text.isEmpty ? "it is empty" : "\"\(text.shortened(60).description)\""
  }
}
