import Cluster
import TestSupport
import Testing

@testable import History

struct RetentionTests {
  @Test func whatIsOlderThanThePolicyGoesChunkByChunk() throws {
    let store = try Store()
    store.options.policy.keep = .seconds(100)
    try store.open()
    var most = 0
    for _ in 0..<800 {
      let before = try chunks(store)
      store.record(1)
      most = max(most, before - (try chunks(store)))
    }
    // No tick had to let go of more than one.
    #expect(most <= 1)
    let timeline = try store.timeline()
    let span = try #require(try timeline.span())
    #expect(span.last == 800)
    // Chunks of 16, and some that wait for their turn.
    #expect((600...700).contains(span.first))
    let frames = try timeline.frames(in: 1...1000)
    #expect(
      frames.map { FramePicture($0.frame) } == store.frames[Int(span.first - 1)...].map(FramePicture.init))
  }

  @Test func aFileThatIsLargeEnoughGrowsNoMore() throws {
    let store = try Store()
    store.options.policy.size = 600_000
    try store.open()
    store.record(2500)
    let database = try Database(path: store.path, mode: .reading)
    let pages = try database.number("PRAGMA page_count") ?? 0
    #expect(pages * (try database.number("PRAGMA page_size") ?? 0) < 1_500_000)
    let span = try #require(try store.timeline().span())
    #expect(span.first > 500)
    // The names that nobody uses any more went with it.
    let names = try database.number("SELECT count(*) FROM names") ?? 0
    #expect(names < 2500 / 25)
  }

  @Test func eventsStayForEver() throws {
    let store = try Store()
    store.options.policy.keep = .seconds(50)
    try store.open()
    let event = Event(at: store.maker.moment.wall, node: NodeName("a"), change: .appeared)
    store.record(1, events: [event])
    store.record(500)
    #expect(try store.timeline().span()?.first ?? 0 > 1)
    #expect(try store.timeline().events(in: always, limit: 9).map { try $0.event.get() } == [event])
  }

  private func chunks(_ store: Store) throws -> Int {
    Int(try Database(path: store.path, mode: .reading).number("SELECT count(*) FROM chunks") ?? 0)
  }
}
