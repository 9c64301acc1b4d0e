import Cluster
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Agent

struct RouterTransportTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func reading() throws -> Reading {
    try firstReadings(of: [
      Source(node: NodeName("lb1"), system: .keepalived, endpoint: .directory(path: scratch.path))
    ])[0]
  }

  private static let dump = """
    [{"data":{"iname":"VI_1","state":2,"last_transition":1795252013.5,"effective_priority":110,\
    "vips":["10.77.1.100\\/24 dev eth0 scope global set"]},"stats":{"become_master":1}}]
    """

  @Test func noticesAreReadFromTheEndOfTheirFile() throws {
    try scratch.write(
      String(repeating: "INSTANCE \"VI_1\" BACKUP 110\n", count: 10_000) + "INSTANCE \"VI_1\" MASTER 110",
      to: "notify")
    let router = try #require(try reading().router)
    #expect(router.instances.map(\.state) == [.master])
    #expect(router.instances[0].since != nil)
  }

  @Test func aDumpAloneIsEnough() throws {
    try scratch.write(Self.dump, to: "keepalived.json")
    #expect(try reading().router?.instances.map(\.addresses) == [["10.77.1.100"]])
  }

  @Test func aDumpThatIsStillBeingWrittenIsNoFailureWhereThereAreNotices() throws {
    try scratch.write(String(Self.dump.prefix(40)), to: "keepalived.json")
    guard case .truncated? = try reading().failure else {
      Issue.record("it is only a part of one")
      return
    }
    try scratch.write("INSTANCE \"VI_1\" FAULT 110", to: "notify")
    #expect(try reading().router?.instances.map(\.state) == [.fault])
  }

  @Test func whatIsNotThereIsNotWritten() throws {
    #expect(try reading().failure == .notWritten(path: scratch.file("notify")))
  }

  @Test func aPipeInThePlaceOfTheFileHoldsNobodyUp() throws {
    #expect(mkfifo(scratch.file("notify"), 0o600) == 0)
    #expect(try reading().failure == .system(errno: EINVAL, doing: "open \(scratch.file("notify"))"))
  }
}
