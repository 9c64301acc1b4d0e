import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// Terminals that are resized all the time, hang, go away or can do little, and peers that send too much.
  @Suite struct TerminalFaultTests {
    private static let stat = """
      # pxname,svname,scur,stot,status,weight,type,addr,
      web,s1,1,9,UP,1,2,10.0.0.1:80,
      web,s2,1,9,UP,1,2,10.0.0.2:80,
      web,BACKEND,2,18,UP,2,1,,
      """

    private func peer() throws -> HostilePeer {
      let reply =
        "admin\n\n\nName: HAProxy\nVersion: 2.6.12\nPid: 7\n\n\(TerminalFaultTests.stat)\n\nPermission denied\n\n"
      return try HostilePeer(saying: Array(reply.utf8))
    }

    private func dashboard(
      _ peer: HostilePeer, _ memory: OwnMemory, type: String = "xterm-256color", locale: String = "C.UTF-8",
      isOwn: Bool = true, from beginning: RawTerminal.Beginning = .read
    ) throws -> RawTerminal {
      try RawTerminal(
        ["--socket", peer.path, "--interval", "100ms"], type: type, locale: locale, memory: memory,
        isOwn: isOwn, from: beginning)
    }

    @Test func aThousandSizesUnderLoadBreakNothing() throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory)
      #expect(terminal.says("LIVE"))
      // The same sizes each time: from a single cell to a wall, in no order.
      for step in 0..<1000 {
        let (width, height) = (1 + step * 379 % 500, 1 + step * 83 % 200)
        terminal.resize(width: width, height: height)
        if step % 10 == 0 { terminal.type(step % 20 == 0 ? "\t" : "j") }
        usleep(2_000)
      }
      terminal.resize(width: 97, height: 31)
      let count = terminal.bytes.count
      #expect(
        holds {
          let after = TerminalStream(Array(terminal.bytes.dropFirst(count)))
          return String(after.text).contains("LIVE")
        })
      terminal.type("q")
      #expect(terminal.ends())
      #expect(terminal.status == 0)
      #expect(terminal.isGivenBack)
      let faults = TerminalStream(terminal.bytes).faults
      #expect(faults.isEmpty, "\(faults.prefix(5))")
    }

    /// Sends more than a terminal holds on its way, which nobody takes.
    private func stuff(_ terminal: RawTerminal) {
      terminal.stopReading()
      for step in 0..<40 {
        terminal.resize(width: 200 + step, height: 60)
        // It is told by the system only where the terminal is that of its session.
        terminal.send(SIGWINCH)
        usleep(5_000)
      }
    }

    /// `TIERTOP_PAUSE=30` makes it as long as a line can hang.
    @Test func aTerminalThatTakesNothingHoldsUpNothingAndThenShowsNow() throws {
      let pause = ProcessInfo.processInfo.environment["TIERTOP_PAUSE"].flatMap { UInt32($0) } ?? 2
      let (lab, memory) = (try SupervisedLab(), try OwnMemory())
      let layout = try memory.layout(of: lab)
      let terminal = try RawTerminal([layout], memory: memory)
      #expect(terminal.says("LIVE", "all is well"))
      #expect(memory.hasRecorded(ticks: 4))
      stuff(terminal)
      let (before, sent) = (try memory.ticks().points.count, terminal.bytes.count)
      sleep(pause)
      // It is polled and recorded, and what is typed is done, and read back.
      #expect(memory.hasRecorded(ticks: before + 2 * Int(pause)))
      terminal.type("2dy")
      #expect(holds { lab.admin("web", "web1") == ["drain", "drain"] })
      #expect(
        holds {
          let events = try? EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
          return events?.contains { $0.kind == "draining" && $0.node == "web1" } == true
        })
      #expect(terminal.bytes.count == sent)
      terminal.readOn()
      #expect(terminal.says("done, and read back, on all load balancers"))
      // One picture that was on its way, and the present: not all those between.
      #expect(terminal.bytes.count < sent + 100_000)
      terminal.type("\u{1B}")
      usleep(80_000)
      terminal.type("q")
      #expect(terminal.ends())
      #expect(terminal.isGivenBack)
      let faults = TerminalStream(terminal.bytes).faults
      #expect(faults.isEmpty, "\(faults.prefix(5))")
      let events = try EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
      #expect(!events.contains { $0.kind == "gap" }, "\(events)")
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGSEGV])
    func itEndsThoughItsTerminalTakesNothing(signal: Int32) throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory)
      #expect(terminal.says("LIVE"))
      stuff(terminal)
      terminal.send(signal)
      #expect(terminal.ends())
      #expect(terminal.isGivenBack)
    }

    @Test func itIsLeftAndStoppedThoughItsTerminalTakesNothing() throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory)
      #expect(terminal.says("LIVE"))
      #expect(terminal.isOpenedAgain)
      stuff(terminal)
      terminal.send(SIGTSTP)
      try #require(holds { terminal.isStopped })
      #expect(terminal.isGivenBack)
      terminal.send(SIGCONT)
      #expect(holds { !terminal.isGivenBack })
      terminal.readOn()
      let count = terminal.bytes.count
      terminal.resize(width: 97, height: 31)
      #expect(
        holds { String(TerminalStream(Array(terminal.bytes.dropFirst(count))).text).contains("LIVE") })
      stuff(terminal)
      terminal.type("q")
      try #require(terminal.ends())
      #expect(terminal.status == 0)
      #expect(terminal.isGivenBack)
    }

    /// After `su -c` it is another user's, and that of another session. A signal ends it, or `q` where there is none.
    @Test(arguments: [nil, SIGTERM, SIGSEGV])
    func whatCannotBeOpenedAgainIsNotWaitedForEitherAndStaysTheShellsOwn(signal: Int32?) throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory, isOwn: false)
      #expect(terminal.says("LIVE"))
      #expect(!terminal.isOpenedAgain)
      stuff(terminal)
      let heard = peer.heard.utf8.count
      #expect(holds { peer.heard.utf8.count > heard })
      // The flag that others would see is there for no longer than a call.
      for _ in 0..<20 { #expect(holds { !terminal.isNonBlocking }) }
      if let signal { terminal.send(signal) } else { terminal.type("q") }
      try #require(terminal.ends())
      if signal == nil { #expect(terminal.status == 0) }
      #expect(terminal.isGivenBack)
    }

    @Test(arguments: [RawTerminal.Beginning.full, .held], [nil, SIGTERM])
    func itBeginsOnATerminalThatTakesNothingAndEnds(beginning: RawTerminal.Beginning, signal: Int32?) throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory, from: beginning)
      #expect(holds { !peer.heard.isEmpty && !terminal.isGivenBack })
      if let signal { terminal.send(signal) } else { terminal.type("q") }
      try #require(terminal.ends())
      #expect(terminal.status == 0)
      #expect(terminal.isGivenBack)
      terminal.readOn()
      // What is full when it is left is emptied, so that it can be told that it is left. Where nothing passes, nothing
      // has come of the beginning either.
      if beginning == .full { #expect(terminal.says("\u{1B}[?1049l")) }
    }

    @Test(arguments: [RawTerminal.Beginning.full, .held])
    func whatTookNothingAtTheBeginningShowsThePresentAsSoonAsItTakes(beginning: RawTerminal.Beginning) throws
    {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory, from: beginning)
      #expect(holds { !peer.heard.isEmpty })
      terminal.readOn()
      #expect(terminal.says("LIVE"))
      terminal.type("q")
      try #require(terminal.ends())
      #expect(terminal.isGivenBack)
      let faults = TerminalStream(terminal.bytes).faults
      #expect(faults.isEmpty, "\(faults.prefix(5))")
    }

    /// A program of its own makes them: the dashboard has no way to be told to.
    @Test(arguments: ["index", "overflow", "precondition", "stack"])
    func aMistakeOfOursGivesTheTerminalBack(mistake: String) throws {
      let terminal = try RawTerminal([mistake], of: builtProgram("TerminalHarness"))
      try #require(terminal.ends())
      #expect(terminal.process.terminationReason == .uncaughtSignal)
      #expect(terminal.isGivenBack)
      #expect(terminal.says("taken", "\u{1B}[?1049l"))
    }

    @Test func whenTheTerminalIsGoneItEndsAndItsRecordIsWhole() throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try dashboard(peer, memory)
      #expect(terminal.says("LIVE"))
      terminal.send(SIGHUP)
      #expect(terminal.ends())
      #expect(terminal.isGivenBack)
      let stores = (try FileManager.default.contentsOfDirectory(atPath: memory.directory.path + "/tiertop"))
        .filter { $0.hasSuffix(".db") }
      let store = try #require(stores.first)
      let events = try memory.tiertop(["events", "--store", memory.directory.path + "/tiertop/" + store])
      #expect(events.status == 0 && events.errors.isEmpty, "\(events.errors)")
    }

    @Test(arguments: [
      "xterm", "xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100",
    ])
    func terminalsOfAllKindsAreSpokenToAndGivenBack(type: String) throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      for locale in ["C.UTF-8", "C"] {
        let terminal = try dashboard(peer, memory, type: type, locale: locale)
        #expect(terminal.says("LIVE"), "\(type)")
        terminal.type("q")
        #expect(terminal.ends())
        #expect(terminal.status == 0)
        #expect(terminal.isGivenBack)
        let stream = TerminalStream(terminal.bytes)
        #expect(stream.faults.isEmpty, "\(type) \(locale) \(stream.faults.prefix(5))")
        // Without UTF-8, and on a console with a small font, there is nothing beyond it.
        if locale == "C" { #expect(stream.text.allSatisfy { $0.isASCII }, "\(type)") }
      }
    }

    @Test func aReplyOfTwoHundredMegabytesIsGivenUpAndFillsNoMemory() throws {
      let row = Array("web,server,1,9,UP,1,2,10.0.0.1:80,\n".utf8)
      var reply = Array(
        "admin\n\n\nName: HAProxy\nVersion: 2.6.12\nPid: 7\n\n# pxname,svname,scur,stot,status,weight,type,addr,\n"
          .utf8)
      reply.reserveCapacity(200_000_000)
      let rows = Array(repeatElement(row, count: 30_000).joined())
      while reply.count < 200_000_000 { reply += rows }
      let peer = try HostilePeer(saying: reply)
      let outcome = try run(
        "/bin/sh",
        ["-c", "ulimit -v 600000; exec \"$0\" once --interval 3s --socket \"$1\"", program, peer.path])
      #expect(outcome.status == 3, "\(outcome.errors)")
      // Whichever comes first: as much as is taken, or the deadline.
      let said = outcome.output + outcome.errors
      #expect(said.contains("lb1 haproxy: ") && said.contains("unknown"), "\(said)")
    }

    @Test func withoutMemoryItEndsAndTheTerminalIsGivenBack() throws {
      let (peer, memory) = (try peer(), try OwnMemory())
      let terminal = try RawTerminal(
        ["-c", "exec \"$@\"", "sh", program, "--socket", peer.path, "--interval", "100ms"], of: "/bin/sh",
        memory: memory)
      #expect(terminal.says("LIVE"))
      // From now on it gets no more: what it asks for next is refused.
      let limit = try run(
        "/usr/bin/prlimit", ["--pid", "\(terminal.process.processIdentifier)", "--as=1000000"])
      #expect(limit.status == 0, "\(limit.errors)")
      for step in 0..<300 where terminal.process.isRunning {
        terminal.resize(width: 20 + step * 37 % 480, height: 10 + step * 13 % 190)
        terminal.type(step % 2 == 0 ? "\t" : "j")
        usleep(5_000)
      }
      // It may do with what it has; what it must not do is leave the terminal as it is.
      if terminal.process.isRunning { terminal.send(SIGTERM) }
      #expect(terminal.ends())
      #expect(terminal.isGivenBack)
    }
  }
}
