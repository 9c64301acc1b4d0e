import Foundation
import Testing

/// Recorded replies, beside this file.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// The files of a folder whose names end so, sorted.
  static func files(in path: String, ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path)
      .filter { $0.hasSuffix(ending) }.sorted().map { "\(path)/\($0)" }
  }
}

/// Compares a text with the one saved beside the fixture. With `RECORD=1` it is saved instead, and the test
/// fails, so that nobody records by mistake.
func expectGolden(_ text: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let file = Fixture.folder.appendingPathComponent(path)
  if ProcessInfo.processInfo.environment["RECORD"] == "1" {
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(path)", sourceLocation: sourceLocation)
    return
  }
  let saved = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  let lines = zip(text.split(separator: "\n"), saved.split(separator: "\n"))
  if let first = lines.first(where: { $0 != $1 }) {
    Issue.record("\(path): is \(first.0), was \(first.1)", sourceLocation: sourceLocation)
  }
  #expect(text == saved, "\(path)", sourceLocation: sourceLocation)
}
