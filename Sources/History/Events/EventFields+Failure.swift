import Cluster
import Wire

extension EventFields {
  mutating func set(_ key: String, _ failure: ReadFailure) {
    func put(_ word: String, _ part: String? = nil, _ text: String = "") {
      line[key] = word
      if let part { line[key + "." + part] = text }
    }
    switch failure {
    case .missing(let path): put("missing", "path", path)
    case .accessDenied(let path): put("access-denied", "path", path)
    case .refused: put("refused")
    case .unresolved(let host): put("unresolved", "host", host)
    case .system(let errno, let doing):
      put("system", "doing", doing)
      set(key + ".errno", Int64(errno))
    case .timedOut(let after, let received):
      put("timed-out", "received", String(received))
      set(key + ".after", after.nanoseconds)
    case .truncated(let received): put("truncated", "received", String(received))
    case .tooLarge(let limit): put("too-large", "limit", String(limit))
    case .denied(let words): put("denied", "words", words)
    case .http(let status): put("http", "status", String(status))
    case .transfer(let words): put("transfer", "words", words)
    case .malformed(let fault):
      put("malformed")
      set(key + ".fault", fault)
    case .tunnel(let words): put("tunnel", "words", words)
    case .secretMissing(let name): put("secret-missing", "name", name)
    case .onlyAPage: put("only-a-page")
    case .unsuited: put("unsuited")
    case .login(let words): put("login", "words", words)
    case .command(let words): put("command", "words", words)
    case .nothingSent: put("nothing-sent")
    case .notWritten(let path): put("not-written", "path", path)
    }
  }

  func failure(_ key: String) throws(EventFault) -> ReadFailure {
    switch try text(key) {
    case "missing": .missing(path: try text(key + ".path"))
    case "access-denied": .accessDenied(path: try text(key + ".path"))
    case "refused": .refused
    case "unresolved": .unresolved(host: try text(key + ".host"))
    case "system":
      .system(errno: Int32(clamping: try number(key + ".errno")), doing: try text(key + ".doing"))
    case "timed-out":
      .timedOut(after: try duration(key + ".after"), received: try int(key + ".received"))
    case "truncated": .truncated(received: try int(key + ".received"))
    case "too-large": .tooLarge(limit: try int(key + ".limit"))
    case "denied": .denied(words: try text(key + ".words"))
    case "http": .http(status: try int(key + ".status"))
    case "transfer": .transfer(words: try text(key + ".words"))
    case "malformed": .malformed(try fault(key + ".fault"))
    case "tunnel": .tunnel(words: try text(key + ".words"))
    case "secret-missing": .secretMissing(name: try text(key + ".name"))
    case "only-a-page": .onlyAPage
    case "unsuited": .unsuited
    case "login": .login(words: try text(key + ".words"))
    case "command": .command(words: try text(key + ".words"))
    case "nothing-sent": .nothingSent
    case "not-written": .notWritten(path: try text(key + ".path"))
    default: throw .invalid(key: key)
    }
  }

  private mutating func set(_ key: String, _ fault: ReplyFault) {
    func put(_ word: String, _ part: String, _ text: String) {
      line[key] = word
      line[key + "." + part] = text
    }
    switch fault {
    case .notStat(let beginning): put("not-stat", "beginning", beginning)
    case .notInfo(let beginning): put("not-info", "beginning", beginning)
    case .notServersState(let beginning): put("not-servers-state", "beginning", beginning)
    case .notStubStatus(let beginning): put("not-stub-status", "beginning", beginning)
    case .missingColumn(let column): put("missing-column", "column", column)
    case .brokenRow(let row): put("broken-row", "line", String(row))
    case .notANumber(let text, let column, let row):
      put("not-a-number", "text", text)
      line[key + ".column"] = column
      set(key + ".line", Int64(row))
    case .truncated(let row): put("truncated", "line", String(row))
    case .tooManyRows(let limit): put("too-many-rows", "limit", String(limit))
    case .missingServer(let server):
      put("missing-server", "backend", server.backend)
      line[key + ".server"] = server.server
    case .notOf(let system, let beginning):
      put("not-of", "beginning", beginning)
      line[key + ".system"] = system.rawValue
    }
  }

  private func fault(_ key: String) throws(EventFault) -> ReplyFault {
    switch try text(key) {
    case "not-stat": .notStat(beginning: try text(key + ".beginning"))
    case "not-info": .notInfo(beginning: try text(key + ".beginning"))
    case "not-servers-state": .notServersState(beginning: try text(key + ".beginning"))
    case "not-stub-status": .notStubStatus(beginning: try text(key + ".beginning"))
    case "missing-column": .missingColumn(try text(key + ".column"))
    case "broken-row": .brokenRow(line: try int(key + ".line"))
    case "not-a-number":
      .notANumber(try text(key + ".text"), column: try text(key + ".column"), line: try int(key + ".line"))
    case "truncated": .truncated(line: try int(key + ".line"))
    case "too-many-rows": .tooManyRows(limit: try int(key + ".limit"))
    case "missing-server": .missingServer(try server(key))
    case "not-of":
      .notOf(try word(key + ".system", of: Source.System.self), beginning: try text(key + ".beginning"))
    default: throw .invalid(key: key)
    }
  }
}
