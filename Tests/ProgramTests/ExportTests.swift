import Foundation
import Testing

extension ProgramTests {
  /// A stretch that is saved here, and looked at elsewhere.
  @Suite struct ExportTests {
    @Test func troubleIsSavedWithAKeyAndShownElsewhereAsItWas() throws {
      let lab = try SupervisedLab()
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let file = memory.directory.appendingPathComponent("trouble.tiertop").path
      let screen = try TmuxScreen([layout], width: 120, height: 40)
      #expect(screen.shows("all is well"))
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGSTOP)
      #expect(screen.shows("✖ web1 DOWN"), "\(screen.text)")
      kill(nginx, SIGCONT)
      #expect(screen.loses("✖ web1 DOWN"), "\(screen.text)")
      screen.press("S")
      #expect(screen.shows("save (10m, or from .. to): 15m"), "\(screen.text)")
      screen.press("Enter")
      #expect(screen.shows("into: demo-20", "Z.tiertop"), "\(screen.text)")
      screen.press("C-u")
      screen.type(file)
      screen.press("Enter")
      #expect(screen.shows("saved ", "in \(file)"), "\(screen.text)")
      // It goes on meanwhile, and what is there is left as it is.
      #expect(screen.shows("LIVE"))
      screen.press("S", "Enter", "C-u")
      screen.type(file)
      screen.press("Enter")
      #expect(screen.shows("not saved: ", "is there already"), "\(screen.text)")
      screen.press("q")
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      kill(lab.process.processIdentifier, SIGINT)
      try FileManager.default.removeItem(atPath: layout)
      try expectReplay(of: file)
    }

    /// In a home without anything of tiertop's, where there is no such cluster.
    private func expectReplay(of file: String) throws {
      let screen = try TmuxScreen(["replay", file], width: 120, height: 40)
      #expect(
        screen.shows("REPLAY", "of trouble.tiertop", "the first incident begins here"), "\(screen.text)")
      #expect(screen.loses("LIVE"))
      let pid = try #require(screen.pid)
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
      }
      #expect(!descriptors.isEmpty && !descriptors.contains { $0.hasPrefix("socket:") }, "\(descriptors)")
      // To where it was down, tick by tick.
      var steps = 0
      while steps < 100, !screen.text.contains("✖ web1 DOWN") {
        screen.press(".")
        steps += 1
      }
      #expect(screen.shows("✖ web1 DOWN", "1 down"), "\(screen.text)")
      screen.press("L")
      #expect(screen.shows("there is no live: this is what was saved in trouble.tiertop"), "\(screen.text)")
      screen.press("d")
      #expect(screen.shows("there is nothing to be changed"), "\(screen.text)")
      screen.press("i")
      #expect(screen.shows("BEGAN", "✖ down", "web1"), "\(screen.text)")
      screen.press("Enter", "Tab", "Tab")
      #expect(screen.shows("GRAPHS", "a dot"), "\(screen.text)")
      screen.press("Tab")
      #expect(screen.shows("EVENTS", "web1"), "\(screen.text)")
      screen.press("q")
      #expect(screen.shows("ready$"))
      // Nothing was written.
      screen.type("ls -A ~/.local")
      screen.press("Enter")
      #expect(screen.shows("No such file"), "\(screen.text)")
    }

    @Test func theShellSavesAndAsksToo() throws {
      let lab = try SupervisedLab()
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(holds { (try? memory.ticks(of: "web1").points.contains { $0.qps != nil }) == true })
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGSTOP)
      #expect(agent.says("message=health", "node=web1", "to=down"), "\(agent.log)")
      kill(nginx, SIGCONT)
      #expect(agent.says("message=health", "node=web1", "to=up"))
      let file = memory.directory.appendingPathComponent("a.tiertop").path
      // While it is recorded.
      let saved = try memory.tiertop(["export", layout, file, "--since", "10m", "--json"])
      #expect(saved.status == 0, "\(saved.errors)")
      let answer = try JSONDecoder().decode(Saved.self, from: Data(saved.output.utf8))
      #expect(answer.version == 1 && answer.cluster == "demo" && answer.file == file)
      #expect(answer.frames > 10 && answer.events > 1 && answer.lost == 0 && answer.since < answer.until)
      let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
      #expect(size == answer.bytes)
      let again = try memory.tiertop(["export", layout, file])
      #expect(again.status == 2 && again.errors.contains("--force replaces it"), "\(again.errors)")
      let forced = try memory.tiertop(["export", layout, file, "--force"])
      #expect(forced.status == 0 && forced.output.hasPrefix("saved 20"), "\(forced)")
      #expect(agent.end() == 0)

      let elsewhere = try OwnMemory()
      let events = try EventsAnswer(elsewhere.tiertop(["events", "--store", file, "--json"]))
      #expect(events.cluster == "demo" && events.events.contains { $0.kind == "down" && $0.node == "web1" })
      let incidents = try IncidentsAnswer(elsewhere.tiertop(["incidents", "--store", file, "--json"]))
      // On a busy machine others may have been slow before.
      #expect(incidents.incidents.contains { $0.nodes.first == "web1" })
      let history = try HistoryAnswer(
        elsewhere.tiertop(["history", "web1", "--store", file, "--by", "tick", "--json"]))
      #expect(history.points.contains { $0.qps != nil })
      let part = elsewhere.directory.appendingPathComponent("part.tiertop").path
      let third = try elsewhere.tiertop(["export", part, "--store", file, "--since", "5s"])
      #expect(third.status == 0, "\(third.errors)")
      #expect(!FileManager.default.fileExists(atPath: elsewhere.directory.path + "/tiertop"))
    }

    private struct Saved: Decodable {
      let version: Int
      let cluster, file, since, until: String
      let frames, lost, events, gaps, bytes: Int
    }

    @Test func whatIsWrongWithAFileIsSaidBeforeTheScreenIsTaken() throws {
      let memory = try OwnMemory()
      let path = memory.directory.appendingPathComponent("x.tiertop").path
      for (content, words) in [
        ("cluster: x\n", "is no stretch that tiertop has saved"), ("", "was cut off"),
        ("\u{0}TIER", "is no stretch"),
      ] {
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        let outcome = try memory.tiertop(["replay", path])
        #expect(outcome.status == 3 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
      }
      let magic: [UInt8] = [0x89, 0x54, 0x49, 0x45, 0x52, 0x0D, 0x0A, 0x1A]
      try Data(magic + [3, 0]).write(to: URL(fileURLWithPath: path))
      let newer = try memory.tiertop(["replay", path])
      #expect(newer.errors.contains("made by a newer tiertop (format 3, this one reads up to 1)"))
      try Data(magic + [1, 0]).write(to: URL(fileURLWithPath: path))
      #expect(try memory.tiertop(["events", "--store", path]).errors.contains("was cut off"))
      #expect(try memory.tiertop(["replay", "/no/such.tiertop"]).errors.contains("there is no file"))
      #expect(try memory.tiertop(["replay"]).errors.contains("FILE is missing"))
      #expect(try memory.tiertop(["export"]).errors.contains("FILE is missing"))
      let nothing = try memory.tiertop(["export", "/tmp/x.tiertop", "--store", "/no/such.db"])
      #expect(nothing.status == 3 && nothing.errors.contains("there is no record"), "\(nothing.errors)")
    }

    @Test func nothingOfAccountsAndSecretsIsInAFile() throws {
      let memory = try OwnMemory()
      let layout = memory.directory.appendingPathComponent("layout.yaml").path
      try """
      cluster: secretive
      interval: 700ms
      tiers:
        - tier: lb
          nodes:
            - { node: lb1, haproxy: { url: "http://127.0.0.1:9/stats?token=token-in-url", user: user-of-page, password_env: NAME_OF_SECRET } }
            - { node: lb2, haproxy: { url: "http://127.0.0.1:9/stats", user: user-of-page, password_env: NAME_OF_MISSING } }
        - tier: web
          nodes:
            - { node: web1, address: "127.0.0.1:80", via: "ssh://account-of-host@127.0.0.1:9", nginx: "http://127.0.0.1:9/s" }
      audit: /place-of-audit/log

      """.write(toFile: layout, atomically: true, encoding: .utf8)
      let agent = try RunningAgent(
        [layout], in: memory, environment: ["NAME_OF_SECRET": "value-of-secret"])
      #expect(agent.says("lb2", "NAME_OF_MISSING"), "\(agent.log)")
      #expect(agent.says("web1", "source=nginx"), "\(agent.log)")
      let file = memory.directory.appendingPathComponent("a.tiertop").path
      #expect(holds { (try? memory.tiertop(["export", layout, file, "--force"]).status) == 0 })
      #expect(agent.end() == 0)
      var all = try Data(contentsOf: URL(fileURLWithPath: file))
      for command in ["events", "incidents"] {
        all += Data(try memory.tiertop([command, "--store", file, "--json"]).output.utf8)
      }
      #expect(all.range(of: Data("secretive".utf8)) != nil && all.range(of: Data("web1".utf8)) != nil)
      for word in [
        "token-in-url", "user-of-page", "NAME_OF", "value-of-secret", "account-of-host", "place-of-audit",
        memory.directory.path,
      ] {
        #expect(all.range(of: Data(word.utf8)) == nil, "\(word)")
      }
    }
  }
}
