import Cluster
import TestSupport
import Testing

@testable import History

struct TimelineTests {
  @Test func framesAreFoundByTheirTime() throws {
    let store = try Store()
    try store.open()
    store.record(100)
    let timeline = try store.timeline()
    for place in [0, 1, 15, 16, 17, 50, 98, 99] {
      let wall = store.frames[place].at.wall
      for time in [wall, wall + 0.3] {
        let found = try timeline.frames(endingAt: time, count: 20)
        #expect(found.map { picture(of: $0.frame) } == store.frames[max(0, place - 19)...place].map(picture))
        #expect(found.last?.sequence == Int64(place + 1))
      }
    }
    #expect(try timeline.frames(endingAt: store.frames[0].at.wall + -1, count: 5).isEmpty)
    let span = store.frames[20].at.wall...store.frames[60].at.wall
    #expect(try timeline.frames(in: span, limit: 1000).map(\.sequence) == Array(21...61))
    #expect(try timeline.frames(in: span, limit: 5).map(\.sequence) == Array(21...25))
    let between = (store.frames[20].at.wall + 0.1)...(store.frames[21].at.wall + -0.1)
    #expect(try timeline.frames(in: between, limit: 5).isEmpty)
  }

  @Test func stepsGoThroughEveryFrameBothWays() throws {
    let store = try Store()
    try store.open()
    store.record(70)
    let timeline = try store.timeline()
    var place: FrameNumber = 0
    var seen: [String] = []
    while let next = try timeline.frame(after: place) {
      seen.append(picture(of: next.frame))
      place = next.sequence
    }
    #expect(seen == store.frames.map(picture))
    while let next = try timeline.frame(before: place) {
      #expect(picture(of: next.frame) == picture(of: store.frames[Int(next.sequence) - 1]))
      place = next.sequence
    }
    #expect(place == 1)
  }

  @Test func aReaderSeesWhatIsWrittenMeanwhile() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    let timeline = try store.timeline()
    var mark = Timeline.Mark.beginning
    for round in 1...60 {
      store.record(1)
      let event = Event(at: store.maker.moment.wall, node: nil, change: .appeared)
      store.recorder?.record([event])
      let news = try #require(try timeline.news(since: mark))
      let expected = round == 1 ? store.frames[...] : store.frames.suffix(1)
      #expect(news.frames.map { picture(of: $0.frame) } == expected.map(picture))
      #expect(try news.events.map { try $0.event.get() } == [event])
      mark = news.mark
      #expect(try timeline.news(since: mark) == nil)
    }
    #expect(try timeline.span()?.last == 63)
  }

  @Test func aFollowerThatWantsNoPastBeginsAtTheEnd() throws {
    let store = try Store()
    try store.open()
    store.record(20)
    let timeline = try store.timeline()
    let mark = try timeline.mark()
    store.record(2)
    #expect(try timeline.news(since: mark)?.frames.map(\.sequence) == [21, 22])
  }

  @Test func aStoreThatWasReplacedIsNoticed() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    let timeline = try store.timeline()
    #expect(!timeline.isReplaced)
    store.close()
    _ = try StoreFiles.setAside(store.path, at: store.maker.moment.wall)
    try store.open()
    #expect(timeline.isReplaced)
    #expect(try timeline.frames(in: 1...10).count == 3)
  }

  @Test func eventsAreFoundByTimeAndKind() throws {
    let store = try Store()
    try store.open()
    var events: [Event] = []
    for place in 0..<60 {
      let frame = store.maker.frame()
      let change: Event.Change =
        place % 10 == 0
        ? .health(from: .up, to: Verdict(.down))
        : place % 10 == 5 ? .health(from: .down, to: Verdict(.up)) : .appeared
      let event = Event(at: frame.at.wall, node: NodeName("a"), change: change)
      events.append(event)
      store.record(frame, events: [event])
    }
    let timeline = try store.timeline()
    let all = try timeline.events(in: always, limit: 100)
    #expect(try all.map { try $0.event.get() } == events)
    #expect(all.map(\.sequence) == Array(1...60))
    #expect(try timeline.events(in: always, limit: 3, newestFirst: true).map(\.id) == [60, 59, 58])
    #expect(try timeline.events(in: events[3].at...events[7].at, limit: 100).map(\.id) == Array(4...8))
    #expect(try timeline.events(in: always, kinds: [.down], limit: 2).map(\.id) == [1, 11])
    #expect(try timeline.event(after: events[0].at, of: EventKind.troubles)?.id == 11)
    #expect(try timeline.event(after: events[0].at, of: [.up, .down])?.id == 6)
    #expect(try timeline.event(before: events[50].at, of: EventKind.troubles)?.id == 41)
    #expect(try timeline.event(before: events[0].at, of: EventKind.troubles) == nil)
    #expect(try timeline.event(after: events[59].at, of: [.appeared]) == nil)
  }

  @Test func aTimeBarHasTheWorstOfEachPieceAndTheGaps() throws {
    let store = try Store()
    try store.open()
    store.record(100)
    store.record(1, health: .down)
    store.record(99)
    store.close()
    store.maker.move(by: 200_000_000_000)
    try store.open()
    store.record(200)
    let start = try #require(store.frames.first?.at.wall)
    let timeline = try store.timeline()
    let strip = try timeline.strip(of: start..<start + 600, buckets: 60)
    #expect(strip.count == 60)
    func piece(_ place: Int) -> Int {
      Int((store.frames[place].at.wall.nanoseconds - start.nanoseconds) / 10_000_000_000)
    }
    #expect(strip.indices.filter { strip[$0].worst == .down } == [piece(100)])
    #expect(strip[5].worst == .up)
    #expect(strip.indices.filter { strip[$0].hasGap } == Array(piece(199)...piece(200)))
    #expect(strip[30].worst == nil)
    #expect(strip.map(\.ticks).reduce(0, +) == Int64(store.frames.count { !$0.isBetweenTicks }))
    // A day of it: what is worst is seen from afar too.
    let day = try timeline.strip(of: start + -43_200..<start + 43_200, buckets: 100)
    #expect(day.contains { $0.worst == .down && $0.hasGap })
  }

  @Test func thereIsNothingInAnEmptyStore() throws {
    let store = try Store()
    try store.open()
    let timeline = try store.timeline()
    #expect(try timeline.span() == nil)
    #expect(try timeline.frames(endingAt: WallTime(nanoseconds: .max), count: 10).isEmpty)
    #expect(try timeline.frame(after: 0) == nil)
    #expect(
      try timeline.strip(of: WallTime(nanoseconds: 0)..<WallTime(nanoseconds: 1000), buckets: 3).count == 3)
    #expect(throws: StoreFailure.missing(path: "/nowhere/at.all")) { try Timeline(path: "/nowhere/at.all") }
  }
}
