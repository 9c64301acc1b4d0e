import Cluster
import Foundation
import TestSupport

@testable import History

/// A store, and what is saved of it.
struct SavedStretch {
  let store: Store
  let timeline: Timeline
  let file: String

  /// A store with so many frames, each with its events, some of them saved.
  init(frames: Int = 120, seed: UInt64 = 1, events: Bool = true) throws {
    store = try Store(seed: seed)
    try store.open()
    for place in 0..<frames {
      let frame = store.maker.frame()
      var news: [Event] = []
      if events, place % 7 == 0 {
        news = [Event(at: frame.at.wall, node: NodeName("a"), change: .health(from: .up, to: Verdict(.down)))]
      } else if events, place % 7 == 3 {
        news = [Event(at: frame.at.wall, node: NodeName("a"), change: .health(from: .down, to: Verdict(.up)))]
      }
      store.record(frame, events: news, health: HealthState.allCases[place % 7])
    }
    timeline = try store.timeline()
    file = store.scratch.file("saved.tiertop")
  }

  var frames: [Frame] { store.frames }

  /// From one frame to another, counted from 0.
  func span(_ first: Int, _ last: Int) -> TimeSpan {
    TimeSpan(from: frames[first].at.wall, to: frames[last].at.wall)
  }

  func options(_ replaces: Bool = false) -> StoreExport.Options {
    var options = StoreExport.Options(
      cluster: "test", madeBy: "0.0", now: store.maker.moment.wall, shareable: { "shared " + $0 })
    options.replaces = replaces
    return options
  }

  @discardableResult func save(
    _ span: TimeSpan, replacing: Bool = false, to path: String? = nil
  ) throws -> StoreExport.Summary {
    let export = try StoreExport(of: span, in: timeline, to: path ?? file, options(replacing))
    while true {
      if let summary = try export.step() { return summary }
    }
  }

  var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(fileURLWithPath: file))) } }

  /// What reading the bytes says.
  func reading(_ bytes: [UInt8]) throws -> ReplayFile {
    let path = store.scratch.file("changed.tiertop")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try ReplayFile(path: path)
  }

  func failure(_ bytes: [UInt8]) -> ExportFailure? {
    do {
      _ = try reading(bytes)
      return nil
    } catch { return error as? ExportFailure }
  }

  /// Its files and folders, so that nothing is left behind.
  var names: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: store.scratch.path)) ?? [])
  }
}

/// A file of blocks, made by hand, with every checksum right: what only its contents give away.
struct BlockFile {
  var blocks: [(kind: UInt8, content: [UInt8])]
  var version = UInt16(ExportFormat.version)

  init(_ bytes: [UInt8]) {
    blocks = []
    var at = ExportFormat.preamble
    while at + 9 <= bytes.count {
      let count = (0..<4).reduce(0) { $0 | Int(bytes[at + 1 + $1]) << ($1 * 8) }
      if bytes[at] != 255 { blocks.append((bytes[at], Array(bytes[at + 5..<at + 5 + count]))) }
      at += count + 9
    }
  }

  func place(of kind: ExportFormat.Kind) -> Int? { blocks.firstIndex { $0.kind == kind.rawValue } }

  /// With an end that belongs to it; nil counts are those of the frames that are announced.
  func bytes(frames: Int, events: Int) -> [UInt8] {
    var bytes = ExportFormat.magic + [UInt8(version & 0xFF), UInt8(version >> 8)]
    for block in blocks { bytes += sealed(block.kind, block.content) }
    var digest = RunningDigest()
    digest.add(bytes)
    var end = ByteWriter()
    end.count(blocks.count)
    end.count(frames)
    end.count(events)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      end.byte(UInt8(truncatingIfNeeded: digest.value >> shift))
    }
    return bytes + sealed(255, end.bytes)
  }

  private func sealed(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(bytes: [kind])
    for shift in stride(from: 0, to: 32, by: 8) {
      writer.byte(UInt8(truncatingIfNeeded: content.count >> shift))
    }
    writer.bytes += content
    writer.seal()
    return writer.bytes
  }
}
