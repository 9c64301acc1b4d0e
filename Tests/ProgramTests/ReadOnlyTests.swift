import Foundation
import Testing

extension ProgramTests {
  /// `--read-only`, proven by load balancers that keep every byte they are sent.
  @Suite struct ReadOnlyTests {
    private static let poll = "show cli level;operator;show info;show stat;show servers state"

    private static let stat = """
      # pxname,svname,qcur,scur,stot,status,weight,act,bck,pid,type,addr,
      web,s1,0,1,9,UP,1,1,0,7,2,10.0.0.1:80,
      web,s2,0,1,9,UP,1,1,0,7,2,10.0.0.2:80,
      web,BACKEND,0,2,18,UP,2,2,0,7,1,,
      """

    private static let servers = """
      1
      # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight
      3 web 1 s1 10.0.0.1 2 0 1 1
      3 web 2 s2 10.0.0.2 2 0 1 1


      """

    private func peer() throws -> HostilePeer {
      let info = "admin\n\n\nName: HAProxy\nVersion: 2.6.12\nPid: 7\n\n"
      return try HostilePeer(
        saying: Array((info + ReadOnlyTests.stat + "\n\n\n" + ReadOnlyTests.servers).utf8))
    }

    private func layout(_ peers: [HostilePeer], in memory: OwnMemory) throws -> String {
      let layout = memory.directory.appendingPathComponent("layout.yaml").path
      try """
      cluster: watched
      interval: 200ms
      tiers:
        - tier: lb
          nodes:
            - { node: lb1, haproxy: "\(peers[0].path)" }
            - { node: lb2, haproxy: "\(peers[1].path)" }
        - tier: web
          nodes: [{ node: w1, address: "10.0.0.1:80" }, { node: w2, address: "10.0.0.2:80" }]
      """.write(toFile: layout, atomically: true, encoding: .utf8)
      return layout
    }

    @Test func whateverIsPressedLoadBalancersAreOnlyAsked() throws {
      let peers = [try peer(), try peer()]
      let memory = try OwnMemory()
      let layout = try layout(peers, in: memory)
      let terminal = try RawTerminal(["--read-only", layout], width: 120, height: 40, memory: memory)
      #expect(terminal.says("READ-ONLY", "w1"))
      #expect(holds { peers.allSatisfy { $0.heard.split(separator: "\n").count > 3 } })
      // Every key that there is, in every view, with what would confirm it; but for those that leave.
      let plain = (0x20...0x7E).compactMap { Unicode.Scalar($0) }.map { String($0) }.filter { $0 != "q" }
      let controls = (1...26).filter { $0 != 3 && $0 != 26 }.compactMap { Unicode.Scalar($0) }.map {
        String($0)
      }
      for (view, keys) in [
        ("2", plain + controls), ("1", ["d", "m"]), ("3", ["r"]), ("4", ["w"]), ("5", ["x", "u"]),
      ] {
        for key in keys {
          terminal.type("\u{1B}")
          usleep(30_000)
          terminal.type("\(view == "2" ? "2j" : view)\(key)y\r")
        }
        terminal.type("\u{1B}")
        usleep(30_000)
        terminal.type("L")
      }
      // And a mark, and all that can be done with it.
      for key in [
        "2", "j", " ", "d", "y", " ", "m", "y", " ", "r", "y", "w", "5", "\r", "y", "x", "y", "u", "y",
      ] {
        terminal.type(key)
        usleep(30_000)
      }
      #expect(terminal.says("--read-only"))
      terminal.send(SIGTERM)
      #expect(terminal.ends())
      for peer in peers {
        let lines = Set(peer.heard.split(separator: "\n", omittingEmptySubsequences: false))
        #expect(lines == [Substring(ReadOnlyTests.poll), ""], "\(lines)")
      }
      // Nor is anything remembered that could be set later.
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: memory.directory.path + "/tiertop")) ?? []
      #expect(
        !names.contains { $0.contains("intent") || $0.contains("roll") || $0.contains("audit") }, "\(names)")
    }

    /// The same keys without the option: what the test above would have seen.
    @Test func withoutItTheSameKeysAreSent() throws {
      let peers = [try peer(), try peer()]
      let memory = try OwnMemory()
      let layout = try layout(peers, in: memory)
      let terminal = try RawTerminal([layout], width: 120, height: 40, memory: memory)
      #expect(terminal.says("READ-WRITE", "w1"))
      #expect(
        holds {
          terminal.type("\u{1B}")
          usleep(60_000)
          for key in ["2", "d", "y"] {
            terminal.type(key)
            usleep(60_000)
          }
          return peers.allSatisfy { $0.heard.contains("set server web/s") }
        },
        "\(String(TerminalStream(terminal.bytes).text).suffix(1500))")
    }
  }
}
