import Cluster

/// A sealed chunk as a file of a saved stretch has it: what the tables `chunks` and `parts` have of it.
struct ExportChunk {
  var first: FrameNumber
  var count: Int
  var layout: Int64
  var stretch: Int64
  var start: Int64
  var end: Int64
  /// Packed, as the store has them.
  var states: [UInt8]
  var head: [UInt8]
  var parts: [(source: Int, bytes: [UInt8])]

  func write(to writer: inout ByteWriter) {
    writer.signed(first)
    writer.count(count)
    for number in [layout, stretch, start, end] { writer.signed(number) }
    writer.blob(states)
    writer.blob(head)
    writer.count(parts.count)
    for part in parts {
      writer.count(part.source)
      writer.blob(part.bytes)
    }
  }
}

extension ExportChunk {
  /// - Parameter next: no frame before this one may be in it: chunks follow each other.
  init(from reader: inout ByteReader, next: FrameNumber, _ zstd: Zstd) throws(ChunkFault) {
    first = try reader.signed()
    guard next...ExportFormat.mostSequence ~= first else { throw .invalid("order of chunks") }
    count = try reader.index(below: Origin.foreign.mostFrames + 1, "frames")
    guard count > 0 else { throw .invalid("chunk without frames") }
    (layout, stretch) = (try reader.signed(), try reader.signed())
    (start, end) = (try reader.signed(), try reader.signed())
    guard Origin.foreign.takes(WallTime(nanoseconds: start)),
      Origin.foreign.takes(WallTime(nanoseconds: end)),
      start <= end
    else { throw .invalid("time") }
    states = try reader.blob()
    // They are read often, and never again as carefully as here.
    guard try zstd.unpack(states, limit: count).count == count else { throw .invalid("states") }
    head = try reader.blob()
    parts = []
    for _ in 0..<(try reader.count("parts")) {
      parts.append((try reader.index(below: RowDecoder.mostSources, "sources"), try reader.blob()))
    }
    guard Set(parts.map(\.source)).count == parts.count else { throw .invalid("parts") }
  }

  /// Unpacked as whoever gets it will.
  func unpacked(_ zstd: Zstd) throws(ChunkFault) -> Chunk {
    var packed: [Int: [UInt8]] = [:]
    for part in parts { packed[part.source] = part.bytes }
    let chunk = try Chunk(packedHead: head, packedParts: packed, zstd, from: .foreign)
    guard chunk.count == count else { throw .invalid("frames of a chunk") }
    return chunk
  }
}
