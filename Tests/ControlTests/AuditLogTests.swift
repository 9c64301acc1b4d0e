import CSystem
import Foundation
import Glibc
import Platform
import Testing
import Wire

@testable import Cluster
@testable import Control

@Suite struct AuditLogTests {
  static let actor = Actor(user: "anna", host: "bastion", terminal: "pts/3")
  static let time = WallTime(nanoseconds: 1_795_262_400_007_000_000)

  static func step(
    _ action: ServerAction, _ server: String = "web1", kind: Change.Step.Kind = .send
  ) -> Change.Step {
    Change.Step(
      row: ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "web", server: server)),
      balancer: SourceID(0), action: action, before: Standing(admin: .ready, weight: 100), kind: kind)
  }

  static func entry(
    _ action: ServerAction = .set(.drain), _ outcome: StepOutcome = .done, kind: Change.Step.Kind = .send,
    purpose: Change.Purpose = .wish, note: String = ""
  ) -> AuditEntry {
    AuditEntry(
      step(action, kind: kind), outcome, purpose: purpose, by: actor, note: note, at: time,
      words: { _ in "no answer" })
  }

  static func line(_ entry: AuditEntry) -> String { entry.line(cluster: "shop").text }

  static let head = "time=2026-11-21T12:00:00.007Z cluster=shop user=anna host=bastion tty=pts/3 "

  @Test func aLineSaysWhoDidWhatWhereWithWhichResult() {
    let place = "balancer=lb1 server=web/web1"
    let lines: [(AuditEntry, String)] = [
      (
        Self.entry(note: "kernel update"),
        #"action=drain purpose=wish \#(place) from=ready to=drain result=done note="kernel update""#
      ),
      (
        Self.entry(.weight(50), .refused(words: "Permission denied"), purpose: .retry),
        #"action=weight purpose=retry \#(place) from=100 to=50 result=refused words="Permission denied""#
      ),
      (
        Self.entry(.set(.maint), .ineffective(Standing(admin: .drain, weight: 100)), purpose: .undo),
        #"action=maint purpose=undo \#(place) from=ready to=maint result=ineffective words="found drain, weight 100""#
      ),
      (
        Self.entry(.shutdownSessions, .unsent(.refused), purpose: .reapply),
        #"action=shutdown-sessions purpose=reapply \#(place) result=unsent words="no answer""#
      ),
      (
        Self.entry(.set(.ready), .unknown(.refused), purpose: .hold),
        #"action=ready purpose=hold \#(place) from=ready to=ready result=unknown words="no answer""#
      ),
      (
        Self.entry(kind: .follow(ServerID(backend: "app", server: "web1"))),
        "action=drain purpose=wish \(place) follows=app/web1 from=ready to=drain result=done"
      ),
      (
        AuditEntry(
          belowFloor: Self.step(.set(.drain)), purpose: .wish, by: Self.actor, note: "", at: Self.time),
        "action=drain purpose=wish \(place) from=ready to=drain result=below-floor"
      ),
    ]
    for (entry, rest) in lines { #expect(Self.line(entry) == Self.head + rest) }
  }

  @Test func aHostileNoteStaysOneLineOfBoundedLength() throws {
    let note = "x\nresult=done\u{1B}[31m\"" + String(repeating: "\"", count: 100_000)
    let line = Self.line(Self.entry(.set(.drain), .refused(words: note), note: note))
    #expect(!line.contains { $0.isNewline })
    #expect(line.utf8.count < 8192)
    let read = try LogfmtLine(parsing: line)
    #expect(read["result"] == "refused")
    #expect(read["note"]?.hasPrefix("x␊result=done␛[31m\"") == true)
  }

  @Test func everyEntryIsALineOfTheFileAndTheFileIsNotForEverybody() throws {
    let folder = try MemoryFolder()
    let path = folder.path + "/audit.log"
    try MemoryFolder.write("before\n", to: path)
    let log = AuditLog(targets: [.file(path: path)], cluster: "shop")
    #expect(log.write([]) == [])
    #expect(log.write([Self.entry(), Self.entry(.weight(1))]) == [])
    let other = AuditLog(targets: [.file(path: path)], cluster: "shop")
    #expect(other.write([Self.entry(.set(.ready))]) == [])
    let lines = try MemoryFolder.text(path).split(separator: "\n").map(String.init)
    #expect(
      lines == ["before"] + [Self.entry(), Self.entry(.weight(1)), Self.entry(.set(.ready))].map(Self.line))

    let fresh = folder.path + "/fresh.log"
    #expect(AuditLog(targets: [.file(path: fresh)], cluster: "shop").write([Self.entry()]) == [])
    // As far as the umask lets it.
    #expect(try MemoryFolder.mode(fresh) & ~0o640 == 0)
  }

  @Test func aFileThatWasRotatedIsBegunAgain() throws {
    let folder = try MemoryFolder()
    let path = folder.path + "/audit.log"
    let log = AuditLog(targets: [.file(path: path)], cluster: "shop")
    let line = Self.line(Self.entry()) + "\n"
    for _ in 0..<2 { #expect(log.write([Self.entry()]) == []) }
    #expect(rename(path, path + ".1") == 0)
    #expect(log.write([Self.entry()]) == [])
    #expect(try MemoryFolder.text(path + ".1") == line + line)
    #expect(try MemoryFolder.text(path) == line)
    #expect(unlink(path) == 0)
    #expect(log.write([Self.entry()]) == [])
    #expect(try MemoryFolder.text(path) == line)
    // logrotate's copytruncate: the same file, empty.
    #expect(truncate(path, 0) == 0)
    #expect(log.write([Self.entry()]) == [])
    #expect(try MemoryFolder.text(path) == line)
  }

  @Test func manyWritersAtOnceMixNoLines() throws {
    let folder = try MemoryFolder()
    let path = folder.path + "/audit.log"
    DispatchQueue.concurrentPerform(iterations: 8) { writer in
      let log = AuditLog(targets: [.file(path: path)], cluster: "shop")
      for _ in 0..<50 {
        #expect(log.write([Self.entry(note: String(repeating: "\(writer)", count: 900))]) == [])
      }
    }
    let lines = try MemoryFolder.text(path).split(separator: "\n")
    #expect(lines.count == 400)
    for line in lines { #expect(try LogfmtLine(parsing: String(line))["note"]?.utf8.count == 900) }
  }

  @Test func whatCannotBeWrittenIsReportedForItsTargetAlone() throws {
    let folder = try MemoryFolder()
    let (good, link) = (folder.path + "/audit.log", folder.path + "/link.log")
    symlink(good, link)
    let missing = folder.path + "/none/audit.log"
    let log = AuditLog(
      targets: [
        .file(path: missing), .file(path: link), .file(path: "/dev/full"), .file(path: folder.path),
        .syslog, .file(path: good),
      ], cluster: "shop", syslog: folder.path + "/log")
    let entries = [Self.entry(), Self.entry()]
    let failures = log.write(entries)
    #expect(
      failures.map(\.failure) == [
        .system(path: missing, SystemError(errno: ENOENT, doing: "create")), .notAFile(path: link),
        .notAFile(path: "/dev/full"), .notAFile(path: folder.path),
        .syslog(path: folder.path + "/log", SystemError(errno: ENOENT, doing: "connect")),
      ])
    #expect(failures.allSatisfy { $0.lost == 2 })
    #expect(try MemoryFolder.text(good).split(separator: "\n").count == 2)

    // Where it becomes possible, it goes on.
    mkdir(folder.path + "/none", 0o700)
    #expect(log.write(entries).count == 4)
    #expect(try MemoryFolder.text(missing).split(separator: "\n").count == 2)
  }

  /// A system logger that a test reads: the datagram socket of `/dev/log`.
  final class Logger {
    let path: String
    let socket: Descriptor

    init(_ path: String) throws {
      self.path = path
      var address = tt_address()
      try #require(tt_address_unix(&address, path, path.utf8.count) == 0)
      let raw = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      try #require(raw >= 0)
      socket = Descriptor(owning: raw)
      let bound = withUnsafePointer(to: &address.bytes) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(raw, $0, address.length) }
      }
      try #require(bound == 0)
    }

    func next() -> String? {
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = tt_receive(socket.raw, &bytes, bytes.count)
      return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
  }

  @Test func theSystemLogGetsOneDatagramForEachEntry() throws {
    let folder = try MemoryFolder()
    let logger = try Logger(folder.path + "/log")
    let log = AuditLog(targets: [.syslog], cluster: "shop", syslog: logger.path)
    let bad = Self.entry(.set(.drain), .refused(words: "100 % no %s%n"))
    #expect(log.write([Self.entry(), bad]) == [])
    for (entry, priority) in [(Self.entry(), 85), (bad, 84)] {
      let message = try #require(logger.next())
      #expect(message.hasPrefix("<\(priority)>Nov 2"))
      #expect(message.hasSuffix(" tiertop[\(getpid())]: " + Self.line(entry)), "\(message)")
      #expect(message.prefix(4 + 15).split(separator: ":").count == 3)
    }
    #expect(logger.next() == nil)
  }

  @Test func aSystemLogThatHangsCostsOneWaitAndIsReported() throws {
    let folder = try MemoryFolder()
    let logger = try Logger(folder.path + "/log")
    let log = AuditLog(targets: [.syslog], cluster: "shop", syslog: logger.path)
    // Nobody reads: the queue of the socket is full after some of them.
    let entries = [AuditEntry](repeating: Self.entry(), count: 5_000)
    let failures = log.write(entries)
    let failure = try #require(failures.first)
    #expect(failure.failure == .syslog(path: logger.path, SystemError(errno: EAGAIN, doing: "send")))
    var taken = 0
    while logger.next() != nil { taken += 1 }
    #expect(taken + failure.lost == entries.count)
    #expect(log.write([Self.entry()]) == [], "it reads again")
  }
}
