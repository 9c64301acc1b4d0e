import Cluster

/// Packs frames anew, one by one: those of a chunk that is not sealed yet, or of which a file has only some.
///
/// They follow each other, and are of one layout and one stretch.
struct ExportChunkBuilder {
  private let first: RecordedFrame
  private var encoder = RowEncoder()
  private var builder = ChunkBuilder()
  private var fill = ChunkFill()
  private var states: [UInt8] = []
  private var start: Int64 = .max
  private var end: Int64 = .min
  /// The numbers of the names that the frames refer to.
  private(set) var names: Set<Int64> = []

  /// Bytes of rows: unpacked, a chunk is no larger than its rows, and a change is two bytes of them at least. So it keeps
  /// within what whoever reads the file takes, as long as it is more than one frame.
  private static let mostBytes = min(Origin.foreign.mostChunkBytes / 2, Origin.foreign.mostChunkChanges * 2)

  /// - Parameter first: the frame that will be added first.
  init(beginningWith first: RecordedFrame) {
    var head = first
    head.frame.readings = []
    self.first = head
    encoder.beginChunk()
  }

  /// Whether the next frame begins another chunk.
  var isFull: Bool {
    fill.isComplete(frames: ChunkFill.usualFrames, bytes: ChunkFill.usualBytes)
      || fill.first + fill.others >= ExportChunkBuilder.mostBytes
  }

  /// - Parameters:
  ///   - state: of the frame.
  ///   - number: the number of names, which the store has already.
  mutating func add(
    _ recorded: RecordedFrame, state: UInt8, number: @escaping ([UInt8]) throws(StoreFailure) -> Int64
  ) throws(StoreFailure) {
    let wall = recorded.frame.at.wall.nanoseconds
    (start, end) = (min(start, wall), max(end, wall))
    let row = try encoder.row(
      of: recorded.frame.shareable,
      RowEncoder.Numbering<StoreFailure>(
        roster: { roster throws(StoreFailure) in try number(Names.bytes(of: roster)) },
        servers: { servers throws(StoreFailure) in try number(Names.bytes(of: servers)) }))
    names.formUnion(encoder.names)
    do { try builder.append(RowDecoder.raw(row)) } catch {
      throw .damaged(path: "", words: "frame \(recorded.sequence): \(error)")
    }
    states.append(state)
    fill.add(row: row.count)
  }

  /// The chunk, packed.
  consuming func chunk(_ zstd: Zstd) -> ExportChunk {
    var parts: [(source: Int, bytes: [UInt8])] = []
    for source in builder.sources.keys.sorted() {
      guard let writer = builder.takeSource(source) else { continue }
      parts.append((source, ExportChunkBuilder.packed(writer, zstd)))
    }
    return ExportChunk(
      first: first.sequence, count: states.count, layout: first.layout, stretch: first.stretch, start: start,
      end: end, states: zstd.pack(states), head: zstd.pack(builder.headBytes()), parts: parts)
  }

  private static func packed(_ writer: consuming PartWriter, _ zstd: Zstd) -> [UInt8] {
    var (size, bytes) = (0, [UInt8]())
    zstd.beginStream()
    // As much as there is.
    var work = Int.max
    while let slice = writer.next(&work) {
      zstd.stream(slice.bytes[...], slice.endsPiece ? .block : .more, into: &bytes)
      size += slice.bytes.count
    }
    zstd.stream([], .end, into: &bytes)
    var head = ByteWriter()
    head.count(size)
    return head.bytes + bytes
  }
}
