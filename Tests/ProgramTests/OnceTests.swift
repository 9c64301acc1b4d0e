import Foundation
import Testing

extension ProgramTests {
  @Suite struct OnceTests {
    @Test func aClusterThatIsUpIsAStatusOfZero() throws {
      let lab = try SupervisedLab(load: false)
      let outcome = try tiertop(["once", lab.layout])
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      for word in ["lb1", "lb2", "web1", "web2", "app1", "app2", "QPS"] {
        #expect(outcome.output.contains(word))
      }

      let json = try tiertop(["once", "--json", "--count", "2", lab.layout])
      let documents = try json.output.split(separator: "\n").map { try Document(String($0)) }
      #expect(documents.count == 2)
      #expect(documents[0].version == 1)
      #expect(documents[0].health == "up")
      #expect(documents[0].nodes.map(\.state) == Array(repeating: "up", count: 6))
      #expect(documents[0]["web1"]?.servers.map(\.lb) == ["lb1", "lb2"])
      #expect(documents[0].edges.map(\.to) == ["lb", "web", "app"])
    }

    @Test func withoutALayoutTheSameClusterIsDiscovered() throws {
      let lab = try SupervisedLab(load: false)
      let sockets = ["lb1", "lb2"].flatMap { ["--socket", "\(lab.directory)/\($0).sock"] }
      let outcome = try tiertop(["once", "--json"] + sockets)
      let document = try Document(outcome.output)
      #expect(outcome.status == 0)
      #expect(document.nodes.map(\.node) == ["lb1", "lb2", "web1", "web2", "app1", "app2"])
      #expect(document["app2"]?.servers.count == 2)

      let layout = try tiertop(["layout", "init"] + sockets)
      #expect(layout.status == 0)
      let file = FileManager.default.temporaryDirectory.appendingPathComponent(
        "tiertop-init-\(getpid()).yaml")
      defer { try? FileManager.default.removeItem(at: file) }
      try layout.output.write(to: file, atomically: true, encoding: .utf8)
      #expect(try tiertop(["layout", "check", file.path]).status == 0)
      let again = try Document(try tiertop(["once", "--json", file.path]).output)
      #expect(again.nodes.map(\.node) == document.nodes.map(\.node))
    }

    @Test func aDeadServerIsAStatusOfOneWithItsReason() throws {
      let lab = try SupervisedLab(load: false)
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGKILL)
      var outcome = try tiertop(["once", "--json", lab.layout])
      // HAProxy needs some checks to be sure.
      _ = holds {
        guard let document = try? Document(outcome.output), document["web1"]?.state == "down" else {
          outcome = (try? tiertop(["once", "--json", lab.layout])) ?? outcome
          return false
        }
        return true
      }
      let web1 = try #require(try Document(outcome.output)["web1"])
      #expect(outcome.status == 1)
      #expect(web1.state == "down")
      #expect(web1.reason?.contains("L4CON") == true)
      #expect(web1.sources.first?.ok == false)
    }

    @Test func aSocketThatMayNotBeOpenedIsSaid() throws {
      let peer = try HostilePeer(saying: [])
      chmod(peer.path, 0)
      let outcome = try tiertopUnprivileged(["once", "--interval", "100ms", "--socket", peer.path])
      #expect(outcome.status == 3)
      #expect(
        outcome.output.contains("permission denied on \(peer.path)"), "\(outcome.output)\(outcome.errors)")
    }

    @Test func nothingToReachIsAStatusOfThree() throws {
      let outcome = try tiertop(["once", "--interval", "100ms", "--socket", "/nonexistent/haproxy.sock"])
      #expect(outcome.status == 3)
      #expect(outcome.output.contains("no socket at /nonexistent/haproxy.sock"))
    }
  }
}
