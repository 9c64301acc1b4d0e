import Foundation
import Testing

/// A site in network namespaces, by `tiertop lab up`; killed when a test lets go of it.
final class RunningSite {
  let process = Process()
  let layout: String
  /// What it said on stderr until it served.
  let errors: URL
  private let input = Pipe()
  /// Has what another user needs, who may not even enter the folder of all of this, as where it is in root's home.
  private let common: URL?

  var directory: String { (layout as NSString).deletingLastPathComponent }

  /// - Parameters:
  ///   - user: a number, where it is to be another user's; that needs root.
  ///   - text: a layout of the test's own.
  init(_ name: String = "demo", load: Bool = false, user: Int? = nil, text: String? = nil) throws {
    errors = FileManager.default.temporaryDirectory.appendingPathComponent("tiertop-site-\(UUID()).err")
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    var source = package.appendingPathComponent("Layouts/\(name).yaml").path
    if let text {
      source = errors.path + ".yaml"
      try text.write(toFile: source, atomically: true, encoding: .utf8)
    }
    defer { if text != nil { try? FileManager.default.removeItem(atPath: source) } }
    var binary = program
    common = user == nil ? nil : URL(fileURLWithPath: errors.path + ".common")
    if let common { (binary, source) = (try copy(binary, to: common), try copy(source, to: common)) }
    let command = [binary, "lab", "up"] + (load ? [] : ["--no-load"]) + ["--while-fd", "0", source]
    let change = user.map {
      [
        "/usr/bin/setpriv", "--reuid", "\($0)", "--regid", "\($0)", "--clear-groups", "/usr/bin/env",
        "XDG_RUNTIME_DIR=",
      ]
    }
    let words = (change ?? []) + command
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    // It closes its stdout once it serves, or when it cannot.
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    layout = said.trimmingCharacters(in: .newlines)
    let complaint = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    // A lab on plain loopback would pass some of this, and show nothing: so it is a failure, and says why.
    try #require(
      layout.contains("/tiertop-lab-") && !complaint.contains("plain loopback"), "\(name): \(complaint)")
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: errors)
    if let common { try? FileManager.default.removeItem(at: common) }
  }

  func letGo() throws { try input.fileHandleForWriting.close() }

  /// The layout that it wrote.
  var text: String { (try? String(contentsOfFile: layout, encoding: .utf8)) ?? "" }

  private func namespace(_ node: String) throws -> String {
    let path = try #require(text.firstRange(of: /\/proc\/[0-9]+\/root\/run\/netns\//))
    return String(text[path]) + node
  }

  /// Runs a command within a node's namespace.
  func run(in node: String, _ words: [String]) throws -> (status: Int32, output: String) {
    try output(of: command(in: node) + words)
  }

  /// Starts a program within a node's namespace; whoever started it ends it.
  func start(in node: String, _ words: [String], output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = try command(in: node) + words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func command(in node: String) throws -> [String] {
    let path = try namespace(node)
    let pid = path.split(separator: "/")[1]
    let isOther = geteuid() != 0
    return ["nsenter", "--net=\(path)"] + (isOther ? ["-t", "\(pid)", "-U", "--preserve-credentials"] : [])
  }

  /// The status of a page as the site's clients see it; nil where nobody takes a connection within a second, or
  /// the answer is not whole within `seconds`.
  func page(
    _ address: String, from node: String = "client", within seconds: Int = 2
  ) throws -> (status: Int, text: String)? {
    let answer = try run(
      in: node,
      [
        "curl", "-s", "-m", "\(seconds)", "--connect-timeout", "1", "-w", "\n%{http_code}",
        "http://\(address)",
      ])
    guard answer.status == 0, let end = answer.output.lastIndex(of: "\n") else { return nil }
    return (Int(answer.output[answer.output.index(after: end)...]) ?? 0, String(answer.output[..<end]))
  }

  /// All that keepalived on a load balancer told, a line for each change.
  func notices(of balancer: String) -> String {
    let path = "\(directory)/\(balancer)/keepalived/notify"
    return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The state that keepalived on a load balancer told last of its first address.
  func state(of balancer: String) -> String? {
    let lines = notices(of: balancer).split(separator: "\n")
    return lines.last { $0.contains("\"VI_1\"") }.map { String($0.split(separator: " ")[2]) }
  }

  /// What a replica says of itself, by the user that the dashboard is.
  func replica(_ node: String) throws -> String {
    let password = try String(contentsOfFile: "\(directory)/tiertop.password", encoding: .utf8)
      .trimmingCharacters(in: .newlines)
    return try output(of: [
      "mariadb", "--no-defaults", "--socket=\(directory)/\(node)/mariadb.sock", "--user=tiertop",
      "--password=\(password)", "-e", "SHOW REPLICA STATUS\\G",
    ]).output
  }

  /// Processes that have the lab's directory in their command line.
  var programs: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      return String(decoding: command, as: UTF8.self).contains(directory)
    }
  }

  func isGone() -> Bool {
    holds {
      !process.isRunning && programs.isEmpty && !FileManager.default.fileExists(atPath: directory)
    }
  }
}

/// Runs a program of the PATH to its end.
private func output(of words: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = words
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// Copies a file to a folder that everybody may enter, and returns its place there.
private func copy(_ file: String, to folder: URL) throws -> String {
  try FileManager.default.createDirectory(
    at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  let place = folder.appendingPathComponent((file as NSString).lastPathComponent).path
  try FileManager.default.copyItem(atPath: file, toPath: place)
  return place
}
