import CFaultyDisk
import Cluster
import Foundation
import TestSupport
import Testing

@testable import History

/// The live view goes on whatever the disk does: a frame that is not recorded is a fact, recording resumes by
/// itself, and what is missing is a gap with its reason.
@Suite(.serialized) struct FaultTests {
  private func faultyStore() throws -> Store {
    faulty_disk_register()
    faulty_disk_set(Int32(FAULT_NONE), 0)
    let store = try Store()
    store.options.vfs = "faulty"
    store.options.isDurable = true
    return store
  }

  @Test(
    arguments: [
      (FAULT_FULL, Gap.Reason.full), (FAULT_WRITE, .disk), (FAULT_SYNC, .disk),
    ]) func aDiskThatFailsLeavesAGapAndRecordingResumes(fault: Int, reason: Gap.Reason) throws
  {
    for after in [0, 2, 7] {
      let store = try faultyStore()
      try store.open()
      store.record(40)
      faulty_disk_set(Int32(fault), Int32(after))
      for _ in 0..<30 { store.record(store.maker.frame()) }
      let trouble = try #require(store.recorder?.trouble, "after \(after)")
      #expect(trouble.failure.gapReason == reason)
      faulty_disk_set(Int32(FAULT_NONE), 0)
      let before = store.frames.count
      store.record(40)
      #expect(store.recorder?.trouble == nil)
      // It is tried again once a second, which is nearly each frame.
      #expect(store.frames.count >= before + 35)
      let found = try store.pictures()
      // What could not be brought to the disk for sure may have got there all the same.
      #expect(Set(found).isSuperset(of: store.frames.map(FramePicture.init)), "after \(after)")
      #expect(Set(found).isSubset(of: store.offered.map(FramePicture.init)), "after \(after)")
      #expect(try Set(store.timeline().gaps(in: always).map(\.reason)) == [reason])
    }
    faulty_disk_set(Int32(FAULT_NONE), 0)
  }

  @Test func eventsThatCameMeanwhileAreWrittenWhenThereIsRoom() throws {
    let store = try faultyStore()
    try store.open()
    store.record(5)
    faulty_disk_set(Int32(FAULT_FULL), 0)
    let event = Event(at: store.maker.moment.wall, node: NodeName("a"), change: .appeared)
    store.record(store.maker.frame(), events: [event])
    faulty_disk_set(Int32(FAULT_NONE), 0)
    store.record(5)
    let events = try store.timeline().events(in: always, limit: 10)
    #expect(events.map { try? $0.event.get() } == [event])
  }

  @Test func aDiskThatMayOnlyBeReadIsTriedAgain() throws {
    let store = try faultyStore()
    try store.open()
    store.record(5)
    store.close()
    faulty_disk_set(Int32(FAULT_READ_ONLY), 0)
    try store.open()
    store.record(store.maker.frame())
    #expect(store.recorder?.trouble?.failure == .readOnly(path: store.path))
    faulty_disk_set(Int32(FAULT_NONE), 0)
    store.record(5)
    #expect(store.recorder?.trouble == nil)
    #expect(try store.timeline().gaps(in: always).map(\.reason) == [.readOnly])
  }

  /// Where frames come faster than it is tried again, they must not put the next attempt off.
  @Test func recordingResumesHoweverFastFramesCome() throws {
    let store = try faultyStore()
    try store.open()
    store.record(5)
    faulty_disk_set(Int32(FAULT_FULL), 0)
    func frame() -> Frame {
      var frame = store.maker.frame()
      // A second is moved for each by the maker.
      store.maker.move(by: -800_000_000)
      frame.at = store.maker.moment
      frame.readings = []
      return frame
    }
    for _ in 0..<10 { store.record(frame()) }
    #expect(store.recorder?.trouble != nil)
    faulty_disk_set(Int32(FAULT_NONE), 0)
    for _ in 0..<10 { store.record(frame()) }
    #expect(store.recorder?.trouble == nil)
  }

  @Test func aStoreThatGrowsBeyondItsRoomSaysSo() throws {
    let store = try Store()
    try store.open()
    store.record(40)
    let database = try Database(path: store.path, mode: .recording)
    #expect(throws: StoreFailure.full(path: store.path)) {
      try database.run("PRAGMA max_page_count=1")
      try database.run("CREATE TABLE more(a)")
      try database.run("INSERT INTO more VALUES(zeroblob(10000000))")
    }
  }

  @Test(arguments: 1...24) func aDamagedStoreIsSetAsideOrReadAndNeverLost(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let store = try Store(seed: seed)
    try store.open()
    store.record(120)
    store.recorder?.close()
    store.close()
    try checkpoint(store.path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: store.path))
    if seed % 3 == 0 {
      bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
    } else {
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
    }
    try bytes.write(to: URL(fileURLWithPath: store.path))
    let recorder: Recorder
    do { recorder = try store.open() } catch {
      // Its own header says that it is of something else, of a later version, or of another cluster: left alone.
      switch error as? StoreFailure {
      case .foreign, .newer, .otherCluster: break
      default: Issue.record("\(error)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: store.path)) == bytes)
      return
    }
    let first = store.frames.count
    for _ in 0..<60 {
      // Damage may only be met later; then the frame that met it is the gap.
      store.record(store.maker.frame())
    }
    #expect(recorder.trouble == nil)
    #expect(store.frames.count >= first + 50)
    if let aside = recorder.setAside {
      #expect(FileManager.default.fileExists(atPath: aside))
      #expect(try store.timeline().gaps(in: always).map(\.reason).contains(.damaged) || first == 0)
    }
    // Whatever can be read of it is right, or a fault.
    let good = Set(store.frames.map(FramePicture.init))
    let timeline = try store.timeline()
    for sequence in 1...Int64(200) {
      guard let frames = try? timeline.frames(endingAt: sequence, count: 1) else { continue }
      for frame in frames { #expect(good.contains(FramePicture(frame.frame))) }
    }
  }

  @Test func aHeadThatIsNoDatabaseAnyMoreIsDamageAndSetAside() throws {
    let store = try Store()
    try store.open()
    store.record(20)
    store.recorder?.close()
    store.close()
    try checkpoint(store.path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: store.path))
    bytes[3] ^= 0x20
    try bytes.write(to: URL(fileURLWithPath: store.path))
    let recorder = try store.open()
    let aside = try #require(recorder.setAside)
    #expect(try Data(contentsOf: URL(fileURLWithPath: aside)) == bytes)
    store.record(3)
    #expect(recorder.trouble == nil)
  }

  @Test func whatIsAfterADamagedRowIsAGapAndTheRestStays() throws {
    let store = try Store()
    try store.open()
    store.record(12)
    store.close()
    let database = try Database(path: store.path, mode: .recording)
    try database.run("UPDATE ticks SET data=substr(data, 1, length(data)-1) WHERE sequence=8")
    try store.open()
    store.record(40)
    let found = try store.pictures()
    let expected = store.frames.map(FramePicture.init)
    #expect(found == Array(expected[..<7] + expected[12...]))
    #expect(try store.timeline().gaps(in: always).map(\.reason).contains(.damaged))
  }

  /// Puts everything into the one file.
  private func checkpoint(_ path: String) throws {
    let database = try Database(path: path, mode: .recording)
    try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }
}
