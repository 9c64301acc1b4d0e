/// Writes what one source said in a chunk, piece by piece, so that a large one holds nobody up.
struct PartWriter {
  private var columns: SourceColumns
  private var isBegun = false
  private var segment = 0
  private var groups: [Range<Int>] = []
  private var group = 0
  /// Of the group that is written; kept, so that its room is used again.
  private var planes = Planes()

  /// Columns that are looked through for one piece at most.
  private static let mostColumns = 16_384

  init(_ columns: SourceColumns) { self.columns = columns }

  /// The next piece, of some bytes at least where there are as many; nil behind the last.
  mutating func next(_ wanted: Int) -> [UInt8]? {
    var writer = ByteWriter()
    if !isBegun {
      isBegun = true
      writer.bytes = columns.headBytes()
    }
    var left = PartWriter.mostColumns
    while writer.bytes.count < wanted, left > 0, segment < columns.segments.count {
      if group == 0 {
        begin(&writer)
        left -= columns.segments[segment].numbers.count / 4
      }
      if group < groups.count {
        left -= groups[group].count
        writeGroup(groups[group], &writer)
        group += 1
      }
      if group == groups.count {
        segment += 1
        group = 0
      }
    }
    return writer.bytes.isEmpty ? nil : writer.bytes
  }

  private mutating func begin(_ writer: inout ByteWriter) {
    let own = columns.segments[segment]
    groups = own.shape.groups
    own.shape.write(to: &writer)
    writer.count(own.samples)
    for order in own.numbers.indices { writer.figure(own.numbers[own.shape.numberPlace(order)]) }
    for order in own.texts.indices { writer.count(Int(own.texts[own.shape.textPlace(order)])) }
  }

  private mutating func writeGroup(_ group: Range<Int>, _ writer: inout ByteWriter) {
    let (shape, samples) = (columns.segments[segment].shape, columns.segments[segment].samples)
    planes.clear()
    var last = group.lowerBound - 1
    for order in group {
      let place = shape.columnPlace(order)
      if columns.segments[segment].columns.isConstant(place) { continue }
      writer.count(order - last)
      columns.segments[segment].columns.read(place, samples: samples, into: &planes)
      last = order
    }
    writer.byte(0)
    if last >= group.lowerBound { planes.write(to: &writer) }
  }
}
