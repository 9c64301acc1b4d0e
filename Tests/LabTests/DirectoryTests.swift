import Foundation
import Testing

@testable import Lab

@Suite struct DirectoryTests {
  @Test func aPlaceThatWillNotDoIsPassedOver() throws {
    let long = "/tmp/" + String(repeating: "x", count: 90)
    let directory = try LabDirectory.make(environment: ["XDG_RUNTIME_DIR": "/nowhere", "TMPDIR": long])
    defer { rmdir(directory.path) }
    #expect(directory.path.hasPrefix("/tmp/tiertop-lab-"))
    // A socket in it fits into an address, with the longest name of a node.
    #expect(directory.path.utf8.count + 1 + 32 + ".sock".utf8.count <= 107)
  }

  @Test func aPlaceWithASpaceOrAQuoteIsPassedOver() throws {
    let directory = try LabDirectory.make(environment: [
      "XDG_RUNTIME_DIR": "/tmp/a b", "TMPDIR": "/tmp/\"; x",
    ])
    defer { rmdir(directory.path) }
    #expect(directory.path.hasPrefix("/tmp/tiertop-lab-"))
  }

  @Test func allNamesOfAFullDirectoryAreFound() throws {
    let directory = try LabDirectory.make(environment: [:])
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    #expect(FileNames.all(in: directory.path) == [])
    // More than is read at once: the last of each part ends where the memory for it does.
    let names = (1000..<2000).map { "\($0)-" + String(repeating: "x", count: 60) }
    for name in names {
      #expect(FileManager.default.createFile(atPath: "\(directory.path)/\(name)", contents: nil))
    }
    #expect(FileNames.all(in: directory.path) == names)
    #expect(FileNames.all(in: "\(directory.path)/none") == nil)
  }

  @Test func theLastLinesOfALogAreShownWithoutControlCharacters() throws {
    let directory = try LabDirectory.make(environment: [:])
    let sweeper = try Sweeper(of: directory)
    defer { sweeper.sweep() }
    let text = (1...500).map { "line \($0)\n" }.joined() + "bad \u{1B}[2J\n"
    try directory.write(LabFile(name: "web1/log", text: text))
    #expect(directory.lastLines(of: "web1/log", count: 2) == ["line 500", "bad ␛[2J"])
    #expect(directory.lastLines(of: "web1/none").isEmpty)
  }

  @Test func theSweeperTakesTheDirectoryAway() throws {
    let directory = try LabDirectory.make(environment: [:])
    let sweeper = try Sweeper(of: directory)
    try directory.write(LabFile(name: "a/b/c", text: "x"))
    sweeper.sweep()
    #expect(!FileManager.default.fileExists(atPath: directory.path))
  }
}
