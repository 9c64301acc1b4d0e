/// What the numbers of a source change by over the samples of a segment, and where they do not: a stream of varints
/// for each number that ever changes.
///
/// The streams grow side by side, each by a few bytes, and there are tens of thousands of them: they share slabs of
/// memory, in which each is a list of small blocks. A piece of memory for each would be asked for, and grown, again
/// and again.
struct ColumnPool {
  /// Of one number that changes.
  private struct Column {
    /// Where its stream begins, and where its next byte goes.
    var first: Int32
    var tail: Int32
    /// The next sample of which nothing is said yet.
    var next: Int32 = 1
  }

  /// By number: the place of its column, and 1; 0 where it has never changed.
  private var columnOf: [Int32]
  private var columns: [Column] = []
  private var slabs: [[UInt8]] = []
  /// Where the next block begins.
  private var free: Int32 = 0

  /// Bytes of a block; the last four say where the next one is.
  private static let block = 16
  private static let payload = 12
  /// Bytes of a slab: a power of two, so that places in it are bits.
  private static let slabBits = 16

  /// - Parameter count: numbers, of which none has changed yet.
  init(count: Int) { columnOf = [Int32](repeating: 0, count: count) }

  func isConstant(_ number: Int) -> Bool { columnOf[number] == 0 }

  /// Notes that a number differs from the sample before. A change is never by 0, so a 0 begins a stretch without one.
  mutating func change(_ number: Int, by difference: Int64, at sample: Int) {
    var index = Int(columnOf[number]) - 1
    if index < 0 {
      index = columns.count
      let first = makeBlock()
      columns.append(Column(first: first, tail: first))
      columnOf[number] = Int32(index + 1)
    }
    var column = columns[index]
    let unsaid = sample - Int(column.next)
    if unsaid > 0 {
      push(0, to: &column)
      append(UInt64(unsaid), to: &column)
    }
    append(zigzag(difference), to: &column)
    column.next = Int32(sample + 1)
    columns[index] = column
  }

  /// Hands over the stream of a number that changes, up to the last of so many samples.
  func read(_ number: Int, samples: Int, into planes: inout Planes) {
    let column = columns[Int(columnOf[number]) - 1]
    var place = column.first
    while place != column.tail {
      if Int(place) % ColumnPool.block == ColumnPool.payload {
        place = link(at: place)
      } else {
        planes.append(slabs[Int(place) >> ColumnPool.slabBits][ColumnPool.offset(place)])
        place += 1
      }
    }
    let unsaid = samples - Int(column.next)
    if unsaid > 0 {
      planes.append(0)
      var rest = UInt64(unsaid)
      while rest >= 0x80 {
        planes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      planes.append(UInt8(rest))
    }
  }

  private static func offset(_ place: Int32) -> Int { Int(place) & (1 << slabBits - 1) }

  @inline(__always)
  private mutating func append(_ value: UInt64, to column: inout Column) {
    var rest = value
    while rest >= 0x80 {
      push(UInt8(truncatingIfNeeded: rest) | 0x80, to: &column)
      rest >>= 7
    }
    push(UInt8(rest), to: &column)
  }

  @inline(__always)
  private mutating func push(_ byte: UInt8, to column: inout Column) {
    if Int(column.tail) % ColumnPool.block == ColumnPool.payload {
      let next = makeBlock()
      setLink(at: column.tail, to: next)
      column.tail = next
    }
    slabs[Int(column.tail) >> ColumnPool.slabBits][ColumnPool.offset(column.tail)] = byte
    column.tail += 1
  }

  private mutating func makeBlock() -> Int32 {
    if Int(free) >> ColumnPool.slabBits == slabs.count {
      slabs.append([UInt8](repeating: 0, count: 1 << ColumnPool.slabBits))
    }
    defer { free += Int32(ColumnPool.block) }
    return free
  }

  private func link(at place: Int32) -> Int32 {
    let (slab, offset) = (Int(place) >> ColumnPool.slabBits, ColumnPool.offset(place))
    var next: UInt32 = 0
    for byte in 0..<4 { next |= UInt32(slabs[slab][offset + byte]) << UInt32(8 * byte) }
    return Int32(bitPattern: next)
  }

  private mutating func setLink(at place: Int32, to next: Int32) {
    let (slab, offset) = (Int(place) >> ColumnPool.slabBits, ColumnPool.offset(place))
    for byte in 0..<4 {
      slabs[slab][offset + byte] = UInt8(truncatingIfNeeded: UInt32(bitPattern: next) >> UInt32(8 * byte))
    }
  }
}
