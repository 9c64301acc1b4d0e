import Cluster

/// A sealed chunk, unpacked: any of its frames can be had at once.
struct Chunk {
  let head: ChunkHead
  private let parts: [Int: ChunkPart]
  /// Those sources that are wanted, where not all are.
  private let filters: [Int: RowFilter]?

  var count: Int { head.count }

  /// - Parameters:
  ///   - parts: by source, unpacked.
  ///   - filters: the sources that are wanted, and which of their rows; nil for all of it.
  init(
    _ head: ChunkHead, parts: [Int: [UInt8]], filters: [Int: RowFilter]? = nil, from origin: Origin = .own
  ) throws(ChunkFault) {
    self.head = head
    self.filters = filters
    var unpacked: [Int: ChunkPart] = [:]
    var room = origin.mostChunkChanges
    for (source, count) in head.counts where filters == nil || filters?[source] != nil {
      guard let bytes = parts[source] else { throw .invalid("part of a source") }
      let part = try ChunkPart(bytes, filter: filters?[source], room: room, from: origin)
      room -= part.changeCount
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
    let head = try ChunkHead(try zstd.unpack(packedHead, limit: room), from: origin)
    try self.init(head, parts: parts, filters: filters, from: origin)
  }

  func moment(_ place: Int) -> Moment { head.moments[place] }

  /// Every failure in it.
  var failures: [ReadFailure] { parts.values.flatMap(\.failures) }

  /// The numbers of all names that its samples refer to.
  var names: Set<Int64> { parts.values.reduce(into: []) { $0.formUnion($1.names) } }

  /// Numbers that it holds, as long as it is held: what it weighs.
  var numbers: Int { parts.values.reduce(0) { $0 + $1.held } }

  /// The last frame up to a place in which a source said something good; nil where it did not.
  func lastSample(of source: Int, upTo place: Int) -> Int? {
    guard let part = parts[source] else { return nil }
    for frame in stride(from: min(place, count - 1), through: 0, by: -1) {
      for (speaker, reading) in head.readings(of: frame) where speaker == source && part.isSample(reading) {
        return frame
      }
    }
    return nil
  }

  /// The frame at a place of the chunk.
  func frame(_ place: Int, names: some NameStore) throws(ChunkFault) -> Frame {
    let speakers = head.readings(of: place)
    let moment = head.moments[place]
    var result: [Reading] = []
    result.reserveCapacity(speakers.count)
    for (source, reading) in speakers {
      if let filters {
        guard let filter = filters[source], let part = parts[source] else { continue }
        result.append(try part.reading(reading, of: source, frame: moment, names: filter))
        continue
      }
      guard let part = parts[source] else { throw .invalid("part of a source") }
      result.append(try part.reading(reading, of: source, frame: moment, names: names))
    }
    return Frame(at: moment, readings: result, isBetweenTicks: head.isBetween[place])
  }
}
