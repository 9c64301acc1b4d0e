import Cluster

/// The head of a sealed chunk: when its frames were, and who spoke in each. It is known before any part is unpacked,
/// and a thousand times smaller.
struct ChunkHead {
  private(set) var moments: [Moment] = []
  private(set) var isBetween: [Bool] = []
  /// Who spoke in each frame, in order: the source, and which of its readings it is.
  private var readings: [(source: Int, place: Int)] = []
  /// Where each frame's readings begin in `readings`.
  private var starts: [Int] = []
  /// How many readings there are of each source.
  private(set) var counts: [Int: Int] = [:]

  var count: Int { moments.count }

  /// - Parameter bytes: unpacked.
  init(_ bytes: [UInt8], from origin: Origin = .own) throws(ChunkFault) {
    var reader = ByteReader(bytes, from: origin)
    let version = try reader.byte()
    guard version == ChunkBuilder.version else { throw .version(Int(version)) }
    let count = try reader.count("frames")
    guard count <= origin.mostFrames else { throw .tooLarge("frames") }
    try readMoments(count, &reader, origin)
    isBetween = [Bool](repeating: false, count: count)
    for _ in 0..<(try reader.count("frames between")) {
      isBetween[try reader.index(below: count, "frames between")] = true
    }
    try readReadings(count, &reader)
    try reader.finish()
  }

  private mutating func readMoments(
    _ count: Int, _ reader: inout ByteReader, _ origin: Origin
  ) throws(ChunkFault) {
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
  }

  private mutating func readReadings(_ count: Int, _ reader: inout ByteReader) throws(ChunkFault) {
    var total = 0
    for _ in 0..<count {
      starts.append(total)
      total += try reader.count("readings")
    }
    starts.append(total)
    guard total <= reader.left else { throw .truncated }
    for _ in 0..<total {
      let source = try reader.index(below: RowDecoder.mostSources, "sources")
      readings.append((source, counts[source, default: 0]))
      counts[source, default: 0] += 1
    }
  }

  /// Who spoke in a frame, in order.
  func readings(of frame: Int) -> ArraySlice<(source: Int, place: Int)> {
    readings[starts[frame]..<starts[frame + 1]]
  }

  /// The last frame up to a time; nil where all are later.
  func last(upTo wall: WallTime) -> Int? {
    // Within a chunk times never fall.
    var (low, high) = (-1, count)
    while high - low > 1 {
      let middle = (low + high) >> 1
      if moments[middle].wall <= wall { low = middle } else { high = middle }
    }
    return low < 0 ? nil : low
  }
}
