import Cluster

/// Writes what one source said in a chunk, slice by slice, so that a large one holds nobody up.
struct PartWriter {
  /// Some bytes, one behind the other.
  struct Slice {
    var bytes: [UInt8]
    /// Whether what comes next is unlike them.
    var endsPiece: Bool
  }

  /// What is done next.
  private enum Place {
    case head, shape
    case numbers(from: Int)
    case texts(from: Int)
    case columns(from: Int)
    case groups(from: Int)
    case end
  }

  /// Columns that are alike: how far each of those that change is from the one before it, and what they say.
  private struct Group {
    var gaps = ByteWriter()
    var planes = Planes()
    var last = -1
  }

  private let columns: SourceColumns
  private var place = Place.head
  private var segment = 0
  /// Of the segment that is written.
  private var groups: [Group] = []
  /// Bytes since the last piece ended.
  private var pieceBytes = 0

  /// Bytes of columns that are alike and packed together, where there are as many.
  private static let piece = 2 << 10
  /// Numbers and columns that are looked at between two looks at the work.
  private static let few = 2048

  init(_ columns: SourceColumns) { self.columns = columns }

  /// The next slice, which is empty where something was looked through and nothing is to be written yet; nil behind
  /// the last.
  ///
  /// - Parameter work: what may be done for it, as `Work` counts it; what is left of that. Packing is not in it.
  mutating func next(_ work: inout Int) -> Slice? {
    var writer = ByteWriter()
    repeat {
      switch place {
      case .head:
        writer.bytes = columns.headBytes()
        place = columns.segments.isEmpty ? .end : .shape
      case .shape:
        columns.segments[segment].shape.write(to: &writer)
        writer.count(columns.segments[segment].samples)
        place = .numbers(from: 0)
      case .numbers(let from): writeNumbers(from, &writer, &work)
      case .texts(let from): writeTexts(from, &writer, &work)
      case .columns(let from): gather(from, &work)
      case .groups(let from):
        guard from < groups.count else {
          segment += 1
          place = segment == columns.segments.count ? .end : .shape
          continue
        }
        writeGroup(from, &writer)
        place = .groups(from: from + 1)
        if pieceBytes + writer.bytes.count >= PartWriter.piece {
          pieceBytes = 0
          return Slice(bytes: writer.bytes, endsPiece: true)
        }
      case .end: return writer.bytes.isEmpty ? nil : Slice(bytes: writer.bytes, endsPiece: true)
      }
    } while work > writer.bytes.count * Work.packing
    pieceBytes += writer.bytes.count
    return Slice(bytes: writer.bytes, endsPiece: false)
  }

  private mutating func writeNumbers(_ from: Int, _ writer: inout ByteWriter, _ work: inout Int) {
    let (shape, numbers) = (columns.segments[segment].shape, columns.segments[segment].numbers)
    let end = min(numbers.count, from + PartWriter.few)
    for order in from..<end { writer.figure(numbers[shape.numberPlace(order)]) }
    work -= end - from
    place = end == numbers.count ? .texts(from: 0) : .numbers(from: end)
  }

  private mutating func writeTexts(_ from: Int, _ writer: inout ByteWriter, _ work: inout Int) {
    let (shape, texts) = (columns.segments[segment].shape, columns.segments[segment].texts)
    let end = min(texts.count, from + PartWriter.few)
    for order in from..<end { writer.count(Int(texts[shape.textPlace(order)])) }
    work -= end - from
    guard end == texts.count else { return place = .texts(from: end) }
    groups = [Group](repeating: Group(), count: shape.groups.count)
    place = .columns(from: 0)
  }

  /// Looks at some columns in the order in which they lie in memory, and adds each to its group: taken group by group,
  /// each would be far from the one before.
  private mutating func gather(_ from: Int, _ work: inout Int) {
    let (shape, samples) = (columns.segments[segment].shape, columns.segments[segment].samples)
    let pool = columns.segments[segment].columns
    let end = min(pool.count, from + PartWriter.few)
    var bytes = 0
    for number in from..<end where !pool.isConstant(number) {
      let (place, order) = shape.group(of: number)
      groups[place].gaps.count(order - groups[place].last)
      groups[place].last = order
      let before = groups[place].planes.count
      pool.read(number, samples: samples, into: &groups[place].planes)
      bytes += groups[place].planes.count - before
    }
    work -= bytes * Work.turning + (end - from) / Work.columns
    place = end == pool.count ? .groups(from: 0) : .columns(from: end)
  }

  /// Writes a group, and lets go of it.
  private mutating func writeGroup(_ place: Int, _ writer: inout ByteWriter) {
    writer.bytes += groups[place].gaps.bytes
    writer.byte(0)
    if groups[place].last >= 0 { groups[place].planes.write(to: &writer) }
    groups[place] = Group()
  }
}
