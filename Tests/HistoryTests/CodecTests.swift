import Cluster
import TestSupport
import Testing

@testable import History

/// Names, as a store would number them.
private final class NameBook: NameStore {
  private var texts: [[UInt8]] = []

  func number(of bytes: [UInt8]) -> Int64 {
    if let place = texts.firstIndex(of: bytes) { return Int64(place) }
    texts.append(bytes)
    return Int64(texts.count - 1)
  }

  var numbering: RowEncoder.Numbering<Never> {
    RowEncoder.Numbering(
      roster: { self.number(of: Names.bytes(of: $0)) }, servers: { self.number(of: Names.bytes(of: $0)) })
  }

  func roster(_ number: Int64) throws(ChunkFault) -> Roster {
    guard texts.indices.contains(Int(number)) else { throw .missingNames(number) }
    return try Names.roster(from: texts[Int(number)])
  }

  func servers(_ number: Int64) throws(ChunkFault) -> [ServerID] {
    guard texts.indices.contains(Int(number)) else { throw .missingNames(number) }
    return try Names.servers(from: texts[Int(number)])
  }
}

struct CodecTests {
  private let book = NameBook()

  private func rows(of frames: [Frame]) -> [[UInt8]] {
    var encoder = RowEncoder()
    return frames.map { encoder.row(of: $0, book.numbering) }
  }

  private func packed(_ rows: [[UInt8]]) throws -> (head: [UInt8], parts: [Int: [UInt8]]) {
    var builder = ChunkBuilder()
    for row in rows { try builder.append(RowDecoder.raw(row)) }
    var parts: [Int: [UInt8]] = [:]
    for source in Array(builder.sources.keys) {
      guard var writer = builder.takeSource(source) else { continue }
      var (bytes, work) = ([UInt8](), 100)
      while let slice = writer.next(&work) {
        bytes += slice.bytes
        work = 100
      }
      parts[source] = bytes
    }
    return (builder.headBytes(), parts)
  }

  @Test(arguments: 1...15) func framesComeBackFromRowsAsTheyWere(seed: UInt64) throws {
    var maker = FrameMaker(seed: seed)
    let frames = maker.frames(40)
    var decoder = RowDecoder()
    for (frame, row) in zip(frames, rows(of: frames)) {
      #expect(try FramePicture(decoder.frame(of: row, names: book)) == FramePicture(frame))
    }
  }

  @Test(arguments: 1...15) func framesComeBackFromAChunkAsTheyWere(seed: UInt64) throws {
    var maker = FrameMaker(seed: seed)
    let frames = maker.frames(60)
    let (head, parts) = try packed(rows(of: frames))
    let chunk = try Chunk(ChunkHead(head), parts: parts)
    #expect(chunk.count == frames.count)
    for place in frames.indices.reversed() {
      #expect(try FramePicture(chunk.frame(place, names: book)) == FramePicture(frames[place]))
    }
  }

  @Test(arguments: 1...4) func samplesOfAllSystemsComeBackAsTheyWere(seed: UInt64) throws {
    var maker = FrameMaker(seed: seed, sources: 32)
    let frames = maker.frames(12)
    let rows = rows(of: frames)
    var decoder = RowDecoder()
    for (frame, row) in zip(frames, rows) {
      #expect(try FramePicture(decoder.frame(of: row, names: book)) == FramePicture(frame))
    }
    let (head, parts) = try packed(rows)
    let chunk = try Chunk(ChunkHead(head), parts: parts)
    for place in frames.indices {
      #expect(try FramePicture(chunk.frame(place, names: book)) == FramePicture(frames[place]))
    }
  }

  @Test(arguments: 1...10) func aColumnHasItsLastValueInEachSample(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var columns = ChangingColumns()
    // Place by place: what each sample has, nil before the first change.
    var wanted: [Int: [Int64?]] = [:]
    for place in stride(from: 3, to: 40, by: 4) {
      columns.begin(at: place)
      var values: [Int64?] = [nil]
      for sample in 1..<50 {
        if Int.random(in: 0..<(place % 7 + 1), using: &random) == 0 {
          values.append(Int64.random(in: -9...9, using: &random))
          columns.add(values[sample] ?? 0, from: sample)
        } else {
          values.append(values[sample - 1])
        }
      }
      wanted[place] = values
    }
    for sample in 0..<50 {
      var found: [Int: Int64] = [:]
      columns.values(at: sample) { found[$0] = $1 }
      #expect(found == wanted.compactMapValues { $0[sample] }, "\(sample)")
    }
  }

  @Test func everyFailureComesBackAsItWas() throws {
    for failure in FrameMaker.failures {
      var writer = ByteWriter()
      FailureCode.write(failure, to: &writer)
      var reader = ByteReader(writer.bytes)
      #expect(try FailureCode.read(from: &reader) == failure)
      try reader.finish()
    }
  }

  @Test func aRowThatIsCutOrFlippedIsAFaultAndNeverAWrongFrame() throws {
    var maker = FrameMaker(seed: 7)
    let row = rows(of: maker.frames(3))[1]
    for end in row.indices { #expect(throws: ChunkFault.self) { try RowDecoder.raw(Array(row[..<end])) } }
    for place in row.indices {
      for bit in [place % 8, 7] {
        var flipped = row
        flipped[place] ^= 1 << bit
        #expect(throws: ChunkFault.self) { try RowDecoder.raw(flipped) }
      }
    }
  }

  @Test(arguments: 1...20) func unpackedBytesThatAreCutOrFlippedNeverCrash(seed: UInt64) throws {
    var maker = FrameMaker(seed: seed)
    let (head, parts) = try packed(rows(of: maker.frames(20)))
    var random = SeededRandom(seed: seed)
    for _ in 0..<150 {
      var broken = parts
      let source = try #require(parts.keys.sorted().randomElement(using: &random))
      var bytes = try #require(parts[source])
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      } else {
        bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      broken[source] = bytes
      // Either a fault, or other frames: here nothing vouches for the bytes. In a store zstd's checksum does.
      if let chunk = try? Chunk(ChunkHead(head), parts: broken) {
        for place in 0..<chunk.count { _ = try? chunk.frame(place, names: book) }
      }
    }
  }

  @Test func packedBytesThatAreCutOrFlippedAreAFault() throws {
    let zstd = Zstd()
    let plain = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let packed = zstd.pack(plain)
    #expect(try zstd.unpack(packed) == plain)
    for end in packed.indices { #expect(throws: ChunkFault.self) { try zstd.unpack(Array(packed[..<end])) } }
    for place in packed.indices {
      var flipped = packed
      flipped[place] ^= 0x10
      // Some bits of zstd's head mean nothing; then the bytes are the right ones.
      if let bytes = try? zstd.unpack(flipped) { #expect(bytes == plain) }
    }
  }

  @Test func anAnnouncedSizeFillsNoMemory() {
    var writer = ByteWriter()
    writer.byte(ChunkBuilder.version)
    writer.number(1 << 60)
    #expect(throws: ChunkFault.self) { try ChunkPart(writer.bytes) }
    #expect(throws: ChunkFault.self) { try ChunkHead(writer.bytes) }
  }

  @Test func whatStaysTheSameTakesNextToNothing() {
    var maker = FrameMaker(seed: 3)
    let frame = maker.frames(5)[4]
    let rows = rows(of: [frame, frame])
    #expect(rows[1].count < 20 + frame.readings.count * 20)
  }
}
