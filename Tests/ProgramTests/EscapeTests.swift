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

    /// A page, a refusal or a log for each system that can be asked, in which all that has words is such.
    private static func words(of system: String) -> [UInt8] {
      let words = "\(system)\(evil)"
      func page(_ body: String) -> [UInt8] {
        Array(
          "HTTP/1.1 200 OK\r\nServer: \(system)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
      }
      switch system {
      case "apache": return Array("HTTP/1.1 500 \(words)\r\nX-\(words): \(words)\r\n\r\n\(words)".utf8)
      case "php-fpm":
        return page("{\"pool\":\"\(words)\",\"process manager\":\"\(words)\",\"accepted conn\":\(words)}")
      case "metrics": return page("# HELP \(words)\n\(words){a=\"\(words)\"} \(words)\n")
      case "mariadb":
        let text: [UInt8] = [0xFF, 0x6A, 0x04] + Array(words.utf8)
        return [UInt8(text.count & 0xFF), UInt8(text.count >> 8), 0, 0] + text
      case "postgresql":
        let text = Array("SFATAL\0VFATAL\0C28000\0M\(words)\0\0".utf8)
        return [UInt8(ascii: "E"), 0, 0, UInt8((text.count + 4) >> 8), UInt8((text.count + 4) & 0xFF)] + text
      default: return system == "uwsgi" ? Array(words.utf8) : page(words)
      }
    }

    @Test func whatOtherSystemsSayIsTextToo() throws {
      let systems = ["nginx", "apache", "uwsgi", "php-fpm", "metrics", "host", "mariadb", "postgresql"]
      let memory = try OwnMemory()
      var peers: [HostilePeer] = []
      var nodes = ""
      for system in systems {
        let peer = try HostilePeer(
          saying: EscapeTests.words(of: system), first: ["uwsgi", "mariadb"].contains(system),
          at: system == "postgresql" ? memory.directory.appendingPathComponent(".s.PGSQL.5432") : nil)
        peers.append(peer)
        let page = "http+unix://\(peer.path):/"
        let place =
          switch system {
          case "uwsgi", "mariadb", "postgresql": "\(system): \"\(peer.path)\""
          case "php-fpm": "php_fpm: \"\(page)\""
          case "metrics": "metrics: { url: \"\(page)\", requests: r }"
          default: "\(system): \"\(page)\""
          }
        nodes += "      - { node: n-\(system), \(place) }\n"
      }
      let balancer = try HostilePeer(saying: EscapeTests.reply)
      // Its log as keepalived and a script write it.
      let evil = EscapeTests.evil
      let notices = """
        INSTANCE "keepalived\(evil)" MASTER 110
        1764000000.5 INSTANCE VI_2\(evil) BACKUP \(evil)
        GROUP "\(evil)" MASTER 110
        \(evil)

        """
      try notices.write(
        to: memory.directory.appendingPathComponent("notify"), atomically: true, encoding: .utf8)
      let log = try StatsdSender()
      let layout = memory.directory.appendingPathComponent("layout.yaml").path
      try """
      cluster: evil
      interval: 300ms
      tiers:
        - tier: lb
          nodes: [{ node: lb1, haproxy: "\(balancer.path)", keepalived: "\(memory.directory.path)" }]
        - tier: web
          nodes:
            - { node: n-gunicorn, gunicorn: "udp://127.0.0.1:\(log.port)" }
      \(nodes)
      """.write(toFile: layout, atomically: true, encoding: .utf8)
      let terminal = try RawTerminal(["--view", "table", layout], width: 160, height: 50, memory: memory)
      #expect(terminal.says("LIVE"))
      for line in [
        "\(evil).gunicorn.requests:1|c", "gunicorn.requests:1|c|#\(evil)", "gunicorn.log.\(evil):1|c", evil,
      ] {
        log.send(line)
      }
      // Every node and what it says, and all views.
      for _ in 0..<systems.count + 2 {
        terminal.type("\r")
        usleep(200_000)
        terminal.type("\u{1B}")
        usleep(80_000)
        terminal.type("j")
      }
      for _ in 0..<4 {
        terminal.type("\t")
        usleep(200_000)
      }
      // These are quoted, made visible.
      for system in ["keepalived", "nginx", "uwsgi", "php-fpm", "mariadb", "postgresql"] {
        #expect(terminal.says("\(system)␛]0;OWNED␇"), "\(system)")
      }
      terminal.send(SIGTERM)
      #expect(terminal.ends())
      #expect(terminal.isGivenBack)
      expectOwn(terminal)
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
        #expect(terminal.status == 2)
        expectOwn(terminal, allowsSequences: false, type)
      }
    }
  }
}

/// Sends lines as gunicorn does, a datagram each, to a port that nobody has.
private final class StatsdSender {
  let port: UInt16
  private let socket: Int32
  private var address: sockaddr_in

  init() throws {
    // One that the system has just given away, and has back.
    let probe = Foundation.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(probe, $0, length) == 0 && getsockname(probe, $0, &length) == 0
      }
    }
    close(probe)
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    self.address = address
    port = UInt16(bigEndian: address.sin_port)
    socket = Foundation.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  }

  deinit { close(socket) }

  func send(_ line: String) {
    let bytes = Array(line.utf8)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
