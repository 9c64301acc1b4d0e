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

  /// A piece of memory for many blocks. It is written in place: a pool is handed on, and none is ever copied.
  private final class Slab {
    let bytes: UnsafeMutableRawPointer

    init(_ count: Int) { bytes = .allocate(byteCount: count, alignment: ColumnPool.block) }

    deinit { bytes.deallocate() }
  }

  /// By number: the place of its column, and 1; 0 where it has never changed.
  private var columnOf: [Int32]
  private var columns: [Column] = []
  private var slabs: [Slab] = []
  /// Where the next block begins.
  private var free: Int32 = 0

  /// Bytes of a block; the last four say where the next one is.
  private static let block = 16
  private static let payload = 12
  /// Bytes of a slab: a power of two, so that places in it are bits.
  private static let slabBits = 16

  /// - Parameter count: numbers, of which none has changed yet.
  init(count: Int) { columnOf = [Int32](repeating: 0, count: count) }

  var count: Int { columnOf.count }

  func isConstant(_ number: Int) -> Bool { columnOf[number] == 0 }

  /// Notes that a number differs from the sample before. A change is never by 0, so a 0 begins a stretch without one.
  @inline(__always)
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

  /// Notes what differs, by places of which each has to be one of so many numbers.
  mutating func change(_ changes: [NumberChange], of numbers: Int, at sample: Int) throws(ChunkFault) {
    for change in changes {
      guard change.place < numbers else { throw .invalid("place of a number") }
      self.change(change.place, by: change.difference, at: sample)
    }
  }

  /// Hands over the stream of a number that changes, up to the last of so many samples.
  func read(_ number: Int, samples: Int, into planes: inout Planes) {
    let column = columns[Int(columnOf[number]) - 1]
    var place = column.first
    // The last block may be full, and none begun behind it.
    while Int(place) / ColumnPool.block != Int(column.tail) / ColumnPool.block {
      planes.append(UnsafeRawBufferPointer(start: pointer(to: place), count: ColumnPool.payload))
      place = pointer(to: place).load(fromByteOffset: ColumnPool.payload, as: Int32.self)
    }
    planes.append(UnsafeRawBufferPointer(start: pointer(to: place), count: Int(column.tail - place)))
    let unsaid = samples - Int(column.next)
    if unsaid > 0 {
      planes.append(0)
      planes.append(number: UInt64(unsaid))
    }
  }

  @inline(__always)
  private func pointer(to place: Int32) -> UnsafeMutableRawPointer {
    slabs[Int(place) >> ColumnPool.slabBits].bytes + Int(place) & (1 << ColumnPool.slabBits - 1)
  }

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
      pointer(to: column.tail).storeBytes(of: next, as: Int32.self)
      column.tail = next
    }
    pointer(to: column.tail).storeBytes(of: byte, as: UInt8.self)
    column.tail += 1
  }

  private mutating func makeBlock() -> Int32 {
    if Int(free) >> ColumnPool.slabBits == slabs.count { slabs.append(Slab(1 << ColumnPool.slabBits)) }
    defer { free += Int32(ColumnPool.block) }
    return free
  }
}
