import Foundation
import Testing

/// `tiertop lab up` as a process of its own, and what becomes of all it started when it ends, however it does.
@Suite(.serialized) struct DemoClusterTests {
  @Test func itPrintsOneLineAndStaysUntilItIsInterrupted() throws {
    let lab = try SupervisedLab()
    #expect(lab.said == lab.layout + "\n")
    #expect(FileManager.default.fileExists(atPath: lab.layout))
    #expect(lab.process.isRunning)
    #expect(lab.programs.count >= 8)
    kill(lab.process.processIdentifier, SIGINT)
    #expect(lab.isGone())
    #expect(lab.process.terminationStatus == 0)
  }

  @Test func nothingIsLeftWhenTheSupervisorIsKilled() throws {
    let lab = try SupervisedLab()
    #expect(lab.programs.count >= 8)
    kill(lab.process.processIdentifier, SIGKILL)
    #expect(lab.isGone())
  }

  @Test func nothingIsLeftWhenWhoeverWantedItIsKilled() throws {
    let lab = try SupervisedLab(wanted: true)
    #expect(lab.programs.count >= 8)
    // What a killed dashboard leaves is a pipe that nobody holds.
    try lab.letGo()
    #expect(lab.isGone())
    #expect(lab.process.terminationStatus == 0)
  }

  @Test func twoStandSideBySideAndOneEndsWithoutTheOther() throws {
    let one = try SupervisedLab()
    let other = try SupervisedLab()
    kill(one.process.processIdentifier, SIGKILL)
    #expect(one.isGone())
    #expect(other.process.isRunning)
    #expect(other.programs.count >= 8)
    kill(other.process.processIdentifier, SIGTERM)
    #expect(other.isGone())
  }

  @Test func aWorkerOfAKilledProgramEndsToo() throws {
    let lab = try SupervisedLab()
    // Gunicorn's arbiter has a worker; after the arbiter's death only the next one's start shows its name.
    let arbiters = lab.programs.filter { parent(of: $0) == lab.process.processIdentifier }
    let workers = lab.programs.filter { !arbiters.contains($0) }
    #expect(!workers.isEmpty)
    for arbiter in workers.compactMap(parent) { kill(arbiter, SIGKILL) }
    #expect(holds { Set(workers).isDisjoint(with: lab.programs) })
    kill(lab.process.processIdentifier, SIGTERM)
    #expect(lab.isGone())
  }
}

/// A lab with its supervisor; killed when a test lets go of it.
private final class SupervisedLab {
  let process = Process()
  /// All that it said on stdout until it served.
  private(set) var said = ""
  private let input = Pipe()

  /// The path of the running cluster's layout.
  var layout: String { said.trimmingCharacters(in: .newlines) }
  private var directory: String { (layout as NSString).deletingLastPathComponent }

  /// - Parameter wanted: whether it ends with its stdin.
  init(wanted: Bool = false) throws {
    let output = Pipe()
    process.executableURL = package.appendingPathComponent(".build/debug/tiertop")
    let layout = package.appendingPathComponent("Layouts/demo.yaml").path
    process.arguments = ["lab", "up"] + (wanted ? ["--while-fd", "0"] : []) + [layout]
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
      let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      if String(decoding: command, as: UTF8.self).contains(directory) { return true }
      let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
      return place?.contains(directory) ?? false
    }
  }

  /// Whether, before long, there is no process of it left, and no file.
  func isGone() -> Bool {
    holds {
      !process.isRunning && programs.isEmpty && !FileManager.default.fileExists(atPath: directory)
    }
  }
}

private let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Waits until `condition` holds; false where it does not within 20 seconds (it takes a tenth of one).
private func holds(_ condition: () -> Bool) -> Bool {
  let end = ProcessInfo.processInfo.systemUptime + 20
  while !condition() {
    if ProcessInfo.processInfo.systemUptime > end { return false }
    usleep(20_000)
  }
  return true
}

private func parent(of pid: Int32) -> Int32? {
  let status = FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data()
  let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("PPid:") }
  return line.flatMap { Int32($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
}
