import Cluster
import Foundation
import TestSupport
import Testing

@testable import History

/// A stretch that is saved as a file is the same elsewhere.
struct ExportTests {
  /// Everything that a model says, as a text.
  private func picture(_ model: ClusterModel) -> String {
    let snapshot = model.snapshot.withoutTotals(keepsTimes: false)
    return "\(snapshot.at) \(snapshot.health) \(snapshot.total) \(snapshot.nodes) \(snapshot.servers) "
      + "\(snapshot.sources) \(snapshot.topology.nodes.map { model.trail(of: $0.sources.first?.index ?? 0, .qps).slots.map { $0.bitPattern } })"
  }

  /// The cluster at a frame, counted from 1, from what was recorded before it; as it is told.
  private func expected(_ timeline: Timeline, from first: Int64, at sequence: Int) throws -> String {
    var model = ClusterModel(layout: Store.layout)
    for recorded in try timeline.frames(in: first...Int64(sequence)) {
      _ = model.advance(with: recorded.frame.shareable)
    }
    // The only one of the texts here that has anything in it that a terminal would obey.
    return picture(model).replacingOccurrences(of: "\\t", with: "\u{2409}")
  }

  private func expectSame(_ saved: SavedStretch, _ places: some Sequence<Int>) throws {
    let file = try ReplayFile(path: saved.file)
    let first = try #require(try file.timeline.frames(in: 1...1_000_000).first?.sequence)
    for place in places {
      // Anew each time: what was looked at before makes no difference.
      let replay = Replay(file.timeline) { _ in Store.layout }
      let moment = try #require(try replay.moment(at: Int64(place + 1)))
      #expect(moment.at == saved.frames[place].at)
      let filled = try replay.filled(moment)
      let isSame = try picture(filled.model) == expected(saved.timeline, from: first, at: place + 1)
      #expect(isSame, "frame \(place)")
    }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func everyMomentOfItIsWhatItWas(seed: UInt64) throws {
    let saved = try SavedStretch(frames: 120, seed: seed)
    let summary = try saved.save(saved.span(40, 100))
    #expect(summary.frames == 61 && summary.lost == 0)
    #expect(summary.span == saved.span(40, 100))
    let file = try ReplayFile(path: saved.file)
    #expect(file.header.cluster == "test" && file.header.madeBy == "0.0")
    #expect(file.header.span == saved.span(40, 100))
    let span = try #require(try file.timeline.span())
    #expect(span.first == 41 && span.last == 101)
    #expect(span.start == saved.frames[40].at.wall && span.end == saved.frames[100].at.wall)
    let found = try file.timeline.frames(in: 1...1000)
    expectSame(found, saved.frames[0...100])
    try expectSame(saved, stride(from: 40, through: 100, by: 5))
  }

  /// As it is told: without what is not to be told, and with nothing in it that a terminal would obey.
  private func told(_ frame: Frame) -> Frame {
    var copy = frame.shareable
    for place in copy.readings.indices {
      guard case .sample(.proxy(var proxy)) = copy.readings[place].outcome else { continue }
      let rows = proxy.stat.roster.rows.map { row in
        var clean = Roster.Row(proxy: printable(row.proxy), name: printable(row.name), kind: row.kind)
        clean.address = printable(row.address)
        clean.cookie = printable(row.cookie)
        clean.mode = printable(row.mode)
        return clean
      }
      proxy.stat = StatTable(
        roster: Roster(rows: rows), figures: proxy.stat.figures, notes: proxy.stat.notes.map { printable($0) }
      )
      let node = proxy.info?.node ?? ""
      proxy.info?.node = printable(node)
      let servers = proxy.servers?.rows.map { row in
        ServerStateTable.Row(
          backend: printable(row.backend), server: printable(row.server), operational: row.operational,
          admin: row.admin, weight: row.weight, configuredWeight: row.configuredWeight)
      }
      proxy.servers = servers.map { ServerStateTable(rows: $0) }
      copy.readings[place].outcome = .sample(.proxy(proxy))
    }
    return copy
  }

  private func expectSame(_ found: [RecordedFrame], _ frames: ArraySlice<Frame>) {
    #expect(found.count == frames.count)
    for (recorded, frame) in zip(found, frames) {
      let isSame = FramePicture(recorded.frame) == FramePicture(told(frame))
      #expect(isSame, "frame \(recorded.sequence)")
    }
  }

  @Test func aFileSaysFromWhenToWhenItIsAndNotWhatWasAskedFor() throws {
    let saved = try SavedStretch(frames: 30)
    try saved.save(TimeSpan(from: saved.frames[0].at.wall + -9000, to: saved.frames[29].at.wall + 9000))
    #expect(try ReplayFile.header(of: saved.file).span == saved.span(0, 29))
  }

  @Test func whatAModelHadToKnowIsInItTooButIsNotLookedAt() throws {
    let saved = try SavedStretch(frames: 800, events: false)
    try saved.save(saved.span(700, 710))
    let file = try ReplayFile(path: saved.file)
    #expect(try file.timeline.span()?.first == 701)
    #expect(try file.timeline.frames(in: 1...1000).map(\.sequence) == Array(102...711))
    #expect(try file.timeline.sequence(at: saved.frames[650].at.wall) == nil)
    #expect(try file.timeline.sequence(at: saved.frames[705].at.wall) == 706)
    try expectSame(saved, [700, 701, 710])
  }

  @Test func eventsGapsAndSumsAreInIt() throws {
    let saved = try SavedStretch(frames: 100)
    saved.store.close()
    saved.store.maker.move(by: 120_000_000_000)
    try saved.store.open()
    saved.store.record(150)
    let span = TimeSpan(from: saved.store.frames[40].at.wall, to: saved.store.frames[240].at.wall)
    let summary = try saved.save(span)
    #expect(summary.gaps == 1)
    let file = try ReplayFile(path: saved.file).timeline
    let range = span.start...span.end
    let events = try saved.timeline.events(in: range, limit: .max)
    #expect(events.count == summary.events && events.count > 10)
    #expect(try file.events(in: range, limit: .max) == events)
    #expect(
      try file.gaps(in: always).map { [$0.start, $0.end] }
        == saved.timeline.gaps(in: always).map { [$0.start, $0.end] })
    #expect(try file.gaps(in: always).map(\.reason) == [.notRunning])
    let buckets = try file.strip(of: span.start..<span.end, buckets: 40)
    let before = try saved.timeline.strip(of: span.start..<span.end, buckets: 40)
    #expect(buckets.map(\.hasGap) == before.map(\.hasGap))
    // Where in a chunk a tick stands is reckoned, and chunks are cut otherwise here.
    #expect(buckets.map(\.ticks).reduce(0, +) == before.map(\.ticks).reduce(0, +))
    for series in try saved.timeline.series() {
      let minutes = try saved.timeline.rollUps(of: series, in: range, by: .minute)
      #expect(try file.rollUps(of: series, in: range, by: .minute) == minutes)
      #expect(try !file.rollUps(of: series, in: always, by: .hour).isEmpty)
    }
    let service = try saved.timeline.service(since: span.start)
    #expect(try file.service(since: span.start) == service)
  }

  /// Two clocks make some minutes of an outage a little longer than a minute.
  @Test func minutesThatAreALittleLongAreNoReasonToRefuseAFile() throws {
    let saved = try SavedStretch(frames: 200)
    let database = try Database(path: saved.store.path, mode: .recording)
    let minute = ServiceMinute(
      at: Resolution.minute.start(of: Resolution.minute.index(of: saved.frames[100].at.wall)), requests: -1,
      errors: 0, down: .nanoseconds(60_000_000_683), degraded: .zero, unknown: .zero)
    try database.run("DELETE FROM service")
    try ServiceStore.add([(.cluster, minute)], to: database)
    try database.run("UPDATE states SET ticks=2000000, worst=9")
    try saved.save(saved.span(10, 190))
    let found = try ReplayFile(path: saved.file).timeline.service(since: saved.frames[0].at.wall)
    #expect(found[.cluster]?.map(\.down) == [.nanoseconds(60_000_000_683)])
    #expect(found[.cluster]?.map(\.requests) == [0])
  }

  @Test func anIncidentThatTheStretchBeginsInIsWhole() throws {
    let store = try Store()
    try store.open()
    store.record(700)
    let down = Event(
      at: store.maker.moment.wall, node: NodeName("a"), change: .health(from: .up, to: Verdict(.down)))
    store.record(1, events: [down])
    store.record(900)
    let file = store.scratch.file("saved.tiertop")
    let timeline = try store.timeline()
    let span = TimeSpan(from: store.frames[1500].at.wall, to: store.frames[1590].at.wall)
    let export = try StoreExport(
      of: span, in: timeline, to: file,
      StoreExport.Options(cluster: "test", madeBy: "", now: span.end, shareable: { $0 }))
    while try export.step() == nil {}
    let events = try ReplayFile(path: file).timeline.events(in: always, limit: .max)
    #expect(try events.map { try $0.event.get() } == [down])
  }

  @Test func aFileThatWasMadeOfAFileIsTheSameAgain() throws {
    let saved = try SavedStretch(frames: 120)
    try saved.save(saved.span(20, 100))
    let first = try ReplayFile(path: saved.file)
    let second = saved.store.scratch.file("again.tiertop")
    let export = try StoreExport(of: saved.span(40, 60), in: first.timeline, to: second, saved.options())
    while try export.step() == nil {}
    let frames = try ReplayFile(path: second).timeline.frames(in: 41...61)
    expectSame(frames, saved.frames[40...60])
  }

  @Test func itIsSavedWhileAnotherRecords() throws {
    let saved = try SavedStretch(frames: 100)
    let export = try StoreExport(of: saved.span(10, 90), in: saved.timeline, to: saved.file, saved.options())
    var summary: StoreExport.Summary?
    while summary == nil {
      // Chunks are sealed meanwhile.
      saved.store.record(20)
      summary = try export.step()
    }
    #expect(summary?.frames == 81 && summary?.lost == 0)
    try expectSame(saved, [10, 50, 90])
  }

  @Test func whatCannotBeReadIsAGapAndTheRestIsSaved() throws {
    let saved = try SavedStretch(frames: 100)
    let database = try Database(path: saved.store.path, mode: .recording)
    try database.run("UPDATE parts SET data=x'00' WHERE id/65536=33")
    let timeline = try saved.store.timeline()
    let export = try StoreExport(of: saved.span(0, 90), in: timeline, to: saved.file, saved.options())
    var summary: StoreExport.Summary?
    while summary == nil { summary = try export.step() }
    #expect(summary?.lost == 16 && summary?.frames == 75 && summary?.gaps == 1)
    let file = try ReplayFile(path: saved.file).timeline
    #expect(try file.gaps(in: always).map(\.reason) == [.damaged])
    #expect(try file.frames(in: 1...1000).count == 75)
  }

  // MARK: The file

  @Test func itIsForItsOwnerAloneAndNothingElseIsLeft() throws {
    let saved = try SavedStretch()
    let before = saved.names
    try saved.save(saved.span(10, 20))
    let mode = try FileManager.default.attributesOfItem(atPath: saved.file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(saved.names.subtracting(before) == ["saved.tiertop"])
  }

  @Test func whatIsThereIsReplacedOnlyWhenThatIsAskedFor() throws {
    let saved = try SavedStretch()
    try saved.store.scratch.write("precious", to: "saved.tiertop")
    #expect(throws: ExportFailure.exists(path: saved.file)) { try saved.save(saved.span(10, 20)) }
    #expect(try saved.store.scratch.text("saved.tiertop") == "precious\n")
    try saved.save(saved.span(10, 20), replacing: true)
    #expect(try ReplayFile(path: saved.file).header.first == 11)
    // A link, a folder, a device are no files.
    let link = saved.store.scratch.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: saved.file)
    for path in [link, saved.store.scratch.path, "/dev/null"] {
      #expect(throws: ExportFailure.notAFile(path: path)) {
        try saved.save(saved.span(10, 20), replacing: true, to: path)
      }
    }
  }

  @Test func whatComesMeanwhileIsNotReplacedEither() throws {
    let saved = try SavedStretch()
    let export = try StoreExport(of: saved.span(10, 20), in: saved.timeline, to: saved.file, saved.options())
    _ = try export.step()
    try saved.store.scratch.write("precious", to: "saved.tiertop")
    #expect(throws: ExportFailure.exists(path: saved.file)) { while try export.step() == nil {} }
    #expect(try saved.store.scratch.text("saved.tiertop") == "precious\n")
  }

  @Test func oneThatIsGivenUpLeavesNothing() throws {
    let saved = try SavedStretch()
    let before = saved.names
    var export: StoreExport? = try StoreExport(
      of: saved.span(10, 100), in: saved.timeline, to: saved.file, saved.options())
    for _ in 0..<4 { _ = try export?.step() }
    // However it ends.
    #expect(!saved.names.contains("saved.tiertop"))
    export = nil
    #expect(saved.names == before)
  }

  @Test func aStretchInWhichNothingWasRecordedMakesNoFile() throws {
    let saved = try SavedStretch()
    let before = saved.names
    let early = TimeSpan(.seconds(60), until: saved.frames[0].at.wall + -10)
    #expect(throws: ExportFailure.nothing) { try saved.save(early) }
    #expect(saved.names == before)
  }

  @Test func namesThatAreUsedAgainAfterLongStayAsLongAsTheirChunk() throws {
    let store = try Store()
    let recorder = try store.open()
    _ = recorder
    let database = try Database(path: store.path, mode: .recording)
    let names = StoredNames(database, Zstd())
    let number = try names.number(of: [0], chunk: 5)
    #expect(try names.number(of: [0], chunk: 900) == number)
    #expect(try database.number("SELECT last FROM names WHERE id=?", .number(number)) == 900)
  }
}
