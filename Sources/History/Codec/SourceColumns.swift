import Cluster

/// What one source said in a chunk.
struct SourceColumns {
  /// How one reading ended.
  enum Tag: UInt8 {
    case newFailure = 0
    /// The first sample of another segment.
    case segment = 1
    case sample = 2
    case sameFailure = 3
  }

  /// Samples of one shape in a row.
  struct Segment {
    var shape: SampleShape
    var numbers: [Int64]
    var texts: [Int64]
    var lastTexts: [Int64]
    /// Of the numbers, and then of the texts.
    var columns: ColumnPool
    var samples = 1
  }

  private var tags: [UInt8] = []
  private var walls = ByteWriter()
  private var offsets = ByteWriter()
  private var tooks = ByteWriter()
  private var failures = ByteWriter()
  private var lastFailure: ReadFailure?
  private var lastTook: Int64 = 0
  private var texts: [String] = []
  private var textNumbers: [TextBytes: Int64] = [:]
  var segments: [Segment] = []

  mutating func append(_ reading: RawReading, of frame: Moment) throws(ChunkFault) {
    let wall = reading.at.wall.nanoseconds &- frame.wall.nanoseconds
    walls.signed(wall)
    // Both clocks were read together, both times: what is left is the time between two instructions.
    offsets.signed(reading.at.uptime.nanoseconds &- frame.uptime.nanoseconds &- wall)
    tooks.signed(reading.took &- lastTook)
    lastTook = reading.took
    switch reading.outcome {
    case .failure(let failure):
      tags.append((failure == lastFailure ? Tag.sameFailure : .newFailure).rawValue)
      if failure != lastFailure {
        FailureCode.write(failure, to: &failures)
        lastFailure = failure
      }
    case .whole(let shape, let numbers, let texts):
      tags.append(Tag.segment.rawValue)
      let numbered = self.numbered(texts)
      segments.append(
        Segment(
          shape: shape, numbers: numbers, texts: numbered, lastTexts: numbered,
          columns: ColumnPool(count: numbers.count + numbered.count)))
    case .changes(let numbers, let texts):
      tags.append(Tag.sample.rawValue)
      try change(numbers, texts)
    }
  }

  private mutating func change(_ numbers: [NumberChange], _ texts: [TextChange]) throws(ChunkFault) {
    guard let last = segments.indices.last else { throw .withoutBase(source: -1) }
    let sample = segments[last].samples
    let count = segments[last].numbers.count
    try segments[last].columns.change(numbers, of: count, at: sample)
    for change in texts {
      guard change.place < segments[last].texts.count else { throw .invalid("place of a text") }
      let number = number(of: change.text)
      let before = segments[last].lastTexts[change.place]
      segments[last].lastTexts[change.place] = number
      if number != before {
        segments[last].columns.change(count + change.place, by: number - before, at: sample)
      }
    }
    segments[last].samples += 1
  }

  private mutating func number(of text: String) -> Int64 {
    let bytes = TextBytes(text: text)
    if let number = textNumbers[bytes] { return number }
    let number = Int64(texts.count)
    texts.append(text)
    textNumbers[bytes] = number
    return number
  }

  private mutating func numbered(_ texts: [String]) -> [Int64] {
    var numbers: [Int64] = []
    numbers.reserveCapacity(texts.count)
    for (place, text) in texts.enumerated() {
      // Most rows have the same notes as the row before.
      let above = place - StatNote.count
      let isSame = above >= 0 && areSameBytes(text, texts[above])
      numbers.append(isSame ? numbers[above] : number(of: text))
    }
    return numbers
  }

  /// Everything but the segments.
  func headBytes() -> [UInt8] {
    var writer = ByteWriter()
    writer.byte(ChunkBuilder.version)
    writer.blob(tags)
    writer.bytes += walls.bytes
    writer.bytes += offsets.bytes
    writer.bytes += tooks.bytes
    writer.bytes += failures.bytes
    writer.count(texts.count)
    for text in texts { writer.text(text) }
    return writer.bytes
  }
}

/// A text that is the same as another one where its bytes are.
private struct TextBytes: Hashable {
  let text: String

  static func == (a: TextBytes, b: TextBytes) -> Bool { areSameBytes(a.text, b.text) }

  func hash(into hasher: inout Hasher) {
    if text.utf8.withContiguousStorageIfAvailable({ hasher.combine(bytes: UnsafeRawBufferPointer($0)) })
      == nil
    {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }
}
