import Foundation
import Testing

/// A real terminal with a program in it: keys in, a screen out. Ended when a test lets go of it.
final class TmuxScreen {
  private let socket: String
  private let directory: URL
  /// Not a daemon, so that it is this test's child and ends with it.
  private let server = Process()

  /// Starts `arguments` of tiertop from a shell, which stays when tiertop ends.
  ///
  /// - Parameters:
  ///   - recording: whether all bytes that the terminal is sent are kept.
  ///   - memory: what tiertop remembers, where it is not this terminal's own.
  init(
    _ arguments: [String], width: Int = 80, height: Int = 24, recording: Bool = false,
    memory: OwnMemory? = nil
  ) throws {
    socket = "tiertop-test-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))"
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(socket)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    // The threads of the tests block all signals, and children inherit that; a terminal's programs must not.
    let unblocked =
      "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp(sys.argv[1], sys.argv[1:])"
    server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    server.arguments = ["python3", "-c", unblocked, "tmux", "-L", socket, "-f", "/dev/null", "-D"]
    server.standardInput = FileHandle.nullDevice
    server.standardOutput = FileHandle.nullDevice
    server.standardError = FileHandle.nullDevice
    try server.run()
    // A shell of a known kind: nothing of whoever runs the tests.
    let environment = (memory?.environment ?? [:]).merging(instrumentation) { $1 }
    let variables = environment.map { " \($0)='\($1)'" }.joined()
    let shell =
      "env -i\(variables) PATH=\"$PATH\" HOME='\(directory.path)' TERM=tmux-256color LC_ALL=C.UTF-8 TZ=UTC PS1='ready$ ' "
      + "bash --norc --noprofile"
    // It may take a moment until the server listens.
    try #require(holds { self.succeeds(["list-sessions", "-F", "#{session_id}"]) })
    try tmux(["new-session", "-d", "-x", "\(width)", "-y", "\(height)", shell])
    try #require(shows("ready$"))
    if recording { try tmux(["pipe-pane", "cat >'\(record.path)'"]) }
    type(([program] + arguments).map { "'\($0)'" }.joined(separator: " "))
    press("Enter")
  }

  deinit {
    // Its programs get SIGHUP when it goes.
    _ = try? tmux(["kill-server"])
    if !holds({ !self.server.isRunning }) { kill(server.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: directory)
  }

  private var record: URL { directory.appendingPathComponent("record") }

  /// Every byte that was sent to the terminal since the start.
  var recorded: Data { (try? Data(contentsOf: record)) ?? Data() }

  /// Literal text.
  func type(_ text: String) { _ = try? tmux(["send-keys", "-l", text]) }

  /// Keys by tmux's names: `Enter`, `Tab`, `C-z`.
  func press(_ keys: String...) { _ = try? tmux(["send-keys"] + keys) }

  func resize(width: Int, height: Int) {
    _ = try? tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
  }

  /// What is on the screen now.
  var text: String { (try? tmux(["capture-pane", "-p"])) ?? "" }

  /// Whether, before long, all of the words are on the screen.
  func shows(_ words: String...) -> Bool {
    holds {
      let text = self.text; return words.allSatisfy { text.contains($0) }
    }
  }

  /// Whether, before long, the word is on the screen no more.
  func loses(_ word: String) -> Bool { holds { !self.text.contains(word) } }

  /// The process of tiertop.
  var pid: Int32? {
    guard
      let shell = (try? tmux(["display-message", "-p", "#{pane_pid}"])).flatMap({ text in
        Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
      })
    else { return nil }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.first { child in
      parent(of: child) == shell || parent(of: child).flatMap(parent) == shell && isTiertop(child)
    }
  }

  private func isTiertop(_ pid: Int32) -> Bool {
    let name = FileManager.default.contents(atPath: "/proc/\(pid)/comm") ?? Data()
    return String(decoding: name, as: UTF8.self).hasPrefix("tiertop")
  }

  private func succeeds(_ arguments: [String]) -> Bool { (try? run(arguments))?.status == 0 }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String { try run(arguments).output }

  private func run(_ arguments: [String]) throws -> (output: String, status: Int32) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tmux", "-N", "-L", socket] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: said, as: UTF8.self), process.terminationStatus)
  }
}
