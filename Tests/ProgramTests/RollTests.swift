import Foundation
import Testing

extension ProgramTests {
  /// `tiertop roll` with a real pair of load balancers and real commands.
  @Suite struct RollTests {
    /// Notes which node it is for, and fails for those that a file says.
    private func command(_ pair: OwnPair) -> String {
      let place = pair.directory.path
      return "echo working on {node} at {address}; echo \"$TIERTOP_TIER $TIERTOP_NODE\" >>'\(place)/done'; "
        + "test ! -e '\(place)/fail-'{node}"
    }

    private func done(_ pair: OwnPair) -> [String] {
      let text = try? String(contentsOf: pair.directory.appendingPathComponent("done"), encoding: .utf8)
      return (text ?? "").split(separator: "\n").map(String.init)
    }

    @Test func aNodeThatFailsStaysDrainedAndResumingGoesOnWithIt() throws {
      let pair = try OwnPair(servers: 4)
      let flag = pair.directory.appendingPathComponent("fail-web3")
      try Data().write(to: flag)
      let roll = ["roll", "web", pair.layout, "--run", command(pair), "--yes"]
      let stopped = try pair.tiertop(roll)
      #expect(stopped.status == 1, "\(stopped.output)\(stopped.errors)")
      #expect(
        stopped.output.contains("web1 | working on web1 at \(pair.address(1)):8080"), "\(stopped.output)")
      for words in [
        "done: web1, web2", "web3 stopped: its command ended with status 1; it stays drained",
        "not done: web4",
        "--resume",
      ] {
        #expect(stopped.errors.contains(words), "\(stopped.errors)")
      }
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "ready", "drain", "ready"]) }
      #expect(done(pair) == ["web web1", "web web2", "web web3"])

      // Another command is another roll.
      let other = try pair.tiertop(["roll", "web", pair.layout, "--run", "true", "--yes", "--resume"])
      #expect(other.status == 2)
      #expect(other.errors.contains("runs another command"), "\(other.errors)")

      try FileManager.default.removeItem(at: flag)
      let resumed = try pair.tiertop(roll + ["--resume"])
      #expect(resumed.status == 0, "\(resumed.output)\(resumed.errors)")
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "ready", "ready", "ready"]) }
      #expect(done(pair) == ["web web1", "web web2", "web web3", "web web3", "web web4"])

      // It has come to its end: there is nothing left to go on with.
      let again = try pair.tiertop(roll + ["--resume"])
      #expect(again.status == 2)
      #expect(again.errors.contains("nothing to resume"), "\(again.errors)")
    }

    @Test func aDryRunShowsAllAndSendsNothing() throws {
      let pair = try OwnPair(servers: 3)
      let outcome = try pair.tiertop(["roll", "web", pair.layout, "--run", command(pair), "--dry-run"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      for words in [
        "web1  drain, run: echo working on web1 at", "lb2  web/web3  ready → drain", "nothing was done",
      ] {
        #expect(outcome.output.contains(words), "\(outcome.output)")
      }
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "ready", "ready"]) }
      #expect(done(pair).isEmpty)
      #expect(!FileManager.default.fileExists(atPath: pair.audit))
    }

    @Test func theFloorHoldsForRollsToo() throws {
      let pair = try OwnPair(servers: 3, keepUp: 2)
      // Three at once are wanted; the floor lets one out at a time.
      let outcome = try pair.tiertop(
        ["roll", "web", pair.layout, "--run", command(pair), "--yes", "--max-down", "3", "--json"])
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      let nodes = try #require(document?["nodes"] as? [[String: Any]])
      #expect(nodes.compactMap { $0["phase"] as? String } == ["done", "done", "done"])
      #expect(done(pair).count == 3)

      // With one out already there is nobody to spare.
      #expect(try pair.tiertop(["drain", "web2", pair.layout, "--yes"]).status == 0)
      let refused = try pair.tiertop(["roll", "web", pair.layout, "--run", command(pair), "--yes"])
      #expect(refused.status == 4)
      #expect(done(pair).count == 3)
      let forced = try pair.tiertop(["roll", "web", pair.layout, "--run", command(pair), "--yes", "--force"])
      #expect(forced.status == 0)
      // Whom somebody had taken out is left alone.
      #expect(forced.output.contains("web2  skipped"), "\(forced.output)")
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "drain", "ready"]) }
      #expect(done(pair).count == 5)
    }

    @Test func aMistakeIsExplainedBeforeAnythingIsDone() throws {
      let pair = try OwnPair()
      for (arguments, words) in [
        (["wbe", "--run", "true", "--yes"], "there is no tier \"wbe\"; did you mean web?"),
        (["lb", "--run", "true", "--yes"], "lb1 is a load balancer"),
        (["web", "--yes"], "--run COMMAND is missing"),
        (["web", "--run", "true", "--yes", "--max-down", "0"], "expected a number of nodes"),
        (["web", "--run", "true"], "no terminal to ask on"),
        (["web", "--run", "true", "--yes", "--resume"], "nothing to resume"),
      ] {
        let outcome = try pair.tiertop(["roll", arguments[0], pair.layout] + arguments.dropFirst())
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
      pair.end(2)
      let partial = try pair.tiertop(["roll", "web", pair.layout, "--run", "true", "--yes"])
      #expect(partial.status == 1)
      #expect(partial.errors.contains("a roll needs all load balancers"), "\(partial.errors)")
      #expect(try pair.states(1) == ["ready", "ready"])
    }

    @Test func whoeverEndsItLetsTheCommandFinishAndMayGoOn() throws {
      let pair = try OwnPair()
      let place = pair.directory.path
      // Waits until it is let go, the first time.
      let command = "echo {node} >>'\(place)/done'; while ! test -e '\(place)/go'; do sleep 0.05; done"
      let arguments = ["roll", "web", pair.layout, "--run", command, "--yes"]
      let process = Process()
      let errors = Pipe()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment.merging(pair.environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      try process.run()
      #expect(holds { done(pair) == ["web1"] })
      kill(process.processIdentifier, SIGINT)
      let first = errors.fileHandleForReading.availableData
      #expect(String(decoding: first, as: UTF8.self).contains("what runs is waited for"))
      #expect(process.isRunning)
      try Data().write(to: pair.directory.appendingPathComponent("go"))
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(said.contains("web1 interrupted: it is left as it is; not done: web2"), "\(said)")
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "ready"]) }
      let resumed = try pair.tiertop(arguments + ["--resume"])
      #expect(resumed.status == 0, "\(resumed.output)\(resumed.errors)")
      #expect(done(pair) == ["web1", "web1", "web2"])
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "ready"]) }
    }

    @Test func whoeverEndsItTwiceEndsTheCommandToo() throws {
      let pair = try OwnPair()
      let place = pair.directory.path
      let command = "echo $$ >'\(place)/done'; exec sleep 60"
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = ["roll", "web", pair.layout, "--run", command, "--yes"]
      process.environment = ProcessInfo.processInfo.environment.merging(pair.environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      let errors = Pipe()
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      try process.run()
      #expect(holds { !done(pair).isEmpty })
      let running = try #require(done(pair).first.flatMap { Int32($0) })
      kill(process.processIdentifier, SIGINT)
      _ = errors.fileHandleForReading.availableData
      kill(process.processIdentifier, SIGINT)
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(said.contains("left in the middle: web1; not done: web2"), "\(said)")
      #expect(holds { kill(running, 0) != 0 })
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "ready"]) }
    }

    @Test func whatACommandSaysPassesThroughWithTheNodesName() throws {
      let pair = try OwnPair()
      // Much at once, the last line without an end, and something that stays and keeps the pipe open.
      let command =
        "seq 1 20000; printf '\\033[31mred'; printf oops >&2; sleep 600 & echo $! >>'\(pair.directory.path)/done'"
      let outcome = try pair.tiertop([
        "roll", "web", pair.layout, "--run", command, "--yes", "--max-down", "2",
      ])
      defer { for pid in done(pair).compactMap({ Int32($0) }) { kill(pid, SIGKILL) } }
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      for node in ["web1", "web2"] {
        #expect(lines.count { $0.hasPrefix("\(node) | ") } == 20_001)
        #expect(lines.contains("\(node) | 20000"))
        #expect(lines.contains("\(node) | ␛[31mredoops"))
      }
    }

    @Test func aNodeThatDoesNotComeBackWellStaysDrained() throws {
      let pair = try OwnPair()
      let outcome = try pair.tiertop([
        "roll", "web", pair.layout, "--run", "touch '\(pair.directory.path)/ill-'{address}", "--yes",
        "--wait-up", "3s",
      ])
      #expect(outcome.status == 5, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.contains("web1 stopped: web/web1 on lb1 is DOWN"), "\(outcome.errors)")
      #expect(outcome.errors.contains("L7STS"), "\(outcome.errors)")
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "ready"]) }
    }
  }
}
