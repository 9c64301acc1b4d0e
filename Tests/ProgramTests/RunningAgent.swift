import Foundation
import Testing

/// A `tiertop agent` of a test's own; killed when the test lets go of it.
final class RunningAgent {
  let process = Process()
  private let errors: URL

  init(_ arguments: [String], in memory: OwnMemory, environment: [String: String] = [:]) throws {
    errors = memory.directory.appendingPathComponent("agent-\(UInt32.random(in: 0..<UInt32.max)).log")
    try Data().write(to: errors)
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["agent"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(memory.environment) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// All lines that it has logged.
  var log: [String] {
    ((try? String(contentsOf: errors, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Whether, before long, there is a line with all of these words in it.
  func says(_ words: String...) -> Bool {
    holds { log.contains { line in words.allSatisfy { line.contains($0) } } }
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Ends it, and how it ended.
  @discardableResult func end(_ number: Int32 = SIGTERM) -> Int32 {
    signal(number)
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// What keeps a test's memory apart from everybody's; gone when the test lets go of it.
final class OwnMemory {
  let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("tt-memory-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var environment: [String: String] { ["XDG_STATE_HOME": directory.path] }

  /// Where a cluster of that name is recorded.
  func store(_ cluster: String = "demo") -> String {
    directory.appendingPathComponent("tiertop/\(cluster).db").path
  }

  /// Runs tiertop with it.
  func tiertop(_ arguments: [String], environment more: [String: String] = [:]) throws -> Outcome {
    try run(program, arguments, environment: environment.merging(more) { $1 })
  }

  /// A copy of a lab's layout with another interval, which a test may change.
  ///
  /// A load balancer has half of the interval to answer: where a test says that nothing at all happened, or that
  /// nothing is missing, a busy machine needs more of it.
  func layout(
    of lab: SupervisedLab, every interval: String = "300ms", _ change: (String) -> String = { $0 }
  ) throws -> String {
    let text = try String(contentsOfFile: lab.layout, encoding: .utf8)
    let own = text.replacingOccurrences(of: "interval: 1s", with: "interval: \(interval)")
    try #require(text.contains("interval: 1s"))
    let path = directory.appendingPathComponent("layout.yaml").path
    try change(own).write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// The ticks that were recorded of something.
  func ticks(of name: String = "cluster") throws -> HistoryAnswer {
    try HistoryAnswer(
      try tiertop(["history", name, "--store", store(), "--since", "1h", "--by", "tick", "--json"]))
  }

  /// Whether, before long, that many ticks have been recorded.
  func hasRecorded(ticks: Int) -> Bool {
    holds { (try? self.ticks().points.count) ?? 0 >= ticks }
  }
}
