import Cluster
import Foundation
import Glibc
import Platform
import Testing

@testable import Control

@Suite struct StateDirectoryTests {
  static func path(_ environment: [String: String], home: String? = nil) throws(MemoryFailure) -> String {
    try StateDirectory(environment: { environment[$0] }, home: { home }).path
  }

  @Test func theEnvironmentSaysWhereMemoryLivesAndElseTheAccountDoes() throws {
    let home = ["HOME": "/home/anna"]
    #expect(try Self.path(["XDG_STATE_HOME": "/s", "HOME": "/home/anna"]) == "/s/tiertop")
    #expect(try Self.path(home) == "/home/anna/.local/state/tiertop")
    #expect(try Self.path(["XDG_STATE_HOME": "", "HOME": "/h"]) == "/h/.local/state/tiertop")
    #expect(try Self.path(["XDG_STATE_HOME": "s/t", "HOME": "/h"]) == "/h/.local/state/tiertop")
    #expect(try Self.path(["HOME": ""], home: "/a") == "/a/.local/state/tiertop")
    #expect(throws: MemoryFailure.noHome) { try Self.path(["HOME": "here"], home: "") }
    #expect(throws: MemoryFailure.noHome) { try Self.path([:]) }
  }

  @Test func theAccountOfTheseTestsHasAHome() {
    #expect(StateDirectory.homeOfAccount()?.hasPrefix("/") == true)
  }

  @Test func itIsMadeForItsOwnerAloneWithAllAboveIt() throws {
    let folder = try MemoryFolder()
    let directory = try StateDirectory(environment: { $0 == "HOME" ? folder.path : nil }, home: { nil })
    try directory.make()
    try directory.make()
    for part in ["/.local", "/.local/state", "/.local/state/tiertop"] {
      #expect(try MemoryFolder.mode(folder.path + part) == 0o700)
    }
  }

  @Test func whatIsInItsPlaceIsLeftAlone() throws {
    let folder = try MemoryFolder()
    let directory = try folder.state()
    try MemoryFolder.write("mine", to: directory.path)
    #expect(throws: MemoryFailure.notADirectory(path: directory.path)) { try directory.make() }
    #expect(try MemoryFolder.text(directory.path) == "mine")
  }

  @Test func aDirectoryThatCannotBeMadeSaysWhichAndWhy() throws {
    // Nobody can make a directory there, root neither.
    let directory = try StateDirectory(environment: { _ in "/proc/tiertop-test/state" }, home: { nil })
    #expect {
      try directory.make()
    } throws: { error in
      guard case .system("/proc/tiertop-test", let error)? = error as? MemoryFailure else { return false }
      return error.doing == "mkdir"
    }
    // A dangling link is neither there nor can it be made.
    let folder = try MemoryFolder()
    symlink(folder.path + "/nowhere", folder.path + "/tiertop")
    #expect(
      throws: MemoryFailure.system(
        path: folder.path + "/tiertop", SystemError(errno: ENOENT, doing: "stat"))
    ) { try folder.state().make() }
  }

  @Test func aDirectoryThatOthersMayWriteIntoIsRefused() throws {
    let folder = try MemoryFolder()
    let directory = try folder.state()
    try directory.make()
    chmod(directory.path, 0o770)
    #expect(throws: MemoryFailure.openDirectory(path: directory.path)) { try directory.make() }
    chmod(directory.path, 0o755)
    #expect(throws: Never.self) { try directory.make() }
  }

  @Test func aDirectoryOfSomebodyElseIsRefusedForRootToo() throws {
    let directory = try MemoryFolder().state()
    let mode = S_IFDIR | 0o700
    #expect(directory.fault(mode: mode, owner: 1000, user: 1000) == nil)
    #expect(
      directory.fault(mode: mode, owner: 1000, user: 0)
        == .foreignDirectory(path: directory.path, owner: 1000))
    #expect(
      directory.fault(mode: mode, owner: 0, user: 1000) == .foreignDirectory(path: directory.path, owner: 0))
  }

  @Test(arguments: [
    ("shop", "shop"), ("www.foobar.com", "www.foobar.com"), ("a_b-C9", "a_b-C9"), ("", "%"), (".", "%2E"),
    ("..", "%2E."), ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"), ("a b", "a%20b"), ("a%20b", "a%2520b"),
    ("été", "%C3%A9t%C3%A9"), ("a\0b\n", "a%00b%0A"), ("~", "%7E"),
  ])
  func aClusterHasAFileNameThatIsSafe(cluster: String, name: String) {
    #expect(StateDirectory.fileName(of: cluster) == name)
  }

  @Test func differentClustersHaveDifferentFiles() {
    let long = String(repeating: "x", count: 300)
    let clusters =
      [
        "a", "A", "a.b", "a/b", "a b", "a%2Fb", "%", "%25", "", ".", "..", "%2E", "a.intents",
        "a.intents.lock",
      ]
      + ["é", "e\u{301}"] + (0..<50).map { long + "\($0)" } + (0..<50).map { "\($0)" + long }
      + [String(repeating: "é", count: 100), String(repeating: "é", count: 101)]
    let names = clusters.map(StateDirectory.fileName)
    #expect(Set(names).count == clusters.count)
    for name in names {
      #expect(name.utf8.count <= 128)
      #expect(!name.contains("/") && !name.hasPrefix("."))
      #expect(name.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }
  }
}
