import Cluster

/// What the flat form of a sample is made of. Two samples of one shape differ only in numbers and texts.
struct SampleShape: Hashable {
  /// The names of the rows, by their number in the store; nil for all but HAProxy, which have none.
  var roster: Int64?
  /// What else it is of.
  var plain = Plain.web
  /// How many numbers and texts such a sample has.
  var plainNumbers = SampleShape.webNumbers
  var plainTexts = 0
  /// How many rows the roster has.
  var rows = 0
  /// The names in `show servers state`, by their number in the store; nil where it was not asked.
  var states: Int64?
  var stateRows = 0
  var hasInfo = false
  var level: AccessLevel?

  /// The figures of the rows, then those of `show info`, then four to each server's state.
  var numbers: Int {
    guard roster != nil else { return plainNumbers }
    return rows * StatFigure.count + (hasInfo ? SampleShape.infoNumbers : 0) + stateRows * 4
  }

  /// The notes of the rows, then the version and the node of `show info`.
  var texts: Int { roster == nil ? plainTexts : rows * StatNote.count + (hasInfo ? 2 : 0) }

  /// The systems whose samples are numbers and texts without rows, by the byte of their shape: even, so that it
  /// differs from HAProxy's.
  enum Plain: UInt8 {
    case web = 0
    case workers = 2
    case database = 4
    case host = 6
    case router = 8
    case address = 10
    case name = 12
    case firewall = 14
    case path = 16
  }

  static let webNumbers = 7
  static let infoNumbers = 9
  /// More numbers or texts than any parser lets through.
  static let mostPlain = 1 << 16
  /// More rows than `StatParser` takes.
  static let mostRows = 1 << 20

  func write(to writer: inout ByteWriter) {
    guard let roster else {
      writer.byte(plain.rawValue)
      if plain != .web {
        writer.count(plainNumbers)
        writer.count(plainTexts)
      }
      return
    }
    let levels = AccessLevel.allCases
    let level = level.flatMap { levels.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    writer.byte(UInt8(1 | (hasInfo ? 2 : 0) | (states != nil ? 4 : 0) | level << 4))
    writer.signed(roster)
    writer.count(rows)
    if let states {
      writer.signed(states)
      writer.count(stateRows)
    }
  }

  init() {}

  init(from reader: inout ByteReader) throws(ChunkFault) {
    let tag = try reader.byte()
    if tag & 1 == 0 {
      guard let plain = Plain(rawValue: tag) else { throw .invalid("shape") }
      self.plain = plain
      if plain != .web {
        plainNumbers = try reader.index(below: SampleShape.mostPlain, "numbers")
        plainTexts = try reader.index(below: SampleShape.mostPlain, "texts")
      }
      return
    }
    let level = Int(tag >> 4)
    guard tag & 0b1001 == 1, level <= AccessLevel.allCases.count else { throw .invalid("shape") }
    if level > 0 { self.level = AccessLevel.allCases[level - 1] }
    hasInfo = tag & 2 != 0
    roster = try reader.signed()
    rows = try reader.index(below: SampleShape.mostRows, "rows")
    if tag & 4 != 0 {
      states = try reader.signed()
      stateRows = try reader.index(below: SampleShape.mostRows, "states")
    }
  }

  /// The place of each number in the order in which a chunk has them: figure by figure, not row by row, so
  /// that what is alike stands together.
  func numberPlace(_ order: Int) -> Int {
    SampleShape.place(order, rows: rows, columns: StatFigure.count)
  }

  func textPlace(_ order: Int) -> Int {
    SampleShape.place(order, rows: rows, columns: StatNote.count)
  }

  /// Columns that are alike, by their order, numbers first and then texts: those of one figure, or one note,
  /// and what is left.
  var groups: [Range<Int>] {
    var groups: [Range<Int>] = []
    for (start, columns, count) in [(0, StatFigure.count, numbers), (numbers, StatNote.count, texts)] {
      if rows > 0 {
        groups += (0..<columns).map { start + $0 * rows..<start + ($0 + 1) * rows }
      }
      if count > rows * columns { groups.append(start + rows * columns..<start + count) }
    }
    return groups
  }

  /// The place of a column among all, numbers first, by its order.
  func columnPlace(_ order: Int) -> Int {
    order < numbers ? numberPlace(order) : numbers + textPlace(order - numbers)
  }

  /// The group of a column, as its place in `groups`, and its order in that, by its place among all.
  @inline(__always)
  func group(of column: Int) -> (place: Int, order: Int) {
    let (numbers, figures) = (self.numbers, rows * StatFigure.count)
    if column < figures { return (column % StatFigure.count, column / StatFigure.count) }
    let before = rows > 0 ? StatFigure.count : 0
    if column < numbers { return (before, column - figures) }
    let after = before + (numbers > figures ? 1 : 0)
    let (text, notes) = (column - numbers, rows * StatNote.count)
    if text < notes { return (after + text % StatNote.count, text / StatNote.count) }
    return (after + (rows > 0 ? StatNote.count : 0), text - notes)
  }

  private static func place(_ order: Int, rows: Int, columns: Int) -> Int {
    guard order < rows * columns else { return order }
    return order % rows * columns + order / rows
  }
}
