import Cluster
import Foundation
import TestSupport
import Testing
import Wire

@testable import History

/// What a file tells to those who should not know, and what it does to who looks at it: nothing.
struct ExportSafetyTests {
  /// Everything in a file: as it is, and every block and every part of a chunk unpacked.
  private func everything(_ bytes: [UInt8]) throws -> [UInt8] {
    let zstd = Zstd()
    var all = bytes
    var next: FrameNumber = 1
    for block in BlockFile(bytes).blocks {
      let kind = try #require(ExportFormat.Kind(rawValue: block.kind))
      var reader = ByteReader(block.content)
      switch kind {
      case .header, .layout, .trailer: break
      case .names:
        _ = try reader.signed()
        all += try zstd.unpack(try reader.blob())
      case .frames:
        for _ in 0..<(try reader.count("chunks")) {
          let chunk = try ExportChunk(from: &reader, next: next, zstd)
          next = chunk.first + Int64(chunk.count)
          all += try zstd.unpack(chunk.head)
          for part in chunk.parts { all += try zstd.unpackStream(part.bytes) }
        }
      default: all += try zstd.unpack(block.content)
      }
    }
    return all
  }

  private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
    Data(bytes).range(of: Data(word.utf8)) != nil
  }

  @Test func whatFailuresSayOfSecretsAndAccountsIsNotInIt() throws {
    let store = try Store()
    try store.open()
    let failures: [ReadFailure] = [
      .secretMissing(name: "SITE_PASSWORD"), .tunnel(words: "alice@bastion: Permission denied"),
    ]
    for place in 0..<50 {
      var frame = store.maker.frame()
      let failure = failures[place % 2]
      if place > 20 {
        frame.readings.append(
          Reading(source: SourceID(0), at: frame.at, took: .zero, outcome: .failure(failure)))
      }
      store.record(
        frame,
        events: [
          Event(at: frame.at.wall, node: NodeName("a"), change: .sourceLost(.haproxy, failure)),
          Event(
            at: frame.at.wall, node: NodeName("a"),
            change: .health(from: .up, to: Verdict(.stale, .silent(.seconds(3), failure)))),
        ])
    }
    let file = store.scratch.file("saved.tiertop")
    let span = TimeSpan(from: store.frames[0].at.wall, to: store.frames[49].at.wall)
    let export = try StoreExport(
      of: span, in: try store.timeline(), to: file,
      StoreExport.Options(cluster: "test", madeBy: "", now: span.end, shareable: { _ in "told" }))
    while try export.step() == nil {}
    let all = try everything(Array(try Data(contentsOf: URL(fileURLWithPath: file))))
    for word in ["SITE_PASSWORD", "HAPROXY_PASSWORD", "alice", "bastion", "cluster: test", "a test"] {
      #expect(!contains(all, word), "\(word)")
    }
    #expect(contains(all, "told") && contains(all, "Permission denied"))
    // That a secret was missing is told all the same.
    let timeline = try ReplayFile(path: file).timeline
    let told = try timeline.frames(in: 1...100).flatMap(\.frame.readings).contains { reading in
      if case .failure(.secretMissing("")) = reading.outcome { true } else { false }
    }
    #expect(told)
    let events = try timeline.events(in: always, limit: .max).map { try $0.event.get() }
    #expect(events.contains { $0.change == .sourceLost(.haproxy, .tunnel(words: "")) })
  }

  @Test func whatATerminalWouldObeyIsMadeVisible() throws {
    let hostile = "\u{1B}]0;owned\u{7}\u{202E}"
    let store = try Store()
    try store.open()
    store.record(30)
    let file = store.scratch.file("saved.tiertop")
    let span = TimeSpan(from: store.frames[0].at.wall, to: store.frames[29].at.wall)
    let export = try StoreExport(
      of: span, in: try store.timeline(), to: file,
      StoreExport.Options(cluster: "test", madeBy: "", now: span.end, shareable: { $0 }))
    while try export.step() == nil {}
    var blocks = BlockFile(Array(try Data(contentsOf: URL(fileURLWithPath: file))))
    let zstd = Zstd()
    for place in blocks.blocks.indices {
      switch ExportFormat.Kind(rawValue: blocks.blocks[place].kind) {
      case .header:
        var reader = ByteReader(blocks.blocks[place].content)
        var header = try ExportHeader(from: &reader)
        header.cluster = hostile
        header.madeBy = hostile
        var writer = ByteWriter()
        header.write(to: &writer)
        blocks.blocks[place].content = writer.bytes
      case .names:
        var reader = ByteReader(blocks.blocks[place].content)
        let number = try reader.signed()
        let names = try zstd.unpack(try reader.blob())
        guard let roster = try? Names.roster(from: names) else { continue }
        var rows = Array(roster.rows)
        for row in rows.indices {
          rows[row] = Roster.Row(
            proxy: rows[row].proxy + hostile, name: rows[row].name + hostile, kind: rows[row].kind)
        }
        var writer = ByteWriter()
        writer.signed(number)
        writer.blob(zstd.pack(Names.bytes(of: Roster(rows: rows))))
        blocks.blocks[place].content = writer.bytes
      default: break
      }
    }
    var line = EventFields()
    line["time"] = span.start.rfc3339Nanoseconds
    line["node"] = hostile
    line["kind"] = hostile
    var event = ByteWriter()
    event.count(1)
    for number in [1, 1, span.start.nanoseconds, 1] { event.signed(number) }
    event.byte(1)
    event.text(hostile)
    event.text(line.line.text)
    blocks.blocks.append((ExportFormat.Kind.events.rawValue, zstd.pack(event.bytes)))
    var rollUp = ByteWriter()
    rollUp.signed(2)
    rollUp.text(hostile)
    rollUp.count(0)
    blocks.blocks.append((ExportFormat.Kind.rollUps.rawValue, zstd.pack(rollUp.bytes)))
    try Data(blocks.bytes(frames: 30, events: 1)).write(to: URL(fileURLWithPath: file))
    let replay = try ReplayFile(path: file)
    var said = "\(replay.header) \(replay.timeline.cluster) \(try replay.timeline.series())"
    for frame in try replay.timeline.frames(in: 1...100) { said += FramePicture(frame.frame).text }
    for event in try replay.timeline.events(in: always, limit: 10) { said += "\(event)" }
    #expect(said.contains("owned"))
    for scalar in said.unicodeScalars where scalar != "\n" {
      #expect(printable(String(scalar)) == String(scalar), "\(scalar.value)")
    }
  }
}
