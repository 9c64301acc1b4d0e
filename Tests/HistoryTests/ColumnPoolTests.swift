import Testing

@testable import History

/// Numbers that change side by side, in shared memory.
struct ColumnPoolTests {
  /// What a reader makes of a stream of a column: the differences by sample, 0 where there is none.
  private func differences(_ pool: ColumnPool, _ number: Int, samples: Int) throws -> [Int64] {
    var planes = Planes()
    pool.read(number, samples: samples, into: &planes)
    var writer = ByteWriter()
    planes.write(to: &writer)
    var reader = ByteReader(writer.bytes)
    var stream = try PlaneReader(&reader)
    var found: [Int64] = []
    while found.count < samples - 1 {
      let value = try stream.number()
      if value == 0 {
        found += [Int64](repeating: 0, count: Int(try stream.number()))
      } else {
        found.append(unzigzag(value))
      }
    }
    try stream.finish()
    return found
  }

  @Test func manyNumbersThatGrowSideBySideAreReadAsTheyWereWritten() throws {
    let (numbers, samples) = (3000, 60)
    var pool = ColumnPool(count: numbers)
    var expected = [[Int64]](repeating: [Int64](repeating: 0, count: samples - 1), count: numbers)
    var seed: UInt64 = 7
    for sample in 1..<samples {
      for number in 0..<numbers where number % 3 != 0 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // Some change each time and some hardly ever, some by little and some by all of 64 bits.
        guard seed >> 40 & 0xFF < UInt64(number % 256) else { continue }
        let difference = Int64(bitPattern: seed) >> (number % 63)
        if difference == 0 { continue }
        pool.change(number, by: difference, at: sample)
        expected[number][sample - 1] = difference
      }
    }
    for number in 0..<numbers {
      if expected[number].allSatisfy({ $0 == 0 }) {
        #expect(pool.isConstant(number))
      } else {
        #expect(try differences(pool, number, samples: samples) == expected[number])
      }
    }
  }

  @Test func aStreamThatFillsItsLastBlockEndsThere() throws {
    for count in 1...40 {
      var pool = ColumnPool(count: 1)
      for sample in 1...count { pool.change(0, by: 1, at: sample) }
      #expect(try differences(pool, 0, samples: count + 1) == [Int64](repeating: 1, count: count))
    }
  }
}
