import Foundation
import Testing

extension ProgramTests {
  /// Whatever others say, a terminal is sent only what tiertop itself makes: looked at byte by byte.
  @Suite struct EscapeTests {
    /// Sets the title, writes the clipboard, asks the terminal who it is, changes colours and the screen, in seven
    /// and in eight bits; runs backwards, hides, and piles marks up.
    private static let evil =
      "\u{1B}]0;OWNED\u{7}\u{1B}]52;c;T1dORUQ=\u{1B}\\\u{1B}P$q\u{1B}\\\u{1B}[6n\u{1B}[c\u{1B}[38:2:1:2:3m"
      + "\u{9B}6n\u{9D}0;X\u{9C}\u{202E}evil\u{2066}\u{200B}\u{200D}\u{FEFF}\u{E0041}\u{FE0F}a\u{300}\u{301}\u{302}"
      + "\u{8}\u{7F}\u{E}"

    /// A poll's answer in which all that has words is such.
    private static var reply: [UInt8] {
      let stat = """
        # pxname,svname,scur,stot,econ,eresp,status,weight,type,check_status,last_chk,hrsp_5xx,req_tot,addr,check_desc,
        web,FRONTEND,0,0,0,0,OPEN\(evil),,0,,,0,9,,,
        web,BACKEND,0,0,0,0,UP\(evil),1,1,,,0,0,,,
        web,s1,0,0,0,0,DOWN\(evil),1,2,L4CON\(evil),no \(evil) route,0,0,10.0.0.1:80\(evil),\(evil),
        we\(evil),s\(evil),0,0,0,0,DOWN,1,2,L4CON,no \(evil) route,0,0,10.0.0.1:80,\(evil),
        """
      let info =
        "Name: HAProxy\(evil)\nVersion: 2.6\(evil)\nPid: 7\nnode: \(evil)\ndescription: \(evil)\n"
        + "Release_date: \(evil)\n"
      return Array("admin\n\n\n\(info)\n\(stat)\n\nPermission denied \(evil)\n\n".utf8)
    }

    private func expectOwn(
      _ terminal: RawTerminal, allowsSequences: Bool = true, _ comment: String = ""
    ) {
      let stream = TerminalStream(terminal.bytes, allowsSequences: allowsSequences)
      #expect(stream.faults.isEmpty, "\(comment) \(stream.faults.prefix(5))")
      #expect(!stream.text.isEmpty, "\(comment)")
    }

    @Test(arguments: [
      ("xterm-256color", "C.UTF-8"), ("screen", "C.UTF-8"), ("linux", "C.UTF-8"), ("vt100", "C"),
    ])
    func whatAPeerSaysIsTextWhereverItIsShown(type: String, locale: String) throws {
      let peer = try HostilePeer(saying: EscapeTests.reply)
      let memory = try OwnMemory()
      let terminal = try RawTerminal(
        ["--socket", peer.path, "--interval", "200ms"], width: 140, height: 40, type: type, locale: locale,
        memory: memory)
      #expect(terminal.says("OWNED", "s1"))
      // All views, a node in them, help, a comparison, incidents, a change that is asked for, and a filter that
      // somebody has pasted.
      for keys in [
        "\t", "\t", "\t", "\t", "2", "j", "\r", "\u{1B}", "d", "y", "\u{1B}", "=", "\u{1B}", "i", "\u{1B}",
      ] {
        terminal.type(keys)
        // So that an escape is one, and no beginning of something longer.
        usleep(80_000)
      }
      terminal.type("/\u{1B}[200~\(EscapeTests.evil)\u{1B}[201~")
      #expect(terminal.goesOn())
      terminal.send(SIGTERM)
      #expect(terminal.ends())
      #expect(terminal.isGivenBack)
      expectOwn(terminal, "\(type), \(locale)")
    }

    @Test func whatIsPrintedSteersNothingAtAll() throws {
      let memory = try OwnMemory()
      let peer = try HostilePeer(saying: EscapeTests.reply)
      let layout = memory.directory.appendingPathComponent("layout\u{1B}[31m\u{202E}.yaml").path
      let evil = EscapeTests.evil
      try """
      cluster: "a\\e]0;OWNED\\a"
      \(evil): \(evil)
      tiers:
        - tier: "\\e[31mx\\u202E"
          nodes:
            - { node: "n\\x9b6n", haproxy: "/run/\\e[2J.sock", role: "\\e[6n" }
      """.write(toFile: layout, atomically: true, encoding: .utf8)
      let plain = memory.directory.appendingPathComponent("plain.yaml").path
      try """
      cluster: plain
      tiers:
        - tier: lb
          nodes: [{ node: lb1, haproxy: "\(peer.path)" }]
      """.write(toFile: plain, atomically: true, encoding: .utf8)
      let junk = memory.directory.appendingPathComponent("junk").path
      try Data(EscapeTests.reply).write(to: URL(fileURLWithPath: junk))
      for words in [
        ["layout", "check", layout], [layout], ["once", layout], ["layout", "diagram", layout],
        ["once", plain], ["once", "--json", plain], ["once", "--socket", "/nonexistent/\(evil)"],
        [evil], ["--\(evil)"], ["once", "--interval", evil, plain], ["--view", evil, plain],
        ["--at", evil, plain], ["events", "--store", "/nonexistent/\(evil)"], ["replay", junk],
        ["replay", "/nonexistent/\(evil)"], ["drain", plain, evil], ["drain", plain, "web/s1"],
        ["lab", "up", layout], ["lab", "down", "/nonexistent/\(evil)"], ["agent", layout],
        ["agent", "--store", "/nonexistent/\(evil)", plain], ["history", evil],
      ] {
        let terminal = try RawTerminal(words, memory: memory)
        #expect(terminal.ends(), "\(words)")
        #expect(holds { !terminal.bytes.isEmpty }, "\(words)")
        expectOwn(terminal, allowsSequences: false, "\(words.first ?? "")")
      }
    }

    @Test func aTerminalTypeIsNamedAndNotObeyed() throws {
      for type in ["\u{1B}[31mno\u{202E}", "no-such-terminal", "dumb"] {
        let terminal = try RawTerminal(["--socket", "/nonexistent"], type: type)
        #expect(terminal.ends())
        #expect(holds { !terminal.bytes.isEmpty })
        #expect(terminal.process.terminationStatus == 2)
        expectOwn(terminal, allowsSequences: false, type)
      }
    }
  }
}
