import Cluster

/// Reads rows, and knows of each source what the rows so far say.
struct RowDecoder {
  struct SourceMemory {
    var shape: SampleShape
    var numbers: [Int64]
    var texts: [String]
  }

  private(set) var sources: [SourceMemory?] = []
  /// No poll plan has more.
  static let mostSources = 1 << 16

  /// The frame that a row is, where it is the one after those that were read.
  mutating func frame(of row: [UInt8], names: some NameStore) throws(ChunkFault) -> Frame {
    let raw = try RowDecoder.raw(row)
    var readings: [Reading] = []
    readings.reserveCapacity(raw.readings.count)
    for reading in raw.readings {
      let outcome: Reading.Outcome
      if case .failure(let failure) = reading.outcome {
        outcome = .failure(failure)
      } else {
        try take(reading)
        guard let memory = sources[reading.source] else { throw .withoutBase(source: reading.source) }
        outcome = .sample(
          try FlatSample.sample(memory.shape, numbers: memory.numbers, texts: memory.texts, names: names))
      }
      readings.append(
        Reading(
          source: SourceID(reading.source), at: reading.at, took: .nanoseconds(reading.took), outcome: outcome
        ))
    }
    return Frame(at: raw.at, readings: readings, isBetweenTicks: raw.isBetweenTicks)
  }

  /// Takes in a row whose frame nobody wants.
  mutating func pass(_ row: [UInt8]) throws(ChunkFault) {
    for reading in try RowDecoder.raw(row).readings { try take(reading) }
  }

  private mutating func take(_ reading: RawReading) throws(ChunkFault) {
    while sources.count <= reading.source { sources.append(nil) }
    switch reading.outcome {
    case .failure: break
    case .whole(let shape, let numbers, let texts):
      sources[reading.source] = SourceMemory(shape: shape, numbers: numbers, texts: texts)
    case .changes(let numbers, let texts):
      guard var memory = sources[reading.source] else { throw .withoutBase(source: reading.source) }
      sources[reading.source] = nil
      for change in numbers {
        guard change.place < memory.numbers.count else { throw .invalid("place of a number") }
        memory.numbers[change.place] &+= change.difference
      }
      for change in texts {
        guard change.place < memory.texts.count else { throw .invalid("place of a text") }
        memory.texts[change.place] = change.text
      }
      sources[reading.source] = memory
    }
  }
}

extension RowDecoder {
  /// What a row says, without what came before it.
  static func raw(_ row: [UInt8]) throws(ChunkFault) -> RawFrame {
    var reader = ByteReader(row, upTo: try countUnsealed(row))
    let version = try reader.byte()
    guard version == RowEncoder.version else { throw .version(Int(version)) }
    let flags = try reader.byte()
    guard flags <= 1 else { throw .invalid("flags") }
    let at = Moment(
      wall: WallTime(nanoseconds: try reader.signed()), uptime: Uptime(nanoseconds: try reader.signed()))
    var readings: [RawReading] = []
    let count = try reader.count("readings")
    readings.reserveCapacity(count)
    for _ in 0..<count {
      let source = try reader.index(below: mostSources, "sources")
      let wall = try reader.signed()
      let uptime = try reader.signed()
      let took = try reader.signed()
      readings.append(
        RawReading(
          source: source,
          at: Moment(
            wall: WallTime(nanoseconds: at.wall.nanoseconds &+ wall),
            uptime: Uptime(nanoseconds: at.uptime.nanoseconds &+ uptime)),
          took: took, outcome: try outcome(&reader)))
    }
    try reader.finish()
    return RawFrame(at: at, isBetweenTicks: flags == 1, readings: readings)
  }

  private static func outcome(_ reader: inout ByteReader) throws(ChunkFault) -> RawReading.Outcome {
    switch try reader.byte() {
    case 0: return .failure(try FailureCode.read(from: &reader))
    case 1:
      let shape = try SampleShape(from: &reader)
      guard shape.numbers <= reader.left, shape.texts <= reader.left else { throw .truncated }
      var numbers: [Int64] = []
      numbers.reserveCapacity(shape.numbers)
      for _ in 0..<shape.numbers { numbers.append(try reader.figure()) }
      var texts: [String] = []
      texts.reserveCapacity(shape.texts)
      for _ in 0..<shape.texts { texts.append(try reader.text()) }
      return .whole(shape, numbers: numbers, texts: texts)
    case 2:
      var numbers: [NumberChange] = []
      var place = -1
      while let next = try nextPlace(after: place, &reader) {
        numbers.append(NumberChange(place: next, difference: try reader.signed()))
        place = next
      }
      var texts: [TextChange] = []
      place = -1
      while let next = try nextPlace(after: place, &reader) {
        texts.append(TextChange(place: next, text: try reader.text()))
        place = next
      }
      return .changes(numbers: numbers, texts: texts)
    default: throw .invalid("outcome")
    }
  }

  private static func nextPlace(after place: Int, _ reader: inout ByteReader) throws(ChunkFault) -> Int? {
    let gap = try reader.index(below: SampleShape.mostRows * (StatFigure.count + 4) + 16, "places")
    return gap == 0 ? nil : place + gap
  }
}
