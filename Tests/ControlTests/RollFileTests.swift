import Cluster
import Testing

@testable import Control

@Suite struct RollFileTests {
  private func record(_ command: String = "restart {node}") -> RollRecord {
    RollRecord(
      tier: TierName("web"), command: command, done: [NodeName("web1"), NodeName("web2")],
      open: [NodeName("web3")])
  }

  @Test func whatIsWrittenIsReadByTheNextProgram() throws {
    let folder = try MemoryFolder()
    let file = RollFile(directory: try folder.state(), cluster: "shop")
    try file.claim()
    #expect(try file.read() == nil)
    // Anything that a shell takes, quotes and line ends too.
    for command in ["restart {node}", "echo \"a b\" 'c'\necho \\t = done"] {
      try file.write(record(command))
      let next = RollFile(directory: try folder.state(), cluster: "shop")
      #expect(try next.read() == record(command))
    }
    #expect(try MemoryFolder.mode(file.path) == 0o600)
    try file.remove()
    #expect(try file.read() == nil)
    #expect(throws: Never.self) { try file.remove() }
  }

  @Test func anotherRollOfTheSameClusterIsKeptAway() throws {
    let folder = try MemoryFolder()
    let file = RollFile(directory: try folder.state(), cluster: "shop")
    try file.claim()
    let other = RollFile(directory: try folder.state(), cluster: "shop")
    #expect {
      try other.claim()
    } throws: {
      if case .busy? = $0 as? MemoryFailure { true } else { false }
    }
    // Another cluster is another matter.
    #expect(throws: Never.self) { try RollFile(directory: try folder.state(), cluster: "blog").claim() }
  }

  @Test func aRecordOfANewerProgramIsLeftAlone() throws {
    let folder = try MemoryFolder()
    let file = RollFile(directory: try folder.state(), cluster: "shop")
    try file.write(record())
    try MemoryFolder.write("format=tiertop-roll version=2 tier=web command=x\n", to: file.path)
    #expect(throws: MemoryFailure.newer(path: file.path, version: 2)) { try file.read() }
  }

  @Test(arguments: [
    "", "\n", "format=other version=1\n", "format=tiertop-roll version=1 tier=web\n", "\u{0}\u{1}",
  ])
  func whatIsNoRecordIsNone(_ text: String) throws {
    let folder = try MemoryFolder()
    let file = RollFile(directory: try folder.state(), cluster: "shop")
    try file.claim()
    try MemoryFolder.write(text, to: file.path)
    #expect(try file.read() == nil)
  }
}
