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
      (["--socket", "ftp://x"], "expected an absolute path"),
      (["--socket", "/x", "layout.yaml"], "not both"),
      (["layout", "check"], "is missing"),
      (["lab", "up"], "is missing"),
      (["once", "/no/such/layout.yaml"], "/no/such/layout.yaml"),
    ])
    func aMistakeIsExplainedAndEndsWithTwo(_ arguments: [String], _ words: String) throws {
      let outcome = try tiertop(arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test(arguments: [[], ["once"], ["layout", "check"], ["layout", "init"], ["lab", "up"]])
    func everyCommandHasHelp(_ command: [String]) throws {
      let outcome = try tiertop(command + ["--help"])
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix("Usage: \((["tiertop"] + command).joined(separator: " "))"))
    }

    @Test func aWordThatBeginsSeveralCommandsHasTheHelpOfAll() throws {
      let outcome = try tiertop(["layout", "--help"])
      #expect(outcome.output.contains("Usage: tiertop layout check"))
      #expect(outcome.output.contains("Usage: tiertop layout init"))
      #expect(try tiertop(["layout"]).errors.contains("layout check, layout init"))
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
