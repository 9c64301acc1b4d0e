import Foundation
import Testing

/// A real terminal with a program in it: keys in, a screen out. Ended when a test lets go of it.
final class TmuxScreen {
  private let socket: String
  private let directory: URL
  private var isServerRunning = false

  /// Starts `arguments` of tiertop from a shell, which stays when tiertop ends.
  init(_ arguments: [String], width: Int = 80, height: Int = 24) throws {
    socket = "tiertop-test-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))"
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(socket)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try tmux([
      "-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)",
      "env -i PATH=\"$PATH\" HOME='\(directory.path)' TERM=tmux-256color LC_ALL=C.UTF-8 PS1='ready$ ' "
        + "TZ=UTC bash --norc --noprofile",
    ])
    try #require(shows("ready$"))
    let words = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    type("\(words)")
    press("Enter")
  }

  deinit {
    _ = try? tmux(["kill-server"])
    try? FileManager.default.removeItem(at: directory)
  }

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

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let process = Process()
    // The server that the first command starts lives on, with the client's descriptors: a pipe would not end.
    let output = isServerRunning ? Pipe() : nil
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tmux", "-L", socket] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let said = output?.fileHandleForReading.readDataToEndOfFile() ?? Data()
    isServerRunning = true
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}
