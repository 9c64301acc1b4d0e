import Cluster
import Testing

@testable import History

/// A chunk is sealed a little each tick, and whoever looks meanwhile sees each frame once.
@Suite struct SealingTests {
  private func count(_ sql: StaticString, _ store: Store) throws -> Int64 {
    try Database(path: store.path, mode: .reading).number(sql) ?? 0
  }

  @Test func eachFrameIsThereOnceWhileItsRowsAreRemoved() throws {
    let store = try Store()
    store.options.chunkFrames = 40
    try store.open()
    var hasOverlapped = false
    for _ in 0..<200 {
      store.record(1)
      let rows = try count("SELECT count(*) FROM ticks WHERE chunk IN (SELECT first FROM chunks)", store)
      guard rows > 0 else { continue }
      hasOverlapped = true
      let timeline = try store.timeline()
      #expect(try timeline.frames(in: 1...1000).map(\.sequence) == Array(1...Int64(store.frames.count)))
      let span = try #require(try timeline.span())
      let strip = try timeline.strip(of: span.start..<(span.end + 1), buckets: 4)
      #expect(strip.reduce(0) { $0 + $1.ticks } == Int64(store.frames.count { !$0.isBetweenTicks }))
      for frame in store.frames.indices.suffix(60) {
        #expect(try timeline.sequence(at: store.frames[frame].at.wall) == Int64(frame + 1))
      }
    }
    #expect(hasOverlapped)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }

  @Test func whoComesAfterACrashRemovesTheRowsThatAreLeft() throws {
    let store = try Store()
    store.options.chunkFrames = 64
    try store.open()
    while try count("SELECT count(*) FROM ticks WHERE chunk IN (SELECT first FROM chunks)", store) == 0 {
      store.record(1)
    }
    store.close()
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
    try store.open()
    store.record(63)
    #expect(try count("SELECT count(*) FROM ticks WHERE chunk IN (SELECT first FROM chunks)", store) == 0)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
    #expect(store.recorder?.setAside == nil)
  }

  /// Everything is whole in the first row of a chunk: with as many servers that alone is more than a chunk else is.
  @Test func aChunkOfTenThousandServersHasManyFrames() throws {
    let store = try Store()
    try store.open()
    var crowd = Crowd(servers: 10_000)
    for _ in 0..<5 { store.record(crowd.frame()) }
    #expect(try count("SELECT length(data) FROM ticks WHERE sequence=1", store) > 1 << 20)
    #expect(try count("SELECT count(DISTINCT chunk) FROM ticks", store) == 1)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }

  @Test func sealingKeepsPaceWithLargeRows() throws {
    let store = try Store()
    store.options.chunkFrames = 256
    store.options.chunkBytes = 2048
    try store.open()
    var crowd = Crowd(servers: 400)
    var most: Int64 = 0
    for _ in 0..<300 {
      store.record(crowd.frame())
      most = max(most, try count("SELECT count(DISTINCT chunk) FROM ticks", store))
    }
    let sealed = try count("SELECT count(*) FROM chunks", store)
    #expect(sealed > 3 && sealed < 75, "\(sealed)")
    #expect(most <= 4, "\(most)")
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }

  /// Work is counted in bytes, and so a slow machine is as good as a fast one to see this.
  @Test func eachTickSealsAsMuchAsAnyOther() throws {
    let store = try Store()
    store.options.chunkFrames = 64
    try store.open()
    var crowd = Crowd(servers: 400)
    let frames = 30
    for _ in 0..<frames { store.record(crowd.frame()) }
    let largest = Int(try count("SELECT max(length(data)) FROM ticks", store))
    store.close()
    let database = try Database(path: store.path, mode: .recording)
    let zstd = Zstd()
    var sealer = try Sealer(chunk: 1, in: database)
    let pace = sealer.pace
    var (work, ticks, isDone) = (0, 0, false)
    while !isDone, ticks < 1000 {
      work += pace
      ticks += 1
      isDone = try database.transaction { () throws(StoreFailure) in try sealer.step(&work, database, zstd) }
      // What was too much in one tick is less in the next.
      #expect(work > -max(largest, 1 << 16), "\(work) in tick \(ticks)")
    }
    // Before as many rows have come again, and not long before.
    #expect((frames / 3...frames).contains(ticks), "\(ticks)")
    #expect(try count("SELECT count(*) FROM ticks", store) == 0)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }
}
