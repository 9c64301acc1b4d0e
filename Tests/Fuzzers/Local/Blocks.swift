import Cluster

@testable import History

/// The blocks of a saved stretch, as small as they can be.
enum Blocks {
  static let preamble = ExportFormat.magic + [UInt8(ExportFormat.version), 0]

  static var header: ExportHeader? {
    var reader = ByteReader(headerContent, from: .foreign)
    return try? ExportHeader(from: &reader)
  }

  private static let at = Frames.start.wall.nanoseconds

  private static let headerContent: [UInt8] = {
    var writer = ByteWriter()
    writer.text("demo")
    writer.text("1.0")
    for time in [at, at, at + 2_000_000_000] { writer.signed(time) }
    for number: Int64 in [1, 3] { writer.signed(number) }
    writer.count(1)
    return writer.bytes
  }()

  /// Packed ones are not packed here.
  static let all: [(kind: ExportFormat.Kind, content: [UInt8])] = [
    (.header, headerContent),
    (
      .layout,
      written {
        $0.signed(1); $0.signed(at); $0.text("demo"); $0.text("cluster: demo\ntiers: []\n")
      }
    ),
    (
      .names,
      written {
        $0.signed(1); $0.blob(Zstd().pack(Names.bytes(of: Book.roster)))
      }
    ),
    (
      .frames,
      written {
        $0.count(1); chunk.write(to: &$0)
      }
    ),
    (.stretches, row([1, 1, at, at + 2_000_000_000])),
    (.gaps, row([2, at, at + 5, 1])),
    (
      .events,
      written {
        $0.count(1)
        for number: Int64 in [1, 1, at, 1] { $0.signed(number) }
        $0.byte(1)
        $0.text("web1")
        $0.text("time=2026-11-21T14:30:00.000000000Z node=web1 kind=appeared")
      }
    ),
    (
      .rollUps,
      written {
        $0.signed(2)
        $0.text("web1")
        $0.count(1)
        $0.signed(29_921_190)
        var rollUps = RollUps()
        rollUps[.qps] = RollUp(minimum: 1, mean: 2, maximum: 3, count: 60, weight: 60)
        RollUpCode.write(rollUps, to: &$0)
      }
    ),
    (.states, row([29_921_190, 2, 1, 60])),
    (
      .service,
      written {
        $0.count(1)
        for number: Int64 in [at, 0, 5, 1, 9, 9, 9] { $0.signed(number) }
        $0.text("")
      }
    ),
  ]

  /// A gap in which the clock was set back.
  static let backwards: (kind: ExportFormat.Kind, content: [UInt8]) = (
    .gaps, row([3, at + 1_500_000_000, at + 100, 4])
  )

  static func isPacked(_ kind: ExportFormat.Kind) -> Bool {
    switch kind {
    case .header, .layout, .names, .frames, .trailer: false
    case .stretches, .gaps, .events, .rollUps, .states, .service: true
    }
  }

  /// A list of one row.
  private static func row(_ numbers: [Int64]) -> [UInt8] {
    written {
      $0.count(1)
      for number in numbers { $0.signed(number) }
    }
  }

  private static func written(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    write(&writer)
    return writer.bytes
  }

  private static let chunk: ExportChunk = {
    let frames = Frames.all.enumerated().map {
      RecordedFrame(sequence: Int64($0 + 1), layout: 1, stretch: 1, frame: $1)
    }
    var builder = ExportChunkBuilder(beginningWith: frames[0])
    do { for frame in frames { try builder.add(frame, state: 0) { _ in 1 } } } catch {
      fatalError("\(error)")
    }
    return builder.chunk(Zstd())
  }()

  /// A block as a file has it, with its checksum.
  static func block(_ kind: ExportFormat.Kind, _ content: [UInt8]) -> [UInt8] {
    let content = isPacked(kind) ? Zstd().pack(content) : content
    var writer = ByteWriter(bytes: [kind.rawValue])
    for shift in stride(from: 0, to: 32, by: 8) {
      writer.byte(UInt8(truncatingIfNeeded: content.count >> shift))
    }
    writer.bytes += content
    writer.seal()
    return writer.bytes
  }

  /// Blocks with the trailer that belongs behind them.
  static func trailed(_ blocks: [UInt8]) -> [UInt8] {
    var digest = RunningDigest()
    digest.add(preamble + blocks)
    let value = digest.value
    let content = written {
      $0.count(all.count)
      $0.count(3)
      $0.count(1)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        $0.byte(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    return blocks + block(.trailer, content)
  }
}
