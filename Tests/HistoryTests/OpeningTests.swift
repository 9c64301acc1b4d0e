import Cluster
import Glibc
import TestSupport
import Testing

@testable import History

/// What is met when a store is opened, and what is damaged within one that can be opened.
struct OpeningTests {
  @Test func aStoreThatIsJustBeingMadeIsNoRecordYet() throws {
    let store = try Store()
    try StoreFiles.create(store.path)
    #expect(throws: StoreFailure.missing(path: store.path)) { try store.timeline() }
    // Its pages are said how large they are, and nothing more.
    let database = try Database(path: store.path, mode: .recording)
    try database.run("PRAGMA journal_mode=WAL")
    #expect(throws: StoreFailure.missing(path: store.path)) { try store.timeline() }
    try store.open()
    #expect(try store.timeline().span() == nil)
  }

  @Test func aStoreIsLetGoOfThoughAChildStillHasItsLockOpen() throws {
    let store = try Store()
    try store.open()
    let child = try #require(duplicate(ofOpenFile: store.path + ".lock"))
    defer { close(child) }
    #expect(Recorder.isRecorded(store: store.path))
    store.close()
    #expect(!Recorder.isRecorded(store: store.path))
    try store.open()
  }

  @Test func aDatabaseOfSomethingElseIsForeign() throws {
    let store = try Store()
    let database = try Database(path: store.path, mode: .recording)
    try database.run("CREATE TABLE songs(name TEXT)")
    #expect(throws: StoreFailure.foreign(path: store.path)) { try store.timeline() }
  }

  @Test func aStoreThatIsHeldWhenItIsOpenedWasNotRecordedByAnybody() throws {
    let store = try Store()
    try store.open()
    store.record(5)
    store.close()
    let other = try Database(path: store.path, mode: .recording)
    try other.run("BEGIN EXCLUSIVE")
    try store.open()
    store.record(store.maker.frame())
    #expect(store.recorder?.trouble?.failure == .busy(path: store.path))
    try other.run("COMMIT")
    store.record(5)
    #expect(store.recorder?.trouble == nil)
    #expect(try store.timeline().gaps(in: always).map(\.reason) == [.notRunning])
  }

  @Test func aStoreThatIsHeldWhileItIsRecordedHasAGapThatSaysSo() throws {
    let store = try Store()
    try store.open()
    store.record(5)
    let other = try Database(path: store.path, mode: .recording)
    try other.run("BEGIN IMMEDIATE")
    store.record(store.maker.frame())
    #expect(store.recorder?.trouble?.failure == .busy(path: store.path))
    try other.run("COMMIT")
    store.record(5)
    #expect(store.recorder?.trouble == nil)
    #expect(try store.timeline().gaps(in: always).map(\.reason) == [.busy])
  }

  @Test(arguments: [
    (ENOSPC, StoreFailure.full(path: "s")), (EDQUOT, .full(path: "s")), (EROFS, .readOnly(path: "s")),
  ]) func aFileThatCannotBeMadeOnADiskThatIsFullOrReadOnlyIsWaitedFor(errno: Int32, failure: StoreFailure) {
    #expect(StoreFailure.ofFile(errno, doing: "open", "s.lock", store: "s") == failure)
  }

  /// Damages a part of the third chunk.
  private func damagedStore() throws -> Store {
    let store = try Store()
    try store.open()
    store.record(16 * 8)
    store.close()
    let database = try Database(path: store.path, mode: .recording)
    try database.run(
      "UPDATE parts SET data=substr(data, 1, length(data)-2) || x'0000' WHERE id>>16 = 33 AND id&65535 = 0")
    return store
  }

  @Test func aDamagedChunkIsAGapAndWhatIsAroundItIsRead() throws {
    let store = try damagedStore()
    let timeline = try store.timeline()
    let expected = store.frames.map(FramePicture.init)
    let found = try timeline.frames(in: 1...1000).map { FramePicture($0.frame) }
    #expect(found == Array(expected[..<32] + expected[48...]))
    let gap = try #require(try timeline.gaps(in: always).first { $0.reason == .damaged })
    #expect(gap.sequence == 49)
    #expect(gap.start == store.frames[32].at.wall)
    #expect(gap.end == store.frames[47].at.wall)
    #expect(try timeline.frame(after: 32)?.sequence == 49)
    #expect(try timeline.frame(before: 49)?.sequence == 32)
    #expect(try timeline.readable(from: 40, isForward: true) == 49)
    #expect(try timeline.readable(from: 40, isForward: false) == 32)
    #expect(try timeline.readable(from: 50, isForward: true) == 50)
    #expect(try timeline.sequence(at: store.frames[40].at.wall) == 32)
    #expect(try timeline.span()?.last == 128)
  }

  @Test func damageAtTheVeryBeginningDoesNotHideTheRest() throws {
    let store = try damagedStore()
    let database = try Database(path: store.path, mode: .recording)
    try database.run("UPDATE chunks SET head=x'00' WHERE first=1")
    let timeline = try store.timeline()
    #expect(try timeline.span()?.last == 128)
    #expect(try timeline.frames(endingAt: 20, count: 20).map(\.sequence) == [17, 18, 19, 20])
  }

  @Test func theRecorderFindsDamageByItselfAndSaysItOnce() throws {
    let store = try damagedStore()
    for _ in 0..<2 {
      try store.open()
      store.record(200)
      store.close()
    }
    let database = try Database(path: store.path, mode: .reading)
    #expect(try database.number("SELECT count(*) FROM gaps WHERE reason=5") == 1)
    #expect(try database.number("SELECT sequence FROM gaps WHERE reason=5") == 49)
  }

  @Test func anotherPolicyIsKeptToFromTheNextFrameOn() throws {
    let store = try Store()
    let recorder = try store.open()
    store.record(100)
    #expect(try store.timeline().span()?.first == 1)
    recorder.keep(by: HistoryPolicy(keep: .seconds(40), minutes: .days(1), hours: .days(1), size: 1 << 30))
    store.record(100)
    #expect(try #require(try store.timeline().span()).first > 100)
  }
}
