import Cluster
import Testing

@testable import History

/// Frames are large as long as somebody holds them: whoever reads a record holds a bounded number of figures.
@Suite struct FrameBoundTests {
  /// A store with so many frames of so many servers, all in an open chunk.
  private func store(_ count: Int, servers: Int) throws -> (store: Store, numbers: Int) {
    let store = try Store()
    store.options.chunkFrames = 256
    try store.open()
    var crowd = Crowd(servers: servers)
    for _ in 0..<count { store.record(crowd.frame()) }
    store.close()
    return (store, try #require(store.frames.last).numbers)
  }

  /// The frames of each step through the past minutes.
  private func steps(_ store: Store) throws -> [Int] {
    let now = try #require(store.frames.last).at.wall + 1
    let minutes = try #require(PastMinutes(of: store.path, before: now) { _ in Store.layout })
    var steps: [Int] = []
    var next = minutes.next
    while minutes.step() {
      steps.append(Int(min(minutes.next, Int64(store.frames.count) + 1) - next))
      next = minutes.next
      // What was folded is not kept for who steps back.
      #expect(minutes.timeline.loader.keptNumbers == 0)
    }
    #expect(minutes.model?.snapshot.at == store.frames.last?.at)
    return steps
  }

  @Test func thePastMinutesAreFoldedAsManyFramesAtATimeAsHaveABoundedNumberOfFigures() throws {
    let (few, _) = try store(100, servers: 2)
    #expect(try steps(few) == [32, 32, 32, 4])
    let (many, numbers) = try store(20, servers: 300)
    let most = PastMinutes.bounds.numbers / numbers
    #expect((2..<10).contains(most), "\(numbers)")
    let taken = try steps(many)
    #expect(taken.allSatisfy { $0 <= most }, "\(taken)")
    #expect(taken.reduce(0, +) == 20)
  }

  @Test func framesThatAreLargerThanTheBoundAreReadOneByOne() throws {
    let (store, numbers) = try store(6, servers: 3000)
    #expect(numbers > PastMinutes.bounds.numbers)
    #expect(try steps(store) == [1, 1, 1, 1, 1, 1])
  }

  @Test(arguments: [2, 300, 3000]) func trailsAreReadWithinBoundsFromTheFirstStepOn(servers: Int) throws {
    let (store, numbers) = try store(30, servers: servers)
    let replay = Replay(try store.timeline()) { _ in Store.layout }
    _ = try replay.moment(at: 30)
    let reading = try #require(try replay.trails(until: 30))
    let most = TrailReading.bounds.count(of: numbers)
    var steps: [Int] = []
    var next = reading.next
    while try reading.step() {
      steps.append(Int(reading.next - next))
      next = reading.next
    }
    #expect(steps.allSatisfy { $0 <= most }, "\(steps)")
    #expect(reading.moment?.sequence == 30)
  }

  @Test func whoBeginsBesideARecordReadsTheLastFramesWithinBoundsButTwo() throws {
    let (store, numbers) = try store(30, servers: 50)
    let timeline = try store.timeline()
    func read(_ bounds: FrameBounds) throws -> [FrameNumber] {
      try timeline.frames(endingAt: 30, within: bounds).map(\.sequence)
    }
    #expect(try read(FrameBounds(frames: 600, numbers: .max)) == Array(1...30))
    #expect(try read(FrameBounds(frames: 7, numbers: .max)) == Array(24...30))
    #expect(try read(FrameBounds(frames: 600, numbers: numbers * 5)) == Array(26...30))
    #expect(try read(FrameBounds(frames: 600, numbers: numbers * 5 - 1)) == Array(27...30))
    #expect(try read(FrameBounds(frames: 600, numbers: 1)) == [29, 30])
  }

  @Test func framesThatDifferALittleAreNearlyAllRead() throws {
    let store = try Store()
    store.options.chunkFrames = 256
    try store.open()
    var crowds = [Crowd(servers: 50), Crowd(servers: 51)]
    for place in 0..<60 { store.record(crowds[place == 59 ? 0 : 1].frame(at: place + 1)) }
    store.close()
    let numbers = try #require(store.frames.last).numbers
    let read = try store.timeline().frames(
      endingAt: 60, within: FrameBounds(frames: 600, numbers: numbers * 40))
    #expect((36..<40).contains(read.count) && read.last?.sequence == 60, "\(read.count)")
  }

  /// The first frame after a start, and one in which nobody answers, are small.
  @Test func aSmallFrameAmongLargeOnesIsNotTakenForTheSizeOfAll() throws {
    let store = try Store()
    store.options.chunkFrames = 256
    try store.open()
    var crowd = Crowd(servers: 300)
    for place in 0..<40 {
      var frame = crowd.frame()
      if place % 20 == 0 || place == 39 { frame.readings = [] }
      store.record(frame)
    }
    store.close()
    let numbers = store.frames[1].numbers
    let timeline = try store.timeline()
    let bounds = FrameBounds(frames: 64, numbers: numbers * 3)
    var (steps, next): ([Int], FrameNumber) = ([], 1)
    while next <= 40 {
      let read = try timeline.frames(from: next, through: 40, within: bounds)
      steps.append(read.frames.count)
      #expect(read.frames.reduce(0) { $0 + $1.frame.numbers } <= numbers * 3)
      next = read.next
    }
    #expect(steps.reduce(0, +) == 40)
    // And backwards from one.
    let last = try timeline.frames(endingAt: 40, within: bounds)
    #expect((2...4).contains(last.count) && last.last?.sequence == 40, "\(last.map(\.sequence))")
  }

  @Test(arguments: [2, 300, 3000]) func aChunkThatIsPackedAnewIsReadWithinBounds(servers: Int) throws {
    let (store, numbers) = try store(40, servers: servers)
    let timeline = try store.timeline()
    let unit = ExportUnit(1...40, timeline)
    var steps = 1
    while try unit.step() {
      steps += 1
      #expect(timeline.loader.keptNumbers == 0)
    }
    // The first step looks whether there is a chunk of just these.
    #expect(steps - 1 >= min(40, 40 * numbers / 160_000))
    #expect(unit.chunks.reduce(0) { $0 + $1.count } == 40)
    #expect(unit.chunks.map(\.first).first == 1)
    for chunk in unit.chunks { #expect(try chunk.unpacked(timeline.zstd).count == chunk.count) }
  }

  @Test func sealedChunksAreHeldWithinBounds() throws {
    let store = try Store()
    store.options.chunkFrames = 4
    try store.open()
    var crowd = Crowd(servers: 100)
    for _ in 0..<60 { store.record(crowd.frame()) }
    store.close()
    let timeline = try store.timeline()
    let sealed = timeline.loader.sealed
    let chunks = try #require(try timeline.database.number("SELECT count(*) FROM chunks"))
    #expect(chunks > 8)
    let each = try #require(try sealed.chunk(of: 1)).chunk.numbers
    #expect(each > 100 * StatFigure.count && each < 4 * 100 * StatFigure.count)
    for (most, held) in [(each * 100, 4), (each * 5 / 2, 2), (each / 2, 1)] {
      sealed.mostHeldNumbers = most
      for place in 0..<chunks { _ = try sealed.chunk(of: place * 4 + 1) }
      // What was asked for last is held however large it is.
      #expect((each * held - each / 2..<each * held + each / 2).contains(sealed.heldNumbers), "\(held)")
    }
  }

  @Test(arguments: [1, 2, 3, 50]) func aCursorComesByEachFrameOnceHoweverManyItHolds(frames: Int) throws {
    let (store, numbers) = try store(20, servers: 5)
    var cursor = FrameCursor(
      try store.timeline(), from: 3, through: 18, within: FrameBounds(frames: 50, numbers: frames * numbers))
    var places: [FrameNumber] = []
    while let frame = try cursor.next() {
      places.append(frame.sequence)
      // What was looked at, and given back, comes again.
      if places.count == 2 { cursor.putBack([frame]) }
    }
    #expect(places == [3, 4] + Array(4...18))
  }

  @Test func modelsAreKeptWithinBoundsOfTheirFigures() throws {
    let (store, numbers) = try store(60, servers: 5)
    for (most, kept) in [(2 * numbers * 100, 4...16), (2 * numbers * 3, 3...3), (1, 2...2)] {
      let replay = Replay(try store.timeline()) { _ in Store.layout }
      replay.mostNumbers = most
      for place: FrameNumber in [60, 40, 41, 20] {
        #expect(try replay.moment(at: place)?.sequence == place)
        #expect(replay.keptNumbers <= kept.upperBound * 2 * numbers)
      }
      #expect(replay.keptNumbers >= kept.lowerBound * 2 * numbers)
    }
  }

  @Test func whoStepsThroughARecordKeepsABoundedNumberOfFigures() throws {
    let (store, numbers) = try store(12, servers: 3000)
    let most = OpenRows.mostKeptNumbers
    #expect(numbers * 12 > most)
    let timeline = try store.timeline()
    var place: FrameNumber = 0
    while let next = try timeline.frame(after: place) {
      place = next.sequence
      #expect(timeline.loader.keptNumbers <= most)
    }
    #expect(place == 12)
  }
}
