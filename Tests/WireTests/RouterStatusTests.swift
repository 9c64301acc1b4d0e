import Cluster
import Testing
import Wire

@Suite struct RouterStatusTests {
  private static func at(_ seconds: Double) -> WallTime {
    WallTime(nanoseconds: Int64((seconds * 1e6).rounded()) * 1000)
  }

  private static func notices(_ text: String, isCut: Bool = false) -> RouterStatus {
    RouterStatus(notices: Array(text.utf8).span, isCut: isCut, changed: at(1_795_252_100))
  }

  private static func dump(_ name: String) throws -> RouterStatus {
    let bytes = try Fixture.bytes("keepalived/2.2.7/json_\(name).txt")
    return try RouterStatus(parsingDump: bytes.span)
  }

  @Test func theNewestNoticeOfEachInstanceCounts() {
    let status = Self.notices(
      """
      GROUP "G" BACKUP 0
      INSTANCE "VI_1" BACKUP 110
      INSTANCE "VI 2" MASTER 100
      INSTANCE "VI_1" MASTER 110

      """)
    #expect(
      status.instances == [
        .init(name: "VI_1", state: .master, since: Self.at(1_795_252_100), priority: 110),
        // When that was is not known: only of the last line it is.
        .init(name: "VI 2", state: .master, since: nil, priority: 100),
      ])
  }

  @Test func aLineThatIsNotWholeIsNotRead() {
    let text = "STANCE \"VI_1\" MASTER 110\nINSTANCE \"VI_1\" BACKUP 110\nINSTANCE \"VI_1\" MAST"
    #expect(Self.notices(text, isCut: true).instances.map(\.state) == [.backup])
    #expect(
      Self.notices("INSTANCE \"VI_1\" FAULT 110\nINSTANCE \"VI_1\" MASTER", isCut: true).instances.isEmpty)
  }

  @Test func aScriptMayWriteTheTimeBeforeTheWords() {
    let status = Self.notices(
      """
      1795252009.896502491 INSTANCE VI_1 BACKUP 110
      1795252013.475256616 INSTANCE VI_1 MASTER 110
      1795252014 INSTANCE VI_2 BACKUP 100

      """)
    #expect(
      status.instances.map(\.since) == [
        WallTime(nanoseconds: 1_795_252_013_475_256_616), WallTime(nanoseconds: 1_795_252_014_000_000_000),
      ])
  }

  @Test func aTimeThatNoClockShowsIsNoTime() {
    for seconds in ["9999999999", "9223372037", "9527140715.2795271"] {
      #expect(Self.notices("\(seconds) INSTANCE \"VI_1\" MASTER 110\n").instances.isEmpty)
    }
  }

  @Test func aChangeOfPriorityIsNoChangeOfState() {
    let status = Self.notices(
      "1795252013 INSTANCE \"VI_1\" MASTER 110\n1795252020 INSTANCE \"VI_1\" MASTER_PRIORITY 90\n")
    #expect(
      status.instances == [.init(name: "VI_1", state: .master, since: Self.at(1_795_252_013), priority: 90)])
  }

  @Test func anInstanceThatIsDeletedIsGoneAndOneThatStoppedIsNot() {
    #expect(Self.notices("INSTANCE \"VI_1\" MASTER 110\nINSTANCE \"VI_1\" DELETED 110\n").instances.isEmpty)
    #expect(Self.notices("INSTANCE \"VI_1\" STOP 110\n").instances.map(\.state) == [.stopped])
  }

  @Test func theRecordedDumpsAreRead() throws {
    #expect(
      try Self.dump("lb1_master").instances == [
        .init(
          name: "VI_1", state: .master, since: Self.at(1_795_252_013.461043), priority: 110, becameMaster: 1,
          addresses: ["10.77.1.100"])
      ])
    #expect(try Self.dump("lb1_fault").instances.map(\.state) == [.fault])
    #expect(try Self.dump("active_active_lb2").instances.map(\.state) == [.backup, .master])
    #expect(
      try Self.dump("active_active_lb2").instances.map(\.addresses) == [["10.77.1.100"], ["10.77.1.101"]])
  }

  @Test func aDumpCutAnywhereIsTruncated() throws {
    let bytes = try Fixture.bytes("keepalived/2.2.7/json_lb1_master.txt")
    let text = bytes.prefix { $0 != UInt8(ascii: "\n") }
    for cut in text.indices {
      #expect(throws: ReplyFault.truncated(line: 1), "\(cut)") {
        try RouterStatus(parsingDump: Array(text[..<cut]).span)
      }
    }
    #expect(throws: ReplyFault.notOf(.keepalived, beginning: "{}")) {
      try RouterStatus(parsingDump: Array("{}".utf8).span)
    }
  }

  @Test func whatWasWrittenLastIsTrueAndTheOtherTellsTheRest() throws {
    let dump = try Self.dump("lb1_master")
    let fault = Self.notices("INSTANCE \"VI_1\" FAULT 110\n")
    let newer = RouterStatus(notices: (fault, Self.at(1_795_252_100)), dump: (dump, Self.at(1_795_252_050)))
    #expect(
      newer.instances == [
        .init(
          name: "VI_1", state: .fault, since: Self.at(1_795_252_100), priority: 110,
          addresses: ["10.77.1.100"])
      ])
    let older = RouterStatus(notices: (fault, Self.at(1_795_252_100)), dump: (dump, Self.at(1_795_252_150)))
    #expect(older == dump)
  }

  @Test func anInstanceThatNeverChangedIsInTheDumpOnly() throws {
    let dump = try Self.dump("active_active_lb1")
    let notices = Self.notices("INSTANCE \"VI_2\" MASTER 100\n")
    let both = RouterStatus(notices: (notices, Self.at(2e9)), dump: (dump, Self.at(1.9e9)))
    #expect(both.instances.map(\.name) == ["VI_2", "VI_1"])
    #expect(both.instances.map(\.state) == [.master, .master])
    #expect(both.instances.map(\.addresses) == [["10.77.1.101"], ["10.77.1.100"]])
  }
}
