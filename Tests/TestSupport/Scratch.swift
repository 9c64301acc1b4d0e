import Foundation
import Glibc

/// A directory of its own for one test, with a path short enough for sockets; removed at the end.
public final class Scratch {
  public let path: String

  public init() throws {
    var template = Array("/tmp/tt-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  public func file(_ name: String) -> String { path + "/" + name }

  public func write(_ text: String, to name: String) throws {
    try (text + "\n").write(toFile: file(name), atomically: true, encoding: .utf8)
  }

  public func text(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
