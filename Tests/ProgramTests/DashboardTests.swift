import Foundation
import Testing

extension ProgramTests {
  /// The dashboard in a real terminal, on a real cluster.
  @Suite struct DashboardTests {
    @Test func itShowsTheClusterAndGivesTheTerminalBack() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout])
      #expect(
        screen.shows("demo", "LIVE", "lb1", "lb2", "web1", "web2", "app1", "app2", "all is well"))
      for (key, word) in [("Tab", "TABLE"), ("Tab", "GRAPHS"), ("Tab", "EVENTS"), ("Tab", "MAP")] {
        screen.press(key)
        #expect(screen.shows(" \(word) "), "\(screen.text)")
      }
      screen.press("q")
      // The shell is back where it was, with what stood there before.
      #expect(screen.shows("ready$"))
      #expect(screen.loses("LIVE"))
      expectSane(screen)
    }

    @Test func aServerThatDiesIsSeenWithItsReasonAndItsReturnToo() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout], width: 140, height: 40)
      #expect(screen.shows("all is well"))
      let balancer = try lab.haproxy(of: "lb2")
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGSTOP)
      #expect(screen.shows("web1", "down", "1 down"), "\(screen.text)")
      kill(nginx, SIGCONT)
      #expect(screen.shows("all is well"), "\(screen.text)")
      // A load balancer that hangs: its last figures stay, and are marked.
      kill(balancer, SIGSTOP)
      #expect(screen.shows("lb2 stale"), "\(screen.text)")
      kill(balancer, SIGCONT)
      #expect(screen.loses("lb2 stale"))
      screen.press("F5")
      #expect(screen.shows("was up, now stale"), "\(screen.text)")
    }

    @Test func everySizeIsDrawnAndTheSelectionStays() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout], width: 120, height: 40)
      #expect(screen.shows("web2"))
      screen.press("2", "j")
      #expect(screen.shows("web2  ● up"), "\(screen.text)")
      for (width, height) in [(1, 1), (3, 2), (40, 10), (200, 60), (20, 50), (300, 3), (80, 24)] {
        screen.resize(width: width, height: height)
        if width >= 20 { #expect(screen.shows("LIVE"), "\(width)×\(height)\n\(screen.text)") }
      }
      #expect(screen.shows("▸web2", "LIVE"), "\(screen.text)")
    }

    @Test func itStopsForTheShellAndComesBack() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout])
      #expect(screen.shows("LIVE"))
      screen.press("C-z")
      #expect(screen.shows("Stopped"))
      expectSane(screen)
      screen.type("fg")
      screen.press("Enter")
      #expect(screen.shows("LIVE", "web1"))
      screen.press("q")
      #expect(screen.loses("LIVE"))
    }

    @Test(arguments: [SIGTERM, SIGSEGV, SIGABRT])
    func howeverItEndsTheTerminalIsGivenBack(_ signal: Int32) throws {
      let screen = try TmuxScreen(["--socket", "/nonexistent/haproxy.sock"])
      #expect(screen.shows("no socket at"))
      let pid = try #require(screen.pid)
      kill(pid, signal)
      #expect(screen.loses("tiertop  cluster"))
      expectSane(screen)
    }

    @Test func whatCannotBeReadIsSaidOnTheScreen() throws {
      let screen = try TmuxScreen(["--socket", "/nonexistent/haproxy.sock"], width: 100)
      #expect(screen.shows("no socket at /nonexistent/haproxy.sock"), "\(screen.text)")
    }

    @Test func whatAPeerSaysReachesTheTerminalAsVisibleMarksOnly() throws {
      // Names and check texts that would set the title, clear the screen, turn red, ring, and run backwards.
      let evil = "\u{1B}]0;OWNED\u{7}\u{1B}[2J\u{1B}[31m\u{9B}31m\u{202E}evil\u{8}"
      let stat = """
        # pxname,svname,scur,stot,econ,eresp,status,weight,type,check_status,last_chk,hrsp_5xx,req_tot,addr,
        web,BACKEND,0,0,0,0,UP,1,1,,,0,0,,
        we\(evil),s\(evil),0,0,0,0,DOWN,1,2,L4CON,no \(evil) route,0,0,10.0.0.1:80,
        """
      let reply =
        "admin\n\n\n"
        + "Name: HAProxy\nVersion: 2.6\(evil)\nPid: 7\nnode: \(evil)\n\n\(stat)\n\nPermission denied\n\n"
      let peer = try HostilePeer(saying: Array(reply.utf8))
      let screen = try TmuxScreen(["--socket", peer.path], width: 120, height: 30, recording: true)
      #expect(screen.shows("s␛]0;OWNED"), "\(screen.text)")
      for key in ["Tab", "Tab", "Tab", "Tab", "j", "Enter", "Escape"] {
        screen.press(key)
        #expect(screen.shows("LIVE"))
      }
      screen.press("q")
      #expect(screen.loses("LIVE"))
      let bytes = screen.recorded
      #expect(bytes.count > 1000)
      for sequence in ["\u{1B}]0;", "\u{1B}[2J\u{1B}[31m", "\u{9B}", "\u{202E}", "\u{7}"] {
        #expect(bytes.range(of: Data(sequence.utf8)) == nil, "\(sequence.unicodeScalars.map(\.value))")
      }
    }

    /// Whether the shell has a terminal that echoes and takes lines, and shows a cursor.
    @Test func aBadNightIsFoundAgainAndLooksAsItDid() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout], width: 120, height: 40)
      #expect(screen.shows("all is well", "] now"), "\(screen.text)")
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGSTOP)
      #expect(screen.shows("web1 DOWN"), "\(screen.text)")
      kill(nginx, SIGCONT)
      #expect(screen.shows("all is well"), "\(screen.text)")
      screen.press("{")
      #expect(screen.shows("REPLAY", "web1 DEGRADED"), "\(screen.text)")
      // Step by step to where it was down; what was shown then is shown now.
      for _ in 0..<12 where !screen.text.contains("web1 DOWN") {
        let shown = screen.text
        screen.press(".")
        #expect(holds { screen.text != shown }, "\(screen.text)")
      }
      #expect(screen.shows("REPLAY", "web1 DOWN"), "\(screen.text)")
      screen.press("d")
      #expect(screen.shows("nothing can be changed"), "\(screen.text)")
      screen.press("M", "L")
      #expect(screen.shows("LIVE", "all is well"), "\(screen.text)")
      screen.press("=")
      #expect(screen.shows("comparison", "down → up"), "\(screen.text)")
      screen.press("Escape", "i")
      #expect(screen.shows("incidents", "web1"), "\(screen.text)")
      // What failed is counted while the list is looked at.
      #expect(
        holds {
          screen.text.split(separator: "\n").contains { row in
            row.contains("web1") && row.range(of: "down +[0-9]+ +[0-9]+ ", options: .regularExpression) != nil
          }
        }, "\(screen.text)")
      screen.press("Enter")
      #expect(screen.shows("REPLAY", "web1 DEGRADED"), "\(screen.text)")
      // The graph of that moment, and the stretch before it: the moment stays.
      screen.press("F4")
      #expect(screen.shows("GRAPHS", "a dot", "then"), "\(screen.text)")
      screen.press("[")
      #expect(screen.shows("REPLAY", "web1 DEGRADED", "GRAPHS"), "\(screen.text)")
      screen.press("F2", "q")
      #expect(screen.shows("ready$"))
      // The record outlives the program.
      screen.type("'\(program)' --at '10s ago' '\(lab.layout)'")
      screen.press("Enter")
      #expect(screen.shows("REPLAY", "web1"), "\(screen.text)")
      screen.press("L", "{")
      #expect(screen.shows("web1 DEGRADED"), "\(screen.text)")
    }

    private func expectSane(_ screen: TmuxScreen) {
      screen.type("stty -a | tr ' ;' '\\n\\n' | grep -cx -e echo -e icanon -e opost")
      screen.press("Enter")
      #expect(
        holds {
          screen.text.split(separator: "\n").contains { $0.trimmingCharacters(in: .whitespaces) == "3" }
        }, "\(screen.text)")
    }
  }
}
