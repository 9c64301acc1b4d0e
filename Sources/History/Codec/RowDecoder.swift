import Cluster

/// Reads rows, and knows of each source what the rows so far say.
struct RowDecoder {
  private var sources: [FlatParts?] = []
  /// Numbers in the newest samples of all sources together: what a frame with all of them holds.
  var numbers: Int { sources.reduce(0) { $0 + ($1?.numberCount ?? 0) } }
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
        guard let parts = sources[reading.source] else { throw .withoutBase(source: reading.source) }
        outcome = .sample(try FlatSample.sample(parts, names: names))
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
      sources[reading.source] = try FlatParts(shape, numbers: numbers, texts: texts)
    case .changes(let numbers, let texts):
      guard var parts = sources[reading.source] else { throw .withoutBase(source: reading.source) }
      // Taken out while it is changed: what no frame shares with it is not copied.
      sources[reading.source] = nil
      for change in numbers {
        guard change.place < parts.numberCount else { throw .invalid("place of a number") }
        parts[number: change.place] &+= change.difference
      }
      for change in texts {
        guard change.place < parts.textCount else { throw .invalid("place of a text") }
        parts[text: change.place] = change.text
      }
      sources[reading.source] = parts
    }
  }
}

extension RowDecoder {
  /// What a row says, without what came before it.
  static func raw(_ row: [UInt8]) throws(ChunkFault) -> RawFrame {
    var reader = try RowReader(row)
    while true {
      // As much as there is.
      var work = Int.max
      if let frame = try reader.next(&work) { return frame }
    }
  }
}
