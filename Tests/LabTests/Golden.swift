import Foundation
import Testing

/// Compares `text` with the file of that name in Goldens. `RECORD=1` rewrites the file, and fails.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Goldens/\(name)")
  if ProcessInfo.processInfo.environment["RECORD"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name)", sourceLocation: sourceLocation)
    return
  }
  let expected = try String(contentsOf: file, encoding: .utf8)
  let pairs = zip(
    text.split(separator: "\n", omittingEmptySubsequences: false),
    expected.split(separator: "\n", omittingEmptySubsequences: false))
  let difference = pairs.enumerated().first { $0.element.0 != $0.element.1 }
  #expect(
    text == expected,
    "line \((difference?.offset ?? -2) + 1) is \(difference.map { "\($0.element.0), not \($0.element.1)" } ?? "missing")",
    sourceLocation: sourceLocation)
}
