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
    // At most a zero and two numbers of ten bytes.
    var bytes = InlineArray<24, UInt8>(repeating: 0)
    var count = 0
    let unsaid = sample - Int(column.next)
    if unsaid > 0 {
      count = 1
      ColumnPool.write(UInt64(unsaid), to: &bytes, &count)
    }
    ColumnPool.write(zigzag(difference), to: &bytes, &count)
    append(bytes, count, to: &column)
    column.next = Int32(sample + 1)
    columns[index] = column
  }

  /// Hands over the stream of a number that changes, up to the last of so many samples.
  func read(_ number: Int, samples: Int, into planes: inout Planes) {
    let column = columns[Int(columnOf[number]) - 1]
    var place = column.first
    while true {
      let offset = ColumnPool.offset(place)
      // Of the last block only what is in it; it may be full.
      let isLast = Int(place) / ColumnPool.block == Int(column.tail) / ColumnPool.block
      let count = isLast ? Int(column.tail - place) : ColumnPool.payload
      slabs[Int(place) >> ColumnPool.slabBits].withUnsafeBytes {
        planes.append(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
      }
      if isLast { break }
      place = link(at: place + Int32(ColumnPool.payload))
    }
    let unsaid = samples - Int(column.next)
    guard unsaid > 0 else { return }
    var bytes = InlineArray<24, UInt8>(repeating: 0)
    var count = 1
    ColumnPool.write(UInt64(unsaid), to: &bytes, &count)
    withUnsafeBytes(of: bytes) { planes.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  private static func offset(_ place: Int32) -> Int { Int(place) & (1 << slabBits - 1) }

  @inline(__always)
  private static func write(_ value: UInt64, to bytes: inout InlineArray<24, UInt8>, _ count: inout Int) {
    var rest = value
    while rest >= 0x80 {
      bytes[count] = UInt8(truncatingIfNeeded: rest) | 0x80
      count &+= 1
      rest >>= 7
    }
    bytes[count] = UInt8(rest)
    count &+= 1
  }

  @inline(__always)
  private mutating func append(_ bytes: InlineArray<24, UInt8>, _ count: Int, to column: inout Column) {
    let room = ColumnPool.payload - Int(column.tail) % ColumnPool.block
    guard count <= room else {
      for place in 0..<count { push(bytes[place], to: &column) }
      return
    }
    let offset = ColumnPool.offset(column.tail)
    slabs[Int(column.tail) >> ColumnPool.slabBits].withUnsafeMutableBytes { slab in
      for place in 0..<count { slab[offset &+ place] = bytes[place] }
    }
    column.tail += Int32(count)
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
