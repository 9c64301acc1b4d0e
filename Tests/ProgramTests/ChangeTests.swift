import Foundation
import Testing

extension ProgramTests {
  /// `drain`, `ready`, `maint` and `weight` from the shell, read back by the test itself.
  @Suite struct ChangeTests {
    @Test func aDrainIsDoneOnAllLoadBalancersAndUndoneThere() throws {
      let pair = try OwnPair()
      let drained = try pair.tiertop([
        "drain", "web1", pair.layout, "--yes", "--wait", "--note", "new kernel",
      ])
      #expect(drained.status == 0, "\(drained.output)\(drained.errors)")
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "ready"]) }
      for words in ["lb1  web/web1  ready → drain", "lb1  done in ", "lb2  done in ", "no session is left"] {
        #expect(drained.output.contains(words), "\(drained.output)")
      }

      // Somebody else sees who did it, and why.
      let seen = try pair.tiertop(["weight", "web/web2", "7", pair.layout, "--yes"])
      #expect(seen.status == 0, "\(seen.output)\(seen.errors)")
      #expect(seen.output.contains("web/web1 on lb1, lb2 is drain, by "), "\(seen.output)")
      #expect(seen.output.contains("(new kernel), since 2"))
      #expect(try adminStates(of: "web", at: pair.socket(2)).map(\.weight) == [1, 7])

      let ready = try pair.tiertop(["ready", "web1", pair.layout, "--yes", "--wait"])
      #expect(ready.status == 0, "\(ready.output)\(ready.errors)")
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "ready"]) }

      // Without a layout, and by its backend.
      let sockets = [1, 2].flatMap { ["--socket", pair.socket($0)] }
      let maint = try pair.tiertop(["maint", "web2", "--backend", "web", "--yes"] + sockets)
      #expect(maint.status == 0, "\(maint.output)\(maint.errors)")
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "maint"]) }
      let audit = try String(contentsOfFile: pair.audit, encoding: .utf8)
      // The layout has it; what was done without one is written nowhere.
      #expect(audit.split(separator: "\n").count == 6, "\(audit)")
    }

    @Test func theFloorForbidsTheLastOneUnlessItIsForced() throws {
      let pair = try OwnPair()
      #expect(try pair.tiertop(["drain", "web1", pair.layout, "--yes"]).status == 0)
      let refused = try pair.tiertop(["drain", "web2", pair.layout, "--yes"])
      #expect(refused.status == 4)
      #expect(refused.output.contains("backend web would go DOWN on lb1, lb2"), "\(refused.output)")
      #expect(refused.errors.contains("--force"), "\(refused.errors)")
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "ready"]) }
      // Both at once is the same.
      #expect(try pair.tiertop(["ready", "web1", pair.layout, "--yes", "--wait"]).status == 0)
      #expect(try pair.tiertop(["drain", "web1,web2", pair.layout, "--yes"]).status == 4)
      #expect(try pair.tiertop(["drain", "web1,web2", pair.layout, "--yes", "--force"]).status == 0)
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "drain"]) }
      // Every attempt is written down, also those that were not sent.
      let audit = try String(contentsOfFile: pair.audit, encoding: .utf8).split(separator: "\n")
      #expect(audit.count { $0.contains("below-floor") } == 2 + 4, "\(audit)")
    }

    @Test func whatCannotBeRememberedIsSaidAndTheChangeIsMadeAllTheSame() throws {
      let pair = try OwnPair()
      let state = pair.directory.appendingPathComponent("state/tiertop")
      try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
      chmod(state.path, 0o777)
      func change(_ action: String, _ expected: String, says words: String...) throws {
        let outcome = try pair.tiertop([action, "web1", pair.layout, "--yes"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        for place in [1, 2] { #expect(try pair.states(place) == [expected, "ready"]) }
      }
      try change("drain", "drain", says: "others may write into \(state.path): chmod go-w")

      chmod(state.path, 0o700)
      try change("ready", "ready")
      let files = try FileManager.default.contentsOfDirectory(atPath: state.path)
      let name = try #require(files.first { $0.hasSuffix(".intents") })
      let file = state.appendingPathComponent(name)
      try (String(contentsOf: file, encoding: .utf8) + "no such line\n").write(
        to: file, atomically: false, encoding: .utf8)
      try change(
        "drain", "drain", says: " is damaged and left out; the whole file is kept as \(file.path).damaged-")

      try FileManager.default.removeItem(at: file)
      try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
      try change(
        "ready", "ready",
        says: "\(file.path) is a link, a directory or a device, and not a file: move it away")

      try FileManager.default.removeItem(at: state)
      try Data().write(to: state)
      try change(
        "drain", "drain", says: "\(state.path) is not a directory: move it away, or set XDG_STATE_HOME")
    }

    @Test func whatIsDoneIsOneDocument() throws {
      let pair = try OwnPair()
      func document(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try pair.tiertop(arguments + [pair.layout, "--yes", "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let document = try #require(object as? [String: Any])
        #expect(document["status"] as? Int == Int(outcome.status))
        return document
      }
      let drain = try document(["drain", "web1", "--wait", "--note", "why"])
      #expect(drain["end"] as? String == "confirmed")
      #expect(drain["action"] as? String == "drain")
      #expect(drain["note"] as? String == "why")
      let preview = try #require(drain["preview"] as? [String: Any])
      #expect((preview["servers"] as? [[String: Any]])?.compactMap { $0["lb"] as? String } == ["lb1", "lb2"])
      let rounds = try #require(drain["rounds"] as? [[String: Any]])
      let balancers = try #require(rounds.first?["load_balancers"] as? [[String: Any]])
      #expect(balancers.compactMap { $0["done"] as? Bool } == [true, true])
      #expect((drain["wait"] as? [String: Any])?["sessions_left"] as? Int == 0)

      let refused = try document(["drain", "web2"])
      #expect(refused["end"] as? String == "floor")
      let floor = (refused["preview"] as? [String: Any])?["floor"] as? [[String: Any]]
      #expect(floor?.first?["keep_up"] as? Int == 1)
      #expect((refused["rounds"] as? [Any])?.isEmpty == true)
    }

    @Test func whatCannotBeAskedIsNotDone() throws {
      let pair = try OwnPair()
      let outcome = try pair.tiertop(["drain", "web1", pair.layout])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("there is no terminal to ask on: --yes"), "\(outcome.errors)")
      for (arguments, words) in [
        (["drain", "wbe1"], "no node or server \"wbe1\"; did you mean web1?"),
        (["drain", "lb1"], "lb1 is a load balancer"),
        (["drain", "web1", "--backend", "api"], "it serves in web"),
        (["drain", "web/web1;disable server web/web2"], "no node or server"),
      ] {
        let outcome = try pair.tiertop(
          [arguments[0], arguments[1], pair.layout, "--yes"] + arguments.dropFirst(2))
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
      for place in [1, 2] { #expect(try pair.states(place) == ["ready", "ready"]) }
    }

    @Test func aLoadBalancerThatIsGoneMakesItPartial() throws {
      let pair = try OwnPair()
      pair.end(2)
      let outcome = try pair.tiertop(["drain", "web1", pair.layout, "--yes", "--wait"])
      #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("lb2  not told: no socket at"), "\(outcome.output)")
      #expect(outcome.output.contains("confirmed on 1 of 2 load balancers"), "\(outcome.output)")
      #expect(try pair.states(1) == ["drain", "ready"])
      pair.end(1)
      let nobody = try pair.tiertop(["ready", "web1", pair.layout, "--yes"])
      #expect(nobody.status == 3)
      #expect(nobody.errors.contains("no load balancer answers: nothing was sent"), "\(nobody.errors)")
    }

    @Test func aSocketThatOnlyReadsIsSaidAndChangesNothing() throws {
      let readers = try OwnPair(levels: ["operator", "user"])
      let none = try readers.tiertop(["drain", "web1", readers.layout, "--yes"])
      #expect(none.status == 1, "\(none.output)\(none.errors)")
      #expect(none.errors.contains("level admin"), "\(none.errors)")
      let mixed = try OwnPair(levels: ["admin", "operator"])
      let some = try mixed.tiertop(["drain", "web1", mixed.layout, "--yes"])
      #expect(some.status == 1)
      #expect(
        some.output.contains("lb2  web/web1  not sent: its socket has level operator"), "\(some.output)")
      #expect(try mixed.states(1) == ["drain", "ready"])
      #expect(try mixed.states(2) == ["ready", "ready"])
    }

    @Test func aSessionThatStaysIsATimeOutAndShuttingItDownIsNot() throws {
      let pair = try OwnPair()
      try pair.hold(1, seconds: 20, connections: 2)
      let late = try pair.tiertop(["drain", "web1", pair.layout, "--yes", "--wait", "--timeout", "600ms"])
      #expect(late.status == 5, "\(late.output)\(late.errors)")
      #expect(late.errors.contains("1 session is left: web/web1 on lb1 1"), "\(late.errors)")
      #expect(try pair.states(2) == ["drain", "ready"])
      let shut = try pair.tiertop([
        "drain", "web1", pair.layout, "--yes", "--then-maint", "--shutdown-after", "300ms",
      ])
      #expect(shut.status == 0, "\(shut.output)\(shut.errors)")
      #expect(shut.output.contains("shut sessions down"), "\(shut.output)")
      for place in [1, 2] { #expect(try pair.states(place) == ["maint", "ready"]) }
      #expect(try pair.sessions(1) == [0, 1])
    }

    @Test func whoeverEndsTheWaitIsToldWhatStands() throws {
      let pair = try OwnPair()
      try pair.hold(1, seconds: 20, connections: 2)
      let process = Process()
      let errors = Pipe()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = ["drain", "web1", pair.layout, "--yes", "--wait"]
      process.environment = ProcessInfo.processInfo.environment.merging(pair.environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      try process.run()
      #expect(holds { (try? pair.states(2)) == ["drain", "ready"] })
      kill(process.processIdentifier, SIGINT)
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(said.contains("interrupted: it is drain on all load balancers"), "\(said)")
    }

    /// HAProxy's own doing: a drained server still takes those that a cookie brings; one in maintenance does not.
    @Test func clientsThatStickAreForetoldAndArriveUntilMaint() throws {
      let pair = try OwnPair(isSticky: true)
      func count(_ server: Int) throws -> Int {
        let rows = try pair.ask(1, "show stat").split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix("web,web\(server),") })
        return try #require(Int(row.split(separator: ",", omittingEmptySubsequences: false)[7]))
      }
      func visit() throws -> Int32 {
        let client =
          "import sys, urllib.request as u; "
          + "u.urlopen(u.Request(sys.argv[1], headers={'Cookie': 'SERVER=s1'}), timeout=5).read()"
        let url = "http://\(pair.host(1)):8080/"
        return try run("/usr/bin/env", ["python3", "-c", client, url]).status
      }
      let drain = try pair.tiertop(["drain", "web1", "--yes", pair.layout])
      #expect(drain.status == 0)
      #expect(drain.output.contains("cookie") && drain.output.contains("web/web1"), "\(drain.output)")
      let before = try count(1)
      #expect(try visit() == 0)
      #expect(try count(1) == before + 1)
      let maint = try pair.tiertop(["maint", "web1", "--yes", pair.layout])
      #expect(maint.status == 0)
      #expect(!maint.output.contains("cookie"), "\(maint.output)")
      #expect(try visit() == 0)
      #expect(try count(1) == before + 1)
    }

    @Test func onATerminalItAsksAndOnlyYesIsYes() throws {
      let pair = try OwnPair()
      let screen = try TmuxScreen(["drain", "web1", pair.layout], width: 160, height: 50)
      #expect(screen.shows("Drain web1 on lb1, lb2? [y/N]"), "\(screen.text)")
      screen.press("Enter")
      #expect(screen.shows("nothing was sent", "ready$"), "\(screen.text)")
      #expect(try pair.states(1) == ["ready", "ready"])
      screen.type("'\(program)' drain web1 '\(pair.layout)'; echo status $?")
      screen.press("Enter")
      #expect(holds { screen.text.components(separatedBy: "[y/N]").count == 3 }, "\(screen.text)")
      screen.press("C-c")
      #expect(screen.shows("status 130"), "\(screen.text)")
      #expect(try pair.states(1) == ["ready", "ready"])
      screen.type("'\(program)' drain web1 '\(pair.layout)'; echo status $?")
      screen.press("Enter")
      #expect(holds { screen.text.components(separatedBy: "[y/N]").count == 4 }, "\(screen.text)")
      screen.type("y")
      screen.press("Enter")
      #expect(screen.shows("lb2  done in", "status 0"), "\(screen.text)")
      for place in [1, 2] { #expect(try pair.states(place) == ["drain", "ready"]) }
    }

    @Test func aLoadBalancerThatHangsWhileItIsAskedIsUnknown() throws {
      let pair = try OwnPair()
      let screen = try TmuxScreen(["drain", "web1", pair.layout], width: 120)
      #expect(screen.shows("Drain web1 on lb1, lb2? [y/N]"), "\(screen.text)")
      pair.signal(2, SIGSTOP)
      screen.type("y")
      screen.press("Enter")
      #expect(screen.shows("lb1  done in", "; it is asked again", "confirmed on 1 of 2"), "\(screen.text)")
      pair.signal(2, SIGCONT)
      #expect(try pair.states(1) == ["drain", "ready"])
      // One that hangs from the beginning is not told, and is no reason to wait.
      pair.signal(2, SIGSTOP)
      let outcome = try pair.tiertop(["ready", "web1", pair.layout, "--yes"])
      pair.signal(2, SIGCONT)
      #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("lb2  not told: "), "\(outcome.output)")
      #expect(try pair.states(1) == ["ready", "ready"])
    }

    @Test func aDrainUnderLoadLosesNoRequest() throws {
      let lab = try SupervisedLab(load: false)
      let site = try Site(of: lab)
      let state = ["XDG_STATE_HOME": lab.directory + "/state"]
      let client = try LoadClient(site.balancers.map { "\($0.host):\($0.port)" }, requests: 5000)
      for _ in 0..<2 {
        let drained = try run(
          program, ["drain", "web1", lab.layout, "--yes", "--wait"], environment: state)
        #expect(drained.status == 0, "\(drained.output)\(drained.errors)")
        for balancer in ["lb1", "lb2"] {
          let states = try adminStates(of: "web", at: "\(lab.directory)/\(balancer).sock")
          #expect(states.map(\.state) == ["drain", "ready"])
        }
        let ready = try run(program, ["ready", "web1", lab.layout, "--yes", "--wait"], environment: state)
        #expect(ready.status == 0, "\(ready.output)\(ready.errors)")
      }
      let result = try client.end()
      #expect(result.sent >= 10_000)
      #expect(result.failed == 0, "of \(result.sent)")
    }
  }
}

/// Sends requests through several load balancers at the same time, on connections that stay, and counts: until
/// it is ended, and at least so many.
final class LoadClient {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  private static let script = """
    import http.client, sys, threading
    per, failed, sent, lock, ended = int(sys.argv[1]) // 2, [], [], threading.Lock(), threading.Event()
    def visit(address):
        good = bad = 0
        connection = http.client.HTTPConnection(address, timeout=10)
        while good + bad < per or not ended.is_set():
            try:
                connection.request("GET", "/")
                reply = connection.getresponse()
                reply.read()
                good += reply.status == 200
                bad += reply.status != 200
            except Exception as problem:
                bad += 1
                connection.close()
        with lock:
            sent.append(good + bad)
            failed.append(bad)
    threads = [threading.Thread(target=visit, args=(address,)) for address in sys.argv[2:] for _ in range(2)]
    for thread in threads: thread.start()
    sys.stdin.read()
    ended.set()
    for thread in threads: thread.join()
    print(sum(sent), sum(failed))
    """

  /// - Parameter requests: through each, at least.
  init(_ addresses: [String], requests: Int) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", LoadClient.script, "\(requests)"] + addresses
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Ends it, and returns what it has counted.
  func end() throws -> (sent: Int, failed: Int) {
    try input.fileHandleForWriting.close()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let numbers = said.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    try #require(numbers.count == 2, "\(said)")
    return (numbers[0], numbers[1])
  }
}
