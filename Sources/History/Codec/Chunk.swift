import Cluster

/// A sealed chunk, unpacked: any of its frames can be had at once.
struct Chunk {
  private var moments: [Moment] = []
  private var isBetween: [Bool] = []
  /// Who spoke in each frame, in order: the source, and which of its readings it is.
  private var readings: [(source: Int, place: Int)] = []
  /// Where each frame's readings begin in `readings`.
  private var starts: [Int] = []
  private let parts: [Int: ChunkPart]
  /// Those sources that are wanted, where not all are.
  private let filters: [Int: RowFilter]?

  var count: Int { moments.count }

  /// - Parameters:
  ///   - head: unpacked.
  ///   - parts: by source, unpacked.
  ///   - filters: the sources that are wanted, and which of their rows; nil for all of it.
  init(
    head: [UInt8], parts: [Int: [UInt8]], filters: [Int: RowFilter]? = nil, from origin: Origin = .own
  ) throws(ChunkFault) {
    self.filters = filters
    var reader = ByteReader(head, from: origin)
    let version = try reader.byte()
    guard version == ChunkBuilder.version else { throw .version(Int(version)) }
    let count = try reader.count("frames")
    guard count <= origin.mostFrames else { throw .tooLarge("frames") }
    var (wall, step): (Int64, Int64) = (0, 0)
    for place in 0..<count {
      let next = step &+ (try reader.signed())
      wall &+= next
      step = place == 0 ? 0 : next
      moments.append(Moment(wall: WallTime(nanoseconds: wall), uptime: Uptime(nanoseconds: 0)))
    }
    var offset: Int64 = 0
    for place in 0..<count {
      offset &+= try reader.signed()
      moments[place].uptime.nanoseconds = moments[place].wall.nanoseconds &+ offset
      guard origin.takes(moments[place].wall), origin.takes(moments[place].uptime.nanoseconds) else {
        throw .invalid("time")
      }
    }
    isBetween = [Bool](repeating: false, count: count)
    for _ in 0..<(try reader.count("frames between")) {
      isBetween[try reader.index(below: count, "frames between")] = true
    }
    var total = 0
    for _ in 0..<count {
      starts.append(total)
      total += try reader.count("readings")
    }
    starts.append(total)
    guard total <= reader.left else { throw .truncated }
    var places: [Int: Int] = [:]
    for _ in 0..<total {
      let source = try reader.index(below: RowDecoder.mostSources, "sources")
      readings.append((source, places[source, default: 0]))
      places[source, default: 0] += 1
    }
    try reader.finish()

    var unpacked: [Int: ChunkPart] = [:]
    var room = origin.mostChunkValues
    for (source, count) in places where filters == nil || filters?[source] != nil {
      guard let bytes = parts[source] else { throw .invalid("part of a source") }
      let part = try ChunkPart(bytes, filter: filters?[source], room: room, from: origin)
      room -= part.valueCount
      guard part.count == count else { throw .invalid("readings of a source") }
      unpacked[source] = part
    }
    self.parts = unpacked
  }

  /// Unpacks head and parts, as far as that is no more than their origin may have.
  init(
    packedHead: [UInt8], packedParts: [Int: [UInt8]], _ zstd: Zstd, filters: [Int: RowFilter]? = nil,
    from origin: Origin = .own
  ) throws(ChunkFault) {
    var room = origin.mostChunkBytes
    var parts: [Int: [UInt8]] = [:]
    for (source, packed) in packedParts {
      let part = try zstd.unpackStream(packed, limit: room)
      room -= part.count
      parts[source] = part
    }
    let head = try zstd.unpack(packedHead, limit: room)
    try self.init(head: head, parts: parts, filters: filters, from: origin)
  }

  func moment(_ place: Int) -> Moment { moments[place] }

  /// Every failure in it.
  var failures: [ReadFailure] { parts.values.flatMap(\.failures) }

  /// The numbers of all names that its samples refer to.
  var names: Set<Int64> { parts.values.reduce(into: []) { $0.formUnion($1.names) } }

  /// The last frame up to a place in which a source said something good; nil where it did not.
  func lastSample(of source: Int, upTo place: Int) -> Int? {
    guard let part = parts[source] else { return nil }
    for frame in stride(from: min(place, count - 1), through: 0, by: -1) {
      for (speaker, reading) in readings[starts[frame]..<starts[frame + 1]]
      where speaker == source && part.isSample(reading) {
        return frame
      }
    }
    return nil
  }

  /// The frame at a place of the chunk.
  func frame(_ place: Int, names: some NameStore) throws(ChunkFault) -> Frame {
    var result: [Reading] = []
    result.reserveCapacity(starts[place + 1] - starts[place])
    for (source, reading) in readings[starts[place]..<starts[place + 1]] {
      if let filters {
        guard let filter = filters[source], let part = parts[source] else { continue }
        result.append(try part.reading(reading, of: source, frame: moments[place], names: filter))
        continue
      }
      guard let part = parts[source] else { throw .invalid("part of a source") }
      result.append(try part.reading(reading, of: source, frame: moments[place], names: names))
    }
    return Frame(at: moments[place], readings: result, isBetweenTicks: isBetween[place])
  }
}
