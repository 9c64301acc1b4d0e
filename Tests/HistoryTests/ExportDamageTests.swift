import Cluster
import Foundation
import TestSupport
import Testing

@testable import History

/// A file comes from anywhere: what is wrong with it is said, and nothing else happens.
struct ExportDamageTests {
  /// As small as it can be.
  private func small() throws -> (SavedStretch, [UInt8]) {
    let saved = try SavedStretch(frames: 6)
    try saved.save(saved.span(0, 5))
    return (saved, try saved.bytes)
  }

  @Test func aFileThatIsCutAnywhereSaysSo() throws {
    let (saved, bytes) = try small()
    #expect(saved.failure(bytes) == nil)
    // Each place near where something begins or ends, and every seventh between.
    for count in bytes.indices where count < 200 || count % 7 == 0 || count > bytes.count - 40 {
      guard case .cut(_, let chunks, let all) = saved.failure(Array(bytes[..<count])) else {
        Issue.record("cut at \(count): \(String(describing: saved.failure(Array(bytes[..<count]))))")
        continue
      }
      #expect(all.map { chunks <= $0 } ?? (chunks == 0))
    }
  }

  @Test func itIsSaidHowMuchIsThere() throws {
    let saved = try SavedStretch(frames: 100)
    try saved.save(saved.span(0, 99))
    let bytes = try saved.bytes
    var places: [Int] = []
    var at = ExportFormat.preamble
    while at < bytes.count {
      let count = (0..<4).reduce(0) { $0 | Int(bytes[at + 1 + $1]) << ($1 * 8) }
      if bytes[at] == ExportFormat.Kind.frames.rawValue { places.append(at) }
      at += count + 9
    }
    for (chunks, place) in places.enumerated() {
      let path = saved.store.scratch.file("changed.tiertop")
      #expect(
        saved.failure(Array(bytes[..<(place + 20)])) == .cut(path: path, chunks: chunks, of: places.count))
    }
  }

  @Test func everyBitThatIsNotWhatItWasIsNoticed() throws {
    let (saved, bytes) = try small()
    var random = SeededRandom(seed: 7)
    for place in bytes.indices where place < 60 || place % 5 == 0 || place > bytes.count - 60 {
      var changed = bytes
      changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      #expect(saved.failure(changed) != nil, "byte \(place)")
    }
    #expect(saved.failure(bytes + [0]) != nil)
    #expect(saved.failure([]) != nil)
    // Blocks that are whole, in another order, before the end that was written.
    var file = BlockFile(bytes)
    let end = bytes.count - 9 - 11
    file.blocks.swapAt(file.blocks.count - 1, file.blocks.count - 2)
    let swapped = file.bytes(frames: 6, events: 2)
    #expect(swapped.count == bytes.count)
    #expect(saved.failure(swapped) == nil)
    let path = saved.store.scratch.file("changed.tiertop")
    #expect(
      saved.failure(Array(swapped[..<end] + bytes[end...]))
        == .damaged(path: path, what: "the checksum of the whole", at: end))
  }

  @Test func aNewerFormatIsRefusedByItsNumber() throws {
    let (saved, bytes) = try small()
    var file = BlockFile(bytes)
    file.version = 3
    let path = saved.store.scratch.file("changed.tiertop")
    #expect(saved.failure(file.bytes(frames: 6, events: 2)) == .newer(path: path, version: 3, known: 1))
  }

  @Test func whatIsNoSuchFileIsSaidToBeNone() throws {
    let (saved, _) = try small()
    let path = saved.store.scratch.file("changed.tiertop")
    #expect(saved.failure(Array("SQLite format 3\0".utf8)) == .foreign(path: path))
    #expect(saved.failure(Array("cluster: www\n".utf8)) == .foreign(path: path))
    for (path, failure) in [
      ("/nonexistent/x", ExportFailure.missing(path: "/nonexistent/x")),
      ("/dev/zero", .notAFile(path: "/dev/zero")),
      (saved.store.scratch.path, .notAFile(path: saved.store.scratch.path)),
    ] {
      #expect(throws: failure) { _ = try ReplayFile(path: path) }
    }
    // A pipe nobody writes to is not waited for.
    let pipe = saved.store.scratch.file("pipe")
    mkfifo(pipe, 0o600)
    #expect(throws: ExportFailure.notAFile(path: pipe)) { _ = try ReplayFile(path: pipe) }
  }

  // MARK: Made to do harm

  /// The same file with one block's content changed; every checksum is right.
  private func changed(
    _ bytes: [UInt8], _ kind: ExportFormat.Kind, _ change: ([UInt8]) -> [UInt8]
  ) throws -> [UInt8] {
    var file = BlockFile(bytes)
    let place = try #require(file.place(of: kind))
    file.blocks[place].content = change(file.blocks[place].content)
    return file.bytes(frames: 6, events: 2)
  }

  @Test func whatUnpacksToMuchMoreIsNotUnpacked() throws {
    let (saved, bytes) = try small()
    let zstd = Zstd()
    let bomb = zstd.pack([UInt8](repeating: 0, count: 200 << 20))
    #expect(bomb.count < 100_000)
    let path = saved.store.scratch.file("changed.tiertop")
    for kind in [ExportFormat.Kind.events, .gaps, .stretches, .states, .service, .rollUps] {
      guard BlockFile(bytes).place(of: kind) != nil else { continue }
      #expect(saved.failure(try changed(bytes, kind) { _ in bomb }) == .tooMuch(path: path, of: "packed"))
    }
    var names = ByteWriter()
    names.signed(1)
    names.blob(bomb)
    #expect(
      saved.failure(try changed(bytes, .names) { _ in names.bytes }) == .tooMuch(path: path, of: "packed"))
  }

  @Test func whatWouldNotBeReadIsNotWritten() throws {
    var tally = ExportTally()
    for kind in [ExportFormat.Kind.layout, .names, .events, .rollUps, .service] {
      let most = ExportFormat.most(of: kind)
      try tally.add(most - 1, of: kind)
      try tally.add(of: kind)
      #expect(throws: ChunkFault.tooLarge("\(kind)")) { try tally.add(of: kind) }
    }
    #expect(throws: ChunkFault.tooLarge("events")) {
      try tally.add(list: ExportFormat.mostUnpacked + 1, of: .events)
    }
    for _ in 0..<(ExportFormat.mostUnpackedTogether / ExportFormat.mostUnpacked) {
      try tally.add(list: ExportFormat.mostUnpacked, of: .gaps)
    }
    #expect(tally.room == 0)
    #expect(throws: ChunkFault.tooLarge("names")) { try tally.add(names: ExportFormat.mostNameBytes + 1) }
  }

  @Test func aStretchThatHasMoreThanAFileMayHaveIsNotSaved() throws {
    let store = try Store()
    try store.open()
    let layouts = ExportFormat.most(of: .layout)
    for place in 0...layouts {
      store.recorder?.begin(layout: "cluster: \(place)", description: "")
      store.maker.move(by: 1_000_000_000)
      store.record(Frame(at: store.maker.moment, readings: []))
    }
    let timeline = try store.timeline()
    func save(_ last: Int) throws {
      let span = TimeSpan(from: store.frames[0].at.wall, to: store.frames[last].at.wall)
      let export = try StoreExport(
        of: span, in: timeline, to: store.scratch.file("\(last).tiertop"),
        StoreExport.Options(cluster: "test", madeBy: "", now: span.end, shareable: { $0 }))
      while try export.step() == nil {}
    }
    try save(layouts - 1)
    _ = try ReplayFile(path: store.scratch.file("\(layouts - 1).tiertop"))
    #expect(throws: ExportFailure.tooLong(of: "layout")) { try save(layouts) }
    #expect(throws: (any Error).self) { try store.scratch.text("\(layouts).tiertop") }
  }

  @Test func aPartOfAChunkThatUnpacksToMuchMoreIsDamage() throws {
    let zstd = Zstd()
    let bomb = zstd.pack([UInt8](repeating: 0, count: 64 << 20))
    var part = ByteWriter()
    part.count(64 << 20)
    #expect(throws: ChunkFault.tooLarge("packed")) {
      _ = try Chunk(packedHead: zstd.pack([1, 0]), packedParts: [0: part.bytes + bomb], zstd, from: .foreign)
    }
    #expect(throws: ChunkFault.tooLarge("packed")) {
      _ = try Chunk(packedHead: bomb, packedParts: [:], zstd, from: .foreign)
    }
  }

  /// A column of many samples that changes once is two bytes: it is read as one change, and changes are bounded.
  @Test func columnsThatAreAFewBytesTakeNoMoreThanTheirChanges() throws {
    let samples = 60_000
    var writer = ByteWriter()
    writer.byte(1)
    writer.blob([1] + [UInt8](repeating: 2, count: samples - 1))
    for _ in 0..<3 { writer.bytes += [UInt8](repeating: 0, count: samples) }
    writer.count(0)
    // A web server's page: seven numbers, all of which change at the first sample.
    let shape = SampleShape()
    shape.write(to: &writer)
    writer.count(samples)
    for _ in 0..<7 { writer.figure(0) }
    for _ in 0..<7 { writer.count(1) }
    writer.byte(0)
    var planes = Planes()
    for _ in 0..<7 {
      var column = ByteWriter()
      column.signed(1)
      column.byte(0)
      column.count(samples - 2)
      for byte in column.bytes { planes.append(byte) }
    }
    planes.write(to: &writer)
    #expect(try ChunkPart(writer.bytes, room: 7, from: .foreign).changeCount == 7)
    #expect(throws: ChunkFault.tooLarge("columns")) {
      _ = try ChunkPart(writer.bytes, room: 6, from: .foreign)
    }
  }

  /// Bytes that were changed anywhere, with checksums that fit: whatever is read of it, nothing breaks.
  @Test func whateverIsChangedInItNothingBreaks() throws {
    let saved = try SavedStretch(frames: 40, seed: 5)
    let summary = try saved.save(saved.span(0, 39))
    let bytes = try saved.bytes
    var read = 0
    for seed in 0..<400 {
      var random = SeededRandom(seed: UInt64(seed))
      var file = BlockFile(bytes)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: file.blocks.indices, using: &random)
        mutate(&file.blocks[place], &random)
      }
      guard let replay = try? saved.reading(file.bytes(frames: summary.frames, events: summary.events)) else {
        continue
      }
      read += 1
      walk(replay.timeline)
    }
    // Enough of them pass what is checked at once.
    #expect(read > 40)
  }

  private func mutate(_ block: inout (kind: UInt8, content: [UInt8]), _ random: inout SeededRandom) {
    let zstd = Zstd()
    switch ExportFormat.Kind(rawValue: block.kind) {
    case .stretches, .gaps, .events, .rollUps, .states, .service:
      guard var content = try? zstd.unpack(block.content) else { return }
      mutate(&content, &random)
      block.content = zstd.pack(content)
    case .names:
      var reader = ByteReader(block.content)
      guard let number = try? reader.signed(), let packed = try? reader.blob(),
        var names = try? zstd.unpack(packed)
      else { return }
      mutate(&names, &random)
      var writer = ByteWriter()
      writer.signed(number)
      writer.blob(zstd.pack(names))
      block.content = writer.bytes
    case .frames where Int.random(in: 0...9, using: &random) > 0:
      var reader = ByteReader(block.content)
      guard (try? reader.count("chunks")) == 1, var chunk = try? ExportChunk(from: &reader, next: 1, zstd)
      else {
        return
      }
      if chunk.parts.isEmpty || Int.random(in: 0...3, using: &random) == 0 {
        guard var head = try? zstd.unpack(chunk.head) else { return }
        mutate(&head, &random)
        chunk.head = zstd.pack(head)
      } else {
        let place = Int.random(in: chunk.parts.indices, using: &random)
        guard var part = try? zstd.unpackStream(chunk.parts[place].bytes) else { return }
        mutate(&part, &random)
        var writer = ByteWriter()
        writer.count(part.count)
        chunk.parts[place].bytes = writer.bytes + zstd.pack(part)
      }
      var writer = ByteWriter()
      writer.count(1)
      chunk.write(to: &writer)
      block.content = writer.bytes
    default: mutate(&block.content, &random)
    }
  }

  private func mutate(_ content: inout [UInt8], _ random: inout SeededRandom) {
    guard !content.isEmpty else { return }
    let place = Int.random(in: content.indices, using: &random)
    switch Int.random(in: 0...5, using: &random) {
    case 0: content[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    case 1: content[place] = UInt8.random(in: 0...255, using: &random)
    case 2: content.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF, 0x7F], at: place)
    // The largest number of 64 bits, in the place of another.
    case 3: content.replaceSubrange(place...place, with: [UInt8](repeating: 0xFF, count: 9) + [1])
    case 4: content.remove(at: place)
    default: content.insert(contentsOf: content[place...].prefix(20), at: place)
    }
  }

  /// Looks at everything there is.
  private func walk(_ timeline: Timeline) {
    let replay = Replay(timeline) { _ in Store.layout }
    guard let span = try? timeline.span() else { return }
    let last = min(span.last, span.first + 100)
    for sequence in stride(from: span.first, through: max(span.first, last), by: 3) {
      _ = try? replay.moment(at: sequence)
    }
    _ = try? timeline.frames(endingAt: span.end, count: 20)
    _ = try? timeline.sequence(at: span.start)
    let range = span.start..<max(span.end, WallTime(nanoseconds: span.start.nanoseconds + 1))
    for length in [60, 86_400, 400 * 86_400] {
      let end = range.lowerBound.advanced(by: .seconds(length))
      _ = try? timeline.strip(of: range.lowerBound..<end, buckets: 60)
    }
    for series in (try? timeline.series()) ?? [] {
      _ = try? timeline.rollUps(of: series, in: always, by: .hour)
      _ = try? timeline.rollUps(of: series, in: span.start...range.upperBound, by: .minute)
    }
    let events = ((try? timeline.events(in: always, limit: .max)) ?? []).compactMap { try? $0.event.get() }
    let gaps = ((try? timeline.gaps(in: always)) ?? []).map { TimeSpan(from: $0.start, to: $0.end) }
    _ = Incident.list(from: events, within: TimeSpan(from: span.start, to: span.end), gaps: gaps)
    let minutes = (try? timeline.service(since: WallTime(nanoseconds: 0))) ?? [:]
    for each in minutes.values { _ = Availability.overWindows(of: each, until: span.end) }
  }
}
