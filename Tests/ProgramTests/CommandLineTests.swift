import Foundation
import Testing

extension ProgramTests {
  @Suite struct CommandLineTests {
    @Test(arguments: [
      (["--sokcet", "x"], "did you mean --socket?"),
      (["onec"], "did you mean once?"),
      (["layout", "chekc"], "did you mean layout check?"),
      (["once", "--count"], "--count needs N"),
      (["once", "--count", "none", "--socket", "/x"], "expected a number of intervals"),
      (["once", "--json=yes"], "--json takes no value"),
      (["-Z"], "there is no option -Z"),
      (["--view", "pie", "--socket", "/x"], "expected map, table, graphs, events"),
      (["--interval", "1y", "--socket", "/x"], "expected a time from 100ms to 1h"),
      (["--at", "soon", "--socket", "/x"], "expected a moment: 14:05"),
      (["--socket", "ftp://x"], "expected an absolute path"),
      (["--socket", "/x", "layout.yaml"], "not both"),
      (["layout", "check"], "is missing"),
      (["lab", "up"], "is missing"),
      (["lab", "config"], "LAYOUT is missing"),
      (["lab", "config", "a.yaml"], "--out DIR is missing"),
      (["lab", "config", "a.yaml", "b.yaml", "--out", "x"], "\"b.yaml\" is one too many"),
      (["lab", "config", "a.yaml", "--out"], "--out needs DIR"),
      (["lab", "config", "/no/such/layout.yaml", "--out", "/tmp/none"], "/no/such/layout.yaml"),
      (["layout", "diagram"], "LAYOUT is missing"),
      (["layout", "diagram", "/no/such/layout.yaml"], "/no/such/layout.yaml"),
      (["drian", "web1"], "did you mean drain?"),
      (["drain"], "TARGET is missing"),
      (["weight", "web1"], "TARGET N is missing"),
      (["weight", "web1", "257", "--yes"], "expected a weight, 0 to 256"),
      (["weight", "web1", "-1", "--yes"], "there is no option -1"),
      (["drain", "web1", "--timeout", "5s", "--yes"], "--timeout is nothing without --wait"),
      (["drain", "web1", "--wait", "--timeout", "soon", "--yes"], "expected a time from 100ms to 24h"),
      (
        ["drain", "web1", "--timeout", "5s", "--shutdown-after", "5s", "--yes"], "before the --timeout of 5s"
      ),
      (["drain", "web/web1", "--backend", "api", "--yes"], "web/web1 says its backend itself"),
      (["ready", "web1", "--then-maint"], "there is no option --then-maint"),
      (["drain", ",", "--yes"], "expected a node"),
      (["drain", "web1", "a.yaml", "b.yaml", "--yes"], "\"b.yaml\" is one too many"),
      (["drain", "web1", "--read-only"], "there is no option --read-only"),
      (["roll", "web", "--run", "true", "--wait-up", "0s", "--yes"], "expected a time from 100ms to 24h"),
      (["once", "/no/such/layout.yaml"], "/no/such/layout.yaml"),
      (["agnet"], "did you mean agent?"),
      (["agent", "--json"], "there is no option --json"),
      (["agent", "--socket", "/x", "layout.yaml"], "not both"),
      (["agent", "--store"], "--store needs PATH"),
      (["evnets"], "did you mean events?"),
      (
        ["events", "--since", "soon"],
        "--since: found \"soon\", expected a span before now (90m, 24h, 7d, 2w)"
      ),
      (["events", "--until", "25:00"], "--until: found \"25:00\", expected a span"),
      (["events", "--since", "2026-02-30"], "expected a span"),
      (["events", "--since", "1h", "--until", "2h"], "expected a time before 2h"),
      (["events", "--since", "2099-01-01"], "expected a time before now"),
      (["events", "--csv"], "there is no option --csv"),
      (["incidents", "--since", "-"], "--since: found \"-\""),
      (["incidents", "a.yaml", "b.yaml", "--since", "1h"], "\"b.yaml\" is one too many"),
      (["history"], "NODE is missing"),
      (
        ["history", "web1", "--metric", "qps,speed"], "expected one or more of qps, latency, errors, sessions"
      ),
      (["history", "web1", "--metric", "qps,"], "expected one or more of"),
      (["history", "web1", "--by", "second"], "expected tick, minute, hour"),
      (["history", "web1", "--csv", "--json"], "either --csv or --json, not both"),
    ])
    func aMistakeIsExplainedAndEndsWithTwo(_ arguments: [String], _ words: String) throws {
      let outcome = try tiertop(arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test(arguments: [
      [], ["once"], ["agent"], ["history"], ["events"], ["incidents"], ["export"], ["replay"], ["drain"],
      ["ready"], ["maint"], ["weight"], ["roll"], ["layout", "check"], ["layout", "init"],
      ["layout", "diagram"], ["lab", "up"], ["lab", "down"], ["lab", "status"], ["lab", "fault"],
      ["lab", "heal"], ["lab", "config"],
    ])
    func everyCommandHasHelpThatFitsTheTerminal(_ command: [String]) throws {
      let outcome = try tiertop(command + ["--help"])
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix("Usage: \((["tiertop"] + command).joined(separator: " "))"))
      let wide = outcome.output.split(separator: "\n").filter { $0.count > 79 }
      #expect(wide.isEmpty, "\(wide)")
      if !command.isEmpty {
        #expect(try tiertop(["--help"]).output.contains("\n  \(command.joined(separator: " ")) "))
      }
    }

    @Test func whatChangesSomethingIsListedAndHasExamples() throws {
      let list = try tiertop(["--help"]).output
      for command in ["drain", "ready", "maint", "weight", "roll"] {
        #expect(list.contains("\n  \(command) "))
        let help = try tiertop([command, "--help"]).output
        #expect(help.contains("\n  tiertop \(command) web"), "\(help)")
        #expect(help.contains("Exit status: 0 "))
      }
    }

    @Test func whatReadsThePastIsListedAndHasExamples() throws {
      let list = try tiertop(["--help"]).output
      for command in ["agent", "history", "events", "incidents", "export", "replay"] {
        #expect(list.contains("\n  \(command) "))
        let help = try tiertop([command, "--help"]).output
        #expect(help.contains("\n  tiertop \(command) "), "\(help)")
        #expect(help.contains("Exit status: 0 "))
      }
    }

    @Test func theConfigurationsOfALayoutAreWrittenOnceAndListed() throws {
      let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
        "tt-\(UInt32.random(in: 0...9_999_999))")
      defer { try? FileManager.default.removeItem(at: directory) }
      let layout = package.appendingPathComponent("Layouts/demo.yaml").path
      let words = ["lab", "config", layout, "--out", directory.path]
      let written = try tiertop(words)
      #expect(written.status == 0, "\(written.errors)")
      #expect(written.output.contains("\(directory.path)/lb1/haproxy.cfg\n"))
      #expect(try tiertop(["layout", "check", directory.path + "/layout.yaml"]).status == 0)
      let again = try tiertop(words)
      #expect(again.status == 2)
      #expect(again.errors.contains("write over it with --force"))
      #expect(try tiertop(words + ["--force"]).status == 0)
      #expect(try tiertop(["lab", "config", layout, "--out", "/proc/none"]).status == 3)
      let diagram = try tiertop(["layout", "diagram", layout])
      #expect(diagram.status == 0 && diagram.output.hasPrefix("flowchart TB\n"))
    }

    @Test func aWordThatBeginsSeveralCommandsHasTheHelpOfAll() throws {
      let outcome = try tiertop(["layout", "--help"])
      #expect(outcome.output.contains("Usage: tiertop layout check"))
      #expect(outcome.output.contains("Usage: tiertop layout init"))
      #expect(try tiertop(["layout"]).errors.contains("layout check, layout init, layout diagram"))
    }

    @Test func optionsAreReadAsGetoptLongReadsThem() throws {
      #expect(try tiertop(["--ver"]).output.hasPrefix("tiertop "))
      // Operands and options mix, short options take their value with or without a space.
      let outcome = try tiertop(["once", "-ji100ms", "-s/nonexistent", "--co=1"])
      #expect(outcome.status == 3)
      #expect(outcome.output.hasPrefix("{\"version\":1,"))
    }

    @Test func withoutAnythingItSaysWhatToDo() throws {
      let outcome = try tiertop([], environment: ["XDG_CONFIG_HOME": "/nonexistent", "HOME": "/nonexistent"])
      #expect(outcome.status == 2)
      for word in ["--socket", "Scripts/demo", "/run/haproxy/admin.sock"] {
        #expect(outcome.errors.contains(word))
      }
    }

    @Test func whatIsNoTerminalIsSaid() throws {
      // setsid: without it the terminal of whoever runs the tests would be found.
      let process = Process()
      let errors = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
      process.arguments = ["--wait", program, "--socket", "/nonexistent"]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      try process.run()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 2)
      #expect(said.contains("not a terminal"))
    }

    @Test func aLayoutThatMayNotBeReadIsSaid() throws {
      let file = FileManager.default.temporaryDirectory.appendingPathComponent("tt-unread-\(getpid()).yaml")
      try "cluster: secret".write(to: file, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(at: file) }
      chmod(file.path, 0)
      let outcome = try tiertopUnprivileged(["layout", "check", file.path])
      #expect(outcome.status == 2)
      #expect(outcome.output.contains("permission denied"), "\(outcome.output)\(outcome.errors)")
      #expect(!outcome.output.contains("secret"))
    }

    @Test func theShippedLayoutsAreGood() throws {
      let layouts = package.appendingPathComponent("Layouts").path
      let files = try FileManager.default.contentsOfDirectory(atPath: layouts).map { layouts + "/" + $0 }
      #expect(files.count == 6)
      let outcome = try tiertop(["layout", "check"] + files)
      #expect(outcome.status == 0, "\(outcome.output)")
    }
  }
}
