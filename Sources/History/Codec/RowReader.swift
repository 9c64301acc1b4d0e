import Cluster

/// Reads a row, without what came before it: a little at a time where that is wanted, because in the first one of a
/// chunk everything is whole.
struct RowReader {
  private var reader: ByteReader
  private var frame: RawFrame
  private let count: Int
  /// A sample that is whole, as far as it is read.
  private var whole: Whole?

  private struct Whole {
    var source: Int
    var at: Moment
    var took: Int64
    var shape: SampleShape
    var numbers: [Int64] = []
    var texts: [String] = []
  }

  /// Numbers or texts that are read between two looks at the work.
  private static let few = 4096

  /// - Throws: where its checksum is wrong, or it is of another version.
  init(_ row: [UInt8]) throws(ChunkFault) {
    reader = ByteReader(row, upTo: try countUnsealed(row))
    let version = try reader.byte()
    guard version == RowEncoder.version else { throw .version(Int(version)) }
    let flags = try reader.byte()
    guard flags <= 1 else { throw .invalid("flags") }
    let at = Moment(
      wall: WallTime(nanoseconds: try reader.signed()), uptime: Uptime(nanoseconds: try reader.signed()))
    count = try reader.count("readings")
    frame = RawFrame(at: at, isBetweenTicks: flags == 1, readings: [])
    frame.readings.reserveCapacity(count)
  }

  /// Goes on; nil where it is not read to its end yet.
  ///
  /// - Parameter work: what may be done for it, as `Work` counts it; what is left of that.
  mutating func next(_ work: inout Int) throws(ChunkFault) -> RawFrame? {
    while work > 0 {
      let before = reader.at
      if whole != nil {
        try readWhole()
      } else if frame.readings.count < count {
        try readReading()
      } else {
        try reader.finish()
        return frame
      }
      work -= (reader.at - before) * Work.gathering
    }
    return nil
  }

  private mutating func readReading() throws(ChunkFault) {
    let source = try reader.index(below: RowDecoder.mostSources, "sources")
    let at = Moment(
      wall: WallTime(nanoseconds: frame.at.wall.nanoseconds &+ (try reader.signed())),
      uptime: Uptime(nanoseconds: frame.at.uptime.nanoseconds &+ (try reader.signed())))
    let took = try reader.signed()
    let outcome: RawReading.Outcome
    switch try reader.byte() {
    case 0: outcome = .failure(try FailureCode.read(from: &reader))
    case 1:
      let shape = try SampleShape(from: &reader)
      guard shape.numbers <= reader.left, shape.texts <= reader.left else { throw .truncated }
      var whole = Whole(source: source, at: at, took: took, shape: shape)
      whole.numbers.reserveCapacity(shape.numbers)
      whole.texts.reserveCapacity(shape.texts)
      self.whole = whole
      return
    case 2: outcome = try changes()
    default: throw .invalid("outcome")
    }
    frame.readings.append(RawReading(source: source, at: at, took: took, outcome: outcome))
  }

  private mutating func readWhole() throws(ChunkFault) {
    guard var own = whole else { return }
    // Taken out while it is changed, so that nothing is copied.
    whole = nil
    if own.numbers.count < own.shape.numbers {
      for _ in 0..<min(RowReader.few, own.shape.numbers - own.numbers.count) {
        own.numbers.append(try reader.figure())
      }
    } else {
      for _ in 0..<min(RowReader.few, own.shape.texts - own.texts.count) {
        own.texts.append(try reader.text())
      }
    }
    if own.numbers.count == own.shape.numbers, own.texts.count == own.shape.texts {
      frame.readings.append(
        RawReading(
          source: own.source, at: own.at, took: own.took,
          outcome: .whole(own.shape, numbers: own.numbers, texts: own.texts)))
    } else {
      whole = own
    }
  }

  private mutating func changes() throws(ChunkFault) -> RawReading.Outcome {
    var numbers: [NumberChange] = []
    var place = -1
    while let next = try nextPlace(after: place) {
      numbers.append(NumberChange(place: next, difference: try reader.signed()))
      place = next
    }
    var texts: [TextChange] = []
    place = -1
    while let next = try nextPlace(after: place) {
      texts.append(TextChange(place: next, text: try reader.text()))
      place = next
    }
    return .changes(numbers: numbers, texts: texts)
  }

  private mutating func nextPlace(after place: Int) throws(ChunkFault) -> Int? {
    let gap = try reader.index(below: SampleShape.mostRows * (StatFigure.count + 4) + 16, "places")
    return gap == 0 ? nil : place + gap
  }
}
