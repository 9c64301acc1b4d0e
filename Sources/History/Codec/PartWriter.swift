/// Writes what one source said in a chunk, slice by slice, so that a large one holds nobody up.
struct PartWriter {
  /// Some bytes, one behind the other.
  struct Slice {
    var bytes: [UInt8]
    /// Whether what comes next is unlike them.
    var endsPiece: Bool
  }

  /// What is written next.
  private enum Place {
    case head, shape
    case numbers(from: Int)
    case texts(from: Int)
    case group
    case end
  }

  private let columns: SourceColumns
  private var place = Place.head
  private var segment = 0
  private var groups: [Range<Int>] = []
  private var group = 0
  /// The column of the group that is looked at next, and the last one of it that changes.
  private var order = 0
  private var lastOrder = 0
  /// Of the group that is written; kept, so that its room is used again.
  private var planes = Planes()
  /// Bytes since the last piece ended.
  private var pieceBytes = 0

  /// Bytes of columns that are alike and packed together, where there are as many.
  private static let piece = 2 << 10

  init(_ columns: SourceColumns) { self.columns = columns }

  /// The next slice, which is empty where nothing has changed in what was looked through; nil behind the last.
  ///
  /// - Parameter work: what may be done for it, as `Work` counts it; what is left of that.
  mutating func next(_ work: inout Int) -> Slice? {
    var writer = ByteWriter()
    repeat {
      switch place {
      case .head:
        writer.bytes = columns.headBytes()
        work -= writer.bytes.count * Work.packing
        place = columns.segments.isEmpty ? .end : .shape
      case .shape: writeShape(&writer)
      case .numbers(let from): writeNumbers(from, &writer, &work)
      case .texts(let from): writeTexts(from, &writer, &work)
      case .group:
        if group == groups.count {
          segment += 1
          place = segment == columns.segments.count ? .end : .shape
        } else if writeGroup(&writer, &work), pieceBytes + writer.bytes.count >= PartWriter.piece {
          pieceBytes = 0
          return Slice(bytes: writer.bytes, endsPiece: true)
        }
      case .end: return writer.bytes.isEmpty ? nil : Slice(bytes: writer.bytes, endsPiece: true)
      }
    } while work > 0
    pieceBytes += writer.bytes.count
    return Slice(bytes: writer.bytes, endsPiece: false)
  }

  private mutating func writeShape(_ writer: inout ByteWriter) {
    let shape = columns.segments[segment].shape
    groups = shape.groups
    group = 0
    begin()
    shape.write(to: &writer)
    writer.count(columns.segments[segment].samples)
    place = .numbers(from: 0)
  }

  /// Numbers and texts that are written between two looks at the work.
  private static let few = 4096

  private mutating func writeNumbers(_ from: Int, _ writer: inout ByteWriter, _ work: inout Int) {
    let (shape, numbers) = (columns.segments[segment].shape, columns.segments[segment].numbers)
    let end = min(numbers.count, from + PartWriter.few)
    for order in from..<end { writer.figure(numbers[shape.numberPlace(order)]) }
    work -= (end - from) * Work.packing
    place = end == numbers.count ? .texts(from: 0) : .numbers(from: end)
  }

  private mutating func writeTexts(_ from: Int, _ writer: inout ByteWriter, _ work: inout Int) {
    let (shape, texts) = (columns.segments[segment].shape, columns.segments[segment].texts)
    let end = min(texts.count, from + PartWriter.few)
    for order in from..<end { writer.count(Int(texts[shape.textPlace(order)])) }
    work -= (end - from) * Work.packing
    place = end == texts.count ? .group : .texts(from: end)
  }

  /// Begins a group of columns.
  private mutating func begin() {
    guard group < groups.count else { return }
    planes.clear()
    order = groups[group].lowerBound
    lastOrder = order - 1
  }

  /// Looks at columns of a group until some work is done; true when it is written.
  private mutating func writeGroup(_ writer: inout ByteWriter, _ work: inout Int) -> Bool {
    let (shape, samples) = (columns.segments[segment].shape, columns.segments[segment].samples)
    let pool = columns.segments[segment].columns
    let range = groups[group]
    // They lie evenly apart.
    let first = shape.columnPlace(range.lowerBound)
    let step = range.count > 1 ? shape.columnPlace(range.lowerBound + 1) - first : 1
    while order < range.upperBound {
      let end = min(range.upperBound, order + PartWriter.few)
      let known = planes.count
      work -= (end - order) / Work.columns
      while order < end {
        let place = first + (order - range.lowerBound) * step
        if !pool.isConstant(place) {
          writer.count(order - lastOrder)
          pool.read(place, samples: samples, into: &planes)
          lastOrder = order
        }
        order += 1
      }
      work -= (planes.count - known) * Work.packing
      if order < range.upperBound, work <= 0 { return false }
    }
    writer.byte(0)
    if planes.count > 0 { planes.write(to: &writer) }
    group += 1
    begin()
    return true
  }
}
