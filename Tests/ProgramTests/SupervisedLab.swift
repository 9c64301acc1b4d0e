import Foundation
import TestSupport
import Testing

/// A lab with its supervisor; killed when a test lets go of it.
final class SupervisedLab {
  let process = Process()
  /// All that it said on stdout until it served.
  private(set) var said = ""
  private let input = Pipe()

  /// The path of the running cluster's layout.
  var layout: String { said.trimmingCharacters(in: .newlines) }
  var directory: String { (layout as NSString).deletingLastPathComponent }

  /// - Parameters:
  ///   - wanted: whether it ends with its stdin: when the test lets go of it, or is killed.
  ///   - load: whether there is traffic on the site.
  init(wanted: Bool = true, load: Bool = true) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    let layout = package.appendingPathComponent("Layouts/demo.yaml").path
    process.arguments =
      ["lab", "up", "--loopback"] + (wanted ? ["--while-fd", "0"] : []) + (load ? [] : ["--no-load"]) + [
        layout
      ]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // It closes its stdout once it serves, or when it cannot.
    said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    try #require(directory.contains("/tiertop-lab-"))
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  func letGo() throws { try input.fileHandleForWriting.close() }

  /// Everything that runs in or for its directory, but for the supervisor itself.
  var programs: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      if command(of: pid).contains(directory) { return true }
      let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
      return place?.contains(directory) ?? false
    }
  }

  func command(of pid: Int32) -> String {
    String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data(), as: UTF8.self)
  }

  /// The process that is a node's HAProxy, or Nginx.
  func haproxy(of node: String) throws -> Int32 { try process(of: node, "haproxy.cfg") }
  func nginx(of node: String) throws -> Int32 { try process(of: node, "nginx.conf") }

  private func process(of node: String, _ configuration: String) throws -> Int32 {
    try #require(programs.first { command(of: $0).contains("/\(node)/\(configuration)") })
  }

  /// Whether, before long, there is no process of it left, and no file.
  func isGone() -> Bool {
    holds {
      !process.isRunning && programs.isEmpty && !FileManager.default.fileExists(atPath: directory)
    }
  }
}

/// The checkout.
let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The product under test: what `swift test` has built beside it.
let program = builtProgram("tiertop")

/// What the program under test has to know of how it was built, wherever it is started with an environment of its own.
let instrumentation = ProcessInfo.processInfo.environment.filter {
  ["LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
}

/// Waits until `condition` holds; false where it does not within a minute (it takes a tenth of one).
func holds(within seconds: TimeInterval = 60, _ condition: () -> Bool) -> Bool {
  let end = ProcessInfo.processInfo.systemUptime + seconds
  while !condition() {
    if ProcessInfo.processInfo.systemUptime > end { return false }
    usleep(20_000)
  }
  return true
}

func parent(of pid: Int32) -> Int32? {
  let status = FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data()
  let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("PPid:") }
  return line.flatMap { Int32($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
}
