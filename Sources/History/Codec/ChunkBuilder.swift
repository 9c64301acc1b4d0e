import Cluster

/// Gathers rows into columns: source by source, and within a source column by column.
///
/// Rows are handed in one by one, so that nobody has to wait for a whole chunk.
struct ChunkBuilder {
  static let version: UInt8 = 1

  private(set) var count = 0
  private(set) var sources: [Int: SourceColumns] = [:]
  private var head = HeadColumns()

  mutating func append(_ frame: RawFrame) throws(ChunkFault) {
    head.append(frame, place: count)
    let base = frame.at
    for reading in frame.readings {
      // Taken out while it is changed, so that nothing is copied.
      var columns = sources.updateValue(SourceColumns(), forKey: reading.source) ?? SourceColumns()
      try columns.append(reading, of: base)
      sources[reading.source] = columns
    }
    count += 1
  }

  /// The times of the frames, and who spoke in each; not packed yet.
  func headBytes() -> [UInt8] { head.bytes(count: count) }

  /// What one source said. It is gone then.
  mutating func takeSource(_ source: Int) -> PartWriter? {
    sources.removeValue(forKey: source).map { PartWriter($0) }
  }
}

/// The times of the frames of a chunk, and who spoke in each.
struct HeadColumns {
  private var walls = ByteWriter()
  private var offsets = ByteWriter()
  private var between = ByteWriter()
  private var counts = ByteWriter()
  private var speakers = ByteWriter()
  private var betweenCount = 0
  private var lastWall: Int64 = 0
  private var lastStep: Int64 = 0
  private var lastOffset: Int64 = 0

  mutating func append(_ frame: RawFrame, place: Int) {
    let wall = frame.at.wall.nanoseconds
    let step = wall &- lastWall
    walls.signed(step &- lastStep)
    // The first is the time itself, and no step.
    lastStep = place == 0 ? 0 : step
    lastWall = wall
    let offset = frame.at.uptime.nanoseconds &- wall
    offsets.signed(offset &- lastOffset)
    lastOffset = offset
    if frame.isBetweenTicks {
      between.count(place)
      betweenCount += 1
    }
    counts.count(frame.readings.count)
    for reading in frame.readings { speakers.count(reading.source) }
  }

  func bytes(count: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.byte(ChunkBuilder.version)
    writer.count(count)
    writer.bytes += walls.bytes
    writer.bytes += offsets.bytes
    writer.count(betweenCount)
    writer.bytes += between.bytes
    writer.bytes += counts.bytes
    writer.bytes += speakers.bytes
    return writer.bytes
  }
}
