import FuzzerKit
import LayoutFile
import Wire

@testable import Cluster
@testable import Control
@testable import History

/// What stands in files that people and other programs write, and what people type.
extension Fuzzer {
  static let files = [layout, logfmt, eventLine, intents, spellings]

  /// A layout that is good is written, and read again as the same; of one that is not, every mistake has words.
  private static let layout = Fuzzer(
    name: "layout", longest: 640, captures: ["../Layouts/"],
    seeds: texts(
      """
      cluster: a
      interval: 1s
      entry: { dns: www.demo.test, vip: 10.0.0.1, frontends: www }
      tiers:
        - tier: lb
          mode: active-passive
          nodes:
            - { node: lb1, address: "10.0.0.1:80", haproxy: /run/lb1.sock, keepalived: /run/k1, runs: haproxy }
        - tier: web
          nodes:
            - { node: web1, address: "10.0.0.2:80", nginx: "http://10.0.0.2/status" }
            - { node: db1, role: primary, mariadb: "tcp://10.0.0.3:3306", via: "ssh://u@h:22" }
      firewalls:
        - { between: [lb, web], allow: [80/tcp] }
      drain: { keep_up: 1 }

      """,
      "cluster: a\ntiers:\n - tier: w\n   nodes:\n   - node: n\n     php_fpm: fcgi://h:9/s\n     metrics: {url: \"http://h/\"}\n",
      "cluster: x\nhealth: {}\nhistory: {keep: 7d}\nscreen: {view: map, theme: dark}\ntiers: []\n"),
    make: {
      return { bytes in
        let file = bytes.withUnsafeBufferPointer { Array($0) }
        switch result({ () throws(LayoutFileError) in try LayoutFile.layout(from: file) }) {
        case .success(let layout):
          let text = LayoutFile.text(of: layout)
          requireLines(text)
          let again = result { () throws(LayoutFileError) in try LayoutFile.layout(from: Array(text.utf8)) }
          require((try? again.get()) == layout, "written, it is another layout: \(text)\n\(again)")
          _ = ClusterModel(layout: layout)
        case .failure(let fault):
          for line in fault.wording(in: "a.yaml") { requireShown(line) }
        }
      }
    })

  private static func requireLines(_ text: String) {
    for line in text.split(separator: "\n") { requireShown(String(line)) }
  }

  /// A line of logfmt is written, and read again as the same.
  private static let logfmt = Fuzzer(
    name: "logfmt", longest: 256,
    seeds: texts(
      "a=b c=\"d \\\"e\\\" \\n \\u00e9 \\ud83d\\ude00\"",
      "time=2026-11-21T14:30:00.000000000Z kind=appeared node=web1"),
    make: {
      return { bytes in
        guard let line = try? LogfmtLine(parsing: bytes) else { return }
        let again = try? LogfmtLine(parsing: line.text)
        require(again?.fields == line.fields, "written, it is another line")
        requireShown(line.text)
      }
    })

  private static let eventLine = Fuzzer(
    name: "event-line", longest: 384,
    seeds: {
      let server = ServerID(backend: "b", server: "web1")
      let actor = Actor(user: "u", host: "h", terminal: "pts/1")
      let standing = Standing(admin: .drain, weight: 5)
      let row = ServerRow(balancer: NodeName("lb1"), server: server)
      let at = WallTime(nanoseconds: 1_795_271_400_000_000_000)
      let intent = Intent(row: row, wish: .drain, actor: actor, note: "why", since: at)
      let changes: [Event.Change] = [
        .health(from: .up, to: Verdict(.down)),
        .reason(from: .latency(900, limit: 250), to: .inUse(9, of: 10, .frontend("www"), limit: 0.8)),
        .appeared, .vanished,
        .admin(server, from: .ready, to: .drain, by: actor), .weight(server, from: 1, to: 5, by: nil),
        .sourceLost(.nginx, .timedOut(after: .seconds(1), received: 5)), .sourceBack(.haproxy),
        .moved(from: NodeName("lb1"), to: NodeName("lb2"), gap: .milliseconds(240)),
        .changed(
          ChangeNews(
            action: .set(.drain), servers: [server], outcome: .refused(words: "no"), purpose: .wish,
            actor: actor,
            note: "x")),
        .lost(LostIntent(intent: intent, found: standing, cause: .other, at: at)),
      ]
      return changes.map { Array(EventLine.text(of: Event(at: at, node: NodeName("web1"), change: $0)).utf8) }
    },
    make: {
      return { bytes in
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        if let line = EventLine.sanitised(text) { requireShown(line) }
        guard let event = try? EventLine.event(from: text) else { return }
        let again = result { () throws(EventFault) in try EventLine.event(from: EventLine.text(of: event)) }
        require((try? again.get()) == event, "written, it is another event: \(event) \(again)")
      }
    })

  /// What people last set: read, written, and read again as the same.
  private static let intents = Fuzzer(
    name: "intents", longest: 512,
    seeds: {
      let row = ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "b", server: "web1"))
      let actor = Actor(user: "u", host: "h", terminal: "pts/1")
      let since = WallTime(nanoseconds: 1_795_271_400_000_000_000)
      let intents = [Intent.Wish.drain, .weight(5)].map {
        Intent(row: row, wish: $0, actor: actor, note: "why", since: since)
      }
      return [IntentDocument.bytes(of: Intents(intents))]
    },
    make: {
      return { bytes in
        let file = bytes.withUnsafeBufferPointer { Array($0) }
        guard let document = try? IntentDocument(parsing: file) else { return }
        let again = try? IntentDocument(parsing: IntentDocument.bytes(of: document.intents))
        require(again?.intents == document.intents, "written, they are other wishes")
        require(again?.damagedLines.isEmpty ?? false, "a line that was written cannot be read")
      }
    })

  /// Times, spans, addresses and places, as people type them on the command line and at the prompt.
  private static let spellings = Fuzzer(
    name: "spellings", longest: 96,
    seeds: texts(
      "3m ago", "2h30m ago", "yesterday 09:00", "14:05:06.789", "2026-02-28 23:59", "mon 12:00", "now",
      "1.5s", "7d",
      "2026-11-21T14:30:00.000000000Z", "[fe80::1%eth0]:80", "10.0.0.1:80", "tcp://h:1",
      "http://h:8080/p?x;csv",
      "http+unix:///s:/p", "fcgi://h:9/s?json", "fcgi+unix:///s:/p", "udp://h:1", "ssh://u@h:22",
      "/run/x.sock"),
    make: {
      let now = WallTime(nanoseconds: 1_795_271_400_000_000_000)
      let systems = Source.System.allCases
      return { bytes in
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        for offset in [0, -43_200, 50_400] {
          if let time = try? TimeExpression(parsing: text) {
            _ = time.resolved(now: now, utcOffset: offset).calendar(offsetSeconds: offset)
            _ = time.resolved(now: now, utcOffset: offset, looking: WallTime(nanoseconds: 0))
          }
        }
        if let time = WallTime(rfc3339Nanoseconds: text) {
          require(WallTime(rfc3339Nanoseconds: time.rfc3339Nanoseconds) == time, "another time")
        }
        _ = Duration(parsing: text)
        _ = Duration(parsingSpan: text)
        if let address = IPAddress(parsing: text) {
          require(IPAddress(parsing: address.description) == address, "another address")
        }
        if let address = SocketAddress(parsing: text) {
          require(SocketAddress(parsing: address.description) == address, "another address and port")
        }
        _ = try? SSHHost(parsing: text)
        for system in systems { _ = try? Endpoint(parsing: text, of: system) }
      }
    })
}
