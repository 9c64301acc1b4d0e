import Foundation

/// What a program said, and how it ended.
struct Outcome {
  var output: String
  var errors: String
  var status: Int32
}

/// Runs tiertop to its end, with nothing on its standard input.
func tiertop(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
  try run(program, arguments, environment: environment)
}

/// The same as a user who may not open everything: root's tests run it as nobody, as a copy that nobody may read.
func tiertopUnprivileged(_ arguments: [String]) throws -> Outcome {
  if getuid() != 0 { return try tiertop(arguments) }
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
    "tt-\(UInt32.random(in: 0...9_999_999))")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  chmod(directory.path, 0o755)
  let copy = directory.appendingPathComponent("tiertop").path
  // Not written by this process: one that another test starts just now would have it open, and it could not be run.
  _ = try run("/usr/bin/env", ["cp", program, copy])
  let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
  return try run("/usr/bin/env", nobody + [copy] + arguments)
}

/// Runs a program to its end, with nothing on its standard input.
func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
  let process = Process()
  let (output, errors) = (Pipe(), Pipe())
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  // Errors are few lines: they fit in the pipe while the output is read.
  let said = output.fileHandleForReading.readDataToEndOfFile()
  let complained = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return Outcome(
    output: String(decoding: said, as: UTF8.self), errors: String(decoding: complained, as: UTF8.self),
    status: process.terminationStatus)
}

/// A tiertop that writes line after line, read as they come.
final class Stream {
  let process = Process()
  private let output = Pipe()
  private var rest = Data()

  init(_ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// The next line; nil at the end.
  func line() -> String? {
    while true {
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        defer { rest.removeSubrange(rest.startIndex...end) }
        return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      rest.append(more)
    }
  }
}
