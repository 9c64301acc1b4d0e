import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Control

@Suite struct IntentFileTests {
  /// What one program writes and the next one reads.
  static func remembered(_ folder: MemoryFolder) throws -> Intents {
    try #require(try folder.intents { Issue.record("damaged: \($0)") }.readIfChanged())
  }

  @Test func whatOneProgramSetTheNextOneKnows() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    #expect(try file.readIfChanged() == Intents())
    #expect(try file.readIfChanged() == nil)
    let all = [
      intent("web1", .drain, note: "kernel \"5.10\"\nand more", at: 1), intent("web1", .weight(0), at: 2),
      intent("web2", .maint, balancer: "lb 2", at: 3), intent("é=\"", .weight(256), at: 4),
    ]
    let now = try file.update { intents in for each in all { intents.remember(each) } }
    #expect(now == Intents(all))
    #expect(try file.readIfChanged() == nil, "what it wrote itself is no news")
    #expect(try Self.remembered(folder) == Intents(all))
  }

  @Test func theFormatIsThatOfEveryVersionOne() throws {
    let folder = try MemoryFolder()
    _ = try folder.intents().update {
      $0.remember(intent("web1", .drain, note: "kernel update", at: 1))
      $0.remember(intent("web2", .weight(50), at: 2))
    }
    let path = try folder.intents().path
    #expect(
      try MemoryFolder.text(path) == """
        format=tiertop-intents version=1
        balancer=lb1 backend=web server=web1 wish=drain user=anna host=bastion tty=pts/3 \
        note="kernel update" since=2026-11-21T12:00:01.000000000Z
        balancer=lb1 backend=web server=web2 wish=weight weight=50 user=anna host=bastion tty=pts/3 \
        note="" since=2026-11-21T12:00:02.000000000Z

        """)
    #expect(path.hasSuffix("/tiertop/shop.intents"))
    #expect(try folder.names() == ["shop.intents", "shop.intents.lock"])
    for name in try folder.names() {
      #expect(try MemoryFolder.mode(folder.path + "/tiertop/" + name) == 0o600)
    }
  }

  @Test func anyIntentComesBackTheSame() throws {
    let folder = try MemoryFolder()
    var random = SeededRandom(seed: 21)
    func text(_ random: inout SeededRandom, _ lengths: ClosedRange<Int>) -> String {
      let letters = Array("ab=\"\\ é日\n\u{1B}\u{202E}{}%\u{1F600}")
      let count = Int.random(in: lengths, using: &random)
      return String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
    }
    for _ in 0..<50 {
      var all = Intents()
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        let wishes: [Intent.Wish] = [.drain, .maint, .weight(Int64.random(in: 0...256, using: &random))]
        all.remember(
          Intent(
            row: ServerRow(
              balancer: NodeName(text(&random, 1...8)),
              server: ServerID(
                backend: printable(text(&random, 1...8)), server: printable(text(&random, 1...8)))),
            wish: wishes[Int.random(in: 0...2, using: &random)],
            actor: Actor(
              user: text(&random, 0...8), host: text(&random, 0...8), terminal: text(&random, 0...8)),
            note: text(&random, 0...40),
            since: WallTime(nanoseconds: Int64.random(in: .min ... .max, using: &random))))
      }
      _ = try folder.intents().update { $0 = all }
      #expect(try Self.remembered(folder) == all)
    }
  }

  @Test func aLongNoteIsCutBetweenTwoCharacters() throws {
    let folder = try MemoryFolder()
    _ = try folder.intents().update {
      $0.remember(intent("web1", note: "x" + String(repeating: "é", count: 100_000)))
    }
    let note = try #require(try Self.remembered(folder).all.first?.note)
    #expect(note == "x" + String(repeating: "é", count: 511))
  }

  @Test func anotherProgramsChangeIsNoticedOnce() throws {
    let folder = try MemoryFolder()
    let (mine, other) = (try folder.intents(), try folder.intents())
    #expect(try mine.readIfChanged() == Intents())
    // As fast as it can: the same size, and perhaps the same time on a clock that ticks every 4 ms.
    for round in 0..<200 {
      let wanted = Intents([intent(round % 2 == 0 ? "web1" : "web2")])
      _ = try other.update { $0 = wanted }
      #expect(try mine.readIfChanged() == wanted)
      #expect(try mine.readIfChanged() == nil)
    }
    #expect(unlink(mine.path) == 0)
    #expect(try mine.readIfChanged() == Intents())
    #expect(try mine.readIfChanged() == nil)
  }

  @Test func twoUpdatesBetweenTwoLooksAreNoticed() throws {
    let folder = try MemoryFolder()
    let (mine, other) = (try folder.intents(), try folder.intents())
    var last = Intents()
    for round in 0..<100 {
      _ = try other.update { $0 = Intents([intent("web8")]) }
      last = Intents([intent(round % 2 == 0 ? "web1" : "web2")])
      _ = try other.update { $0 = last }
      #expect(try mine.readIfChanged() == last)
    }
  }

  @Test func aChangeThatChangesNothingWritesNothing() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    _ = try file.update { _ in }
    #expect(try folder.names() == ["shop.intents.lock"])
    _ = try file.update { $0.remember(intent("web1")) }
    let before = try SmallFile.version(of: file.path)
    _ = try file.update { $0.remember(intent("web1")) }
    #expect(try SmallFile.version(of: file.path) == before)
  }

  /// Each thread is a program of its own: it shares nothing with the others but the files.
  @Test func manyProgramsAtOnceLoseNothing() throws {
    let folder = try MemoryFolder()
    let state = try folder.state()
    let (programs, each) = (8, 25)
    DispatchQueue.concurrentPerform(iterations: programs) { program in
      let file = IntentFile(directory: state, cluster: "shop") { Issue.record("damaged: \($0)") }
      for number in 0..<each {
        var isDone = false
        while !isDone {
          do {
            let now = try file.update { $0.remember(intent("web\(number)", balancer: "lb\(program)")) }
            #expect(now.all.filter { $0.row.balancer.text == "lb\(program)" }.count == number + 1)
            isDone = true
          } catch {
            // A busy machine may let one wait longer than a program does: it tries again, as a person does.
            guard case .busy? = error as? MemoryFailure else {
              Issue.record("\(error)")
              return
            }
          }
        }
      }
    }
    #expect(try Self.remembered(folder).all.count == programs * each)
    #expect(try folder.names() == ["shop.intents", "shop.intents.lock"])
  }

  @Test func aLockThatIsNotLetGoIsReported() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    _ = try file.update { $0.remember(intent("web1")) }
    let other = try FileLock(path: file.path + ".lock")
    #expect(throws: MemoryFailure.busy(path: file.path + ".lock", after: .milliseconds(100))) {
      try file.update { $0 = Intents() }
    }
    #expect(try Self.remembered(folder).all.count == 1, "reading needs no lock")
    other.release()
    #expect(try file.update { $0 = Intents() } == Intents())
  }

  @Test func aLockIsLetGoOfThoughAChildStillHasItsFileOpen() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    _ = try file.update { $0.remember(intent("web1")) }
    let lock = try FileLock(path: file.path + ".lock")
    let child = try #require(duplicate(ofOpenFile: file.path + ".lock"))
    defer { close(child) }
    #expect(throws: MemoryFailure.self) { try file.update { $0 = Intents() } }
    lock.release()
    #expect(try file.update { $0 = Intents() } == Intents())
  }

  @Test func aLockThatAnotherProcessHoldsIsRespected() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    _ = try file.update { $0.remember(intent("web1")) }
    let holder = Process()
    let (input, output) = (Pipe(), Pipe())
    holder.executableURL = URL(filePath: "/usr/bin/flock")
    holder.arguments = [file.path + ".lock", "-c", "echo held; read end"]
    holder.standardInput = input
    holder.standardOutput = output
    try holder.run()
    #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
    #expect(throws: MemoryFailure.busy(path: file.path + ".lock", after: .milliseconds(100))) {
      try file.update { $0 = Intents() }
    }
    try input.fileHandleForWriting.close()
    holder.waitUntilExit()
    #expect(try file.update { $0 = Intents() } == Intents())
  }

  @Test func aFileOfANewerVersionIsLeftAsItIs() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents { Issue.record("damaged: \($0)") }
    try folder.state().make()
    let newer = "format=tiertop-intents version=2 more=yes\nwho=knows\n\u{0}\n"
    try MemoryFolder.write(newer, to: file.path)
    let failure = MemoryFailure.newer(path: file.path, version: 2)
    #expect(throws: failure) { try file.readIfChanged() }
    #expect(try file.readIfChanged() == nil, "said once")
    #expect(throws: failure) { try file.update { $0.remember(intent("web1")) } }
    #expect(try MemoryFolder.text(file.path) == newer)
    #expect(try folder.names() == ["shop.intents", "shop.intents.lock"])
  }

  @Test func anEmptyFileHoldsNothing() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents { Issue.record("damaged: \($0)") }
    try folder.state().make()
    try MemoryFolder.write("", to: file.path)
    #expect(try file.readIfChanged() == Intents())
    _ = try file.update { $0.remember(intent("web1")) }
    #expect(try Self.remembered(folder).all.count == 1)
  }

  @Test func whatALeftOverOfACrashHoldsIsOverwritten() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    try folder.state().make()
    try MemoryFolder.write("half a fi", to: file.path + ".new")
    _ = try file.update { $0.remember(intent("web1")) }
    #expect(try Self.remembered(folder).all.count == 1)
    #expect(try folder.names() == ["shop.intents", "shop.intents.lock"])
  }

  @Test func linksAndOtherThingsInItsPlaceAreRefused() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    try folder.state().make()
    let elsewhere = folder.path + "/elsewhere"
    try MemoryFolder.write("precious", to: elsewhere)
    for suffix in ["", ".lock"] {
      unlink(file.path + suffix)
      symlink(elsewhere, file.path + suffix)
      #expect(throws: MemoryFailure.notAFile(path: file.path + suffix)) { try file.update { $0 = Intents() } }
      unlink(file.path + suffix)
      mkdir(file.path + suffix, 0o700)
      #expect(throws: MemoryFailure.notAFile(path: file.path + suffix)) { try file.update { $0 = Intents() } }
      rmdir(file.path + suffix)
      mkfifo(file.path + suffix, 0o600)
      #expect(throws: MemoryFailure.notAFile(path: file.path + suffix)) { try file.update { $0 = Intents() } }
      unlink(file.path + suffix)
    }
    symlink(elsewhere, file.path + ".new")
    _ = try file.update { $0.remember(intent("web1")) }
    #expect(try MemoryFolder.text(elsewhere) == "precious")
    #expect(try Self.remembered(folder).all.count == 1)
  }

  @Test func aHugeFileIsRefusedUnread() throws {
    let folder = try MemoryFolder()
    let file = try folder.intents()
    try folder.state().make()
    try MemoryFolder.write("", to: file.path)
    #expect(truncate(file.path, IntentFile.limit + 1) == 0)
    #expect(throws: MemoryFailure.tooLarge(path: file.path, limit: IntentFile.limit)) {
      try file.readIfChanged()
    }
    #expect(try file.readIfChanged() == nil, "said once")
  }

  @Test func aFullDiskIsReportedAndLeavesNoHalfFile() throws {
    let raw = Glibc.open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(raw >= 0)
    let full = Descriptor(owning: raw)
    #expect(SmallFile.write([1, 2, 3], to: full) == SystemError(errno: ENOSPC, doing: "write"))
  }
}
