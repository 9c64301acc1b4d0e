import Cluster
import Foundation
import TestSupport
import Testing

@testable import History

struct RecorderTests {
  @Test(arguments: [1, 15, 16, 17, 40, 200]) func whatWasRecordedIsReadAgain(count: Int) throws {
    let store = try Store()
    try store.open()
    store.record(count)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }

  @Test func aStoreThatIsOpenedAgainGoesOnAfterAGap() throws {
    let store = try Store()
    try store.open()
    store.record(50)
    store.close()
    store.maker.move(by: 3_600_000_000_000)
    try store.open()
    store.record(70)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
    let gap = try #require(try store.timeline().gaps(in: always).first)
    #expect(gap.reason == .notRunning)
    #expect(gap.start == store.frames[49].at.wall)
    #expect(gap.end == store.frames[50].at.wall)
    #expect(gap.sequence == 51)
  }

  @Test func anOldChunkIsSealedByTheNextRecorder() throws {
    let store = try Store()
    try store.open()
    store.record(10)
    store.close()
    try store.open()
    store.record(40)
    let database = try Database(path: store.path, mode: .reading)
    #expect(try database.number("SELECT count FROM chunks WHERE first=1") == 10)
    #expect(try database.number("SELECT min(sequence) FROM ticks") ?? 0 > 10)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }

  @Test func onlyOneRecordsAndOthersAreToldWho() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    #expect {
      try Recorder(path: store.path, cluster: "test", now: store.maker.moment.wall)
    } throws: { error in
      guard case StoreFailure.recordedByAnother(_, let identity?) = error else { return false }
      return identity.pid == Int64(ProcessInfo.processInfo.processIdentifier)
    }
    #expect(try store.timeline().recorder != nil)
    #expect(try store.pictures().count == 3)
    store.close()
    #expect(try store.timeline().recorder == nil)
    try store.open()
  }

  @Test func whatKindOfProgramRecordsIsToldAndWhetherOneDoesIsTheLocksToSay() throws {
    let store = try Store()
    #expect(!Recorder.isRecorded(store: store.path))
    store.options.program = .dashboard
    try store.open()
    #expect(Recorder.isRecorded(store: store.path))
    #expect(Recorder.recorder(ofStore: store.path)?.program == .dashboard)
    store.close()
    // The line is still there.
    #expect(!Recorder.isRecorded(store: store.path))
    #expect(Recorder.recorder(ofStore: store.path) == nil)
  }

  @Test func aWishForAStoreIsSeenAsLongAsItLivesAndThereIsOneAtATime() throws {
    let store = try Store()
    #expect(!StoreClaim.isMade(onStore: store.path))
    var claim: StoreClaim? = try StoreClaim(store: store.path)
    #expect(StoreClaim.isMade(onStore: store.path))
    #expect(throws: StoreFailure.recordedByAnother(path: store.path, nil)) {
      try StoreClaim(store: store.path)
    }
    withExtendedLifetime(claim) {}
    claim = nil
    #expect(!StoreClaim.isMade(onStore: store.path))
  }

  @Test func aWishIsLetGoOfThoughAChildStillHasItsFileOpen() throws {
    let store = try Store()
    var claim: StoreClaim? = try StoreClaim(store: store.path)
    withExtendedLifetime(claim) {}
    let child = try #require(duplicate(ofOpenFile: store.path + ".next"))
    defer { close(child) }
    claim = nil
    #expect(!StoreClaim.isMade(onStore: store.path))
  }

  @Test func whoTakesOverAtOnceGoesOnWithoutAGap() throws {
    let store = try Store()
    try store.open()
    store.record(20)
    store.close()
    store.options.takesOver = true
    try store.open()
    store.record(20)
    let timeline = try store.timeline()
    #expect(try timeline.gaps(in: always).isEmpty)
    let frames = try timeline.frames(in: 1...1000)
    #expect(frames.map { FramePicture($0.frame) } == store.frames.map(FramePicture.init))
    #expect(Set(frames.map(\.stretch)).count == 1)
  }

  @Test func whoTakesOverLateSaysThatNothingWasRecordedMeanwhile() throws {
    let store = try Store()
    try store.open()
    store.record(5)
    store.close()
    store.maker.move(by: 20_000_000_000)
    store.options.takesOver = true
    try store.open()
    store.record(5)
    #expect(try store.timeline().gaps(in: always).map(\.reason) == [.notRunning])
    #expect(Set(try store.timeline().frames(in: 1...1000).map(\.stretch)).count == 2)
  }

  @Test func aStoreInALinkedFolderIsAStoreAndALinkIsNone() throws {
    let store = try Store()
    let link = store.scratch.file("link")
    #expect(symlink(store.scratch.path, link) == 0)
    let recorder = try Recorder(path: link + "/test.db", cluster: "test", now: store.maker.moment.wall)
    store.recorder = recorder
    store.record(3)
    #expect(recorder.trouble == nil)
    #expect(try Timeline(path: link + "/test.db").frames(in: 1...10).count == 3)
    #expect(try store.pictures().count == 3)
    let file = store.scratch.file("other.db")
    #expect(symlink(store.path, file) == 0)
    #expect(throws: StoreFailure.self) { try Timeline(path: file) }
  }

  /// Else another program that looks into the store, and leaves, would take its log away.
  @Test func openingAStoreToRecordTakesNoLockFromAReaderOfTheSameProgram() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    store.close()
    let reader = try store.timeline()
    #expect(try reader.span()?.last == 3)
    let before = try lockCount(of: store.path)
    #expect(before > 0)
    try store.open()
    #expect(try lockCount(of: store.path) >= before)
    withExtendedLifetime(reader) {}
  }

  /// fcntl's locks on a file, of everybody.
  private func lockCount(of path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw TestFailure("stat") }
    let locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8)
    return locks.split(separator: "\n").count { $0.contains("POSIX") && $0.contains(":\(status.st_ino) ") }
  }

  @Test func aStoreOfANewerVersionIsRefusedAndNotTouched() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    store.close()
    let database = try Database(path: store.path, mode: .recording)
    try database.run("PRAGMA journal_mode=DELETE")
    try database.run("PRAGMA user_version=99")
    let before = try Data(contentsOf: URL(fileURLWithPath: store.path))
    #expect(throws: StoreFailure.newer(path: store.path, version: 99)) { try store.open() }
    #expect(throws: StoreFailure.newer(path: store.path, version: 99)) { try store.timeline() }
    #expect(try Data(contentsOf: URL(fileURLWithPath: store.path)) == before)
  }

  @Test func somebodyElsesDatabaseIsRefusedAndNotTouched() throws {
    let store = try Store()
    let other = try Database(path: store.path, mode: .recording)
    try other.run("CREATE TABLE theirs(a)")
    #expect(throws: StoreFailure.foreign(path: store.path)) { try store.open() }
    try store.scratch.write("a letter", to: "test.db")
    #expect(throws: StoreFailure.foreign(path: store.path)) { try store.open() }
    #expect(try store.scratch.text("test.db") == "a letter\n")
  }

  @Test func aStoreOfAnotherClusterIsRefused() throws {
    let store = try Store()
    try store.open()
    store.record(1)
    store.close()
    #expect(throws: StoreFailure.otherCluster(path: store.path, cluster: "test")) {
      try Recorder(path: store.path, cluster: "other", now: store.maker.moment.wall)
    }
  }

  @Test func nobodyElseMayReadTheFiles() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    for name in ["test.db", "test.db-wal", "test.db-shm", "test.db.lock"] {
      let mode = try FileManager.default.attributesOfItem(atPath: store.scratch.file(name))[.posixPermissions]
      #expect(mode as? Int == 0o600, "\(name)")
    }
  }

  @Test func aClockThatIsSetBackBeginsAStretchAndTheNewestIsFound() throws {
    let store = try Store()
    try store.open()
    store.record(100)
    let before = store.maker.moment
    // An hour back on the calendar, while the other clock goes on.
    store.maker.setWall(before.wall + -3600)
    store.record(20)
    let gap = try #require(try store.timeline().gaps(in: always).first)
    #expect(gap.reason == .clockBack)
    #expect(gap.end < gap.start)
    // Time goes on, through the hour that was there before: what is newer counts.
    store.maker.move(by: 3_550_000_000_000)
    store.record(100)
    let timeline = try store.timeline()
    let found = try #require(try timeline.frames(endingAt: before.wall, count: 1).first)
    #expect(found.sequence > 120)
    // What only the older stretch has is found there.
    let old = try #require(try timeline.frames(endingAt: store.frames[10].at.wall, count: 1).first)
    #expect(old.sequence == 11)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }

  @Test func aClockThatIsSetForwardIsAGapOfItsOwn() throws {
    let store = try Store()
    try store.open()
    store.record(20)
    store.maker.setWall(store.maker.moment.wall + 3600)
    store.record(20)
    #expect(try store.timeline().gaps(in: always).map(\.reason) == [.clockForward])
  }

  @Test func aSleepingMachineIsAGap() throws {
    let store = try Store()
    try store.open()
    store.record(20)
    store.maker.move(by: 600_000_000_000)
    store.record(20)
    let gaps = try store.timeline().gaps(in: always)
    #expect(gaps.map(\.reason) == [.suspended])
    #expect(gaps.map(\.sequence) == [21])
  }

  @Test func aLayoutIsKeptWithTheFramesThatBelongToIt() throws {
    let store = try Store()
    let recorder = try store.open()
    store.record(20)
    recorder.begin(layout: "cluster: test # changed", description: "re-read")
    store.record(20)
    // The same again is no other layout.
    recorder.begin(layout: "cluster: test # changed", description: "re-read once more")
    store.record(20)
    let timeline = try store.timeline()
    let frames = try timeline.frames(in: 1...100)
    #expect(frames.map(\.layout) == [Int64](repeating: 1, count: 20) + [Int64](repeating: 2, count: 40))
    #expect(try timeline.layout(2)?.text == "cluster: test # changed")
    #expect(try timeline.layout(1)?.description == "a test")
    #expect(try timeline.layout(3) == nil)
  }

  @Test func namesAreStoredOnce() throws {
    let store = try Store()
    try store.open()
    let frame = store.maker.frames(20)[19]
    for _ in 0..<100 {
      store.maker.move(by: 1_000_000_000)
      store.record(Frame(at: store.maker.moment, readings: frame.readings))
    }
    let database = try Database(path: store.path, mode: .reading)
    #expect(try database.number("SELECT count(*) FROM names") ?? 0 <= 4)
  }
}
