public import Cluster

/// Reads `show servers state`, again and again from the same peer: rows that say the same as before cost no
/// string.
///
/// The first line is the format's version, the second the header, whose columns are found by name. Fields are
/// separated by one space. A row whose state is none that is known is left out. Source: HAProxy's management
/// guide, "show servers state".
public struct ServerStateParser: Sendable {
  private var rows: [ServerStateTable.Row] = []

  public init() {}

  /// The table in a reply, complete with its empty line.
  ///
  /// Throws `notServersState` for another kind of reply, `missingColumn`, `brokenRow` for a row with too few
  /// fields, `notANumber` for a state or weight that is not one, `tooManyRows`, and `truncated`. After a fault the parser is
  /// as it was before.
  public mutating func parse(_ reply: Span<UInt8>) throws(ReplyFault) -> ServerStateTable {
    var lines = Lines()
    guard let version = lines.next(in: reply), wholeNumber(reply.extracting(version)) != nil else {
      throw .notServersState(beginning: beginning(of: reply))
    }
    guard let header = lines.next(in: reply) else { throw .truncated(line: 2) }
    guard !header.isEmpty, reply[header.lowerBound] == ASCII.hash else {
      throw .notServersState(beginning: beginning(of: reply))
    }
    let columns = try Columns(header: reply.extracting(header))

    var rows = self.rows
    var count = 0
    while true {
      guard let line = lines.next(in: reply) else { throw .truncated(line: lines.number) }
      if line.isEmpty { break }
      let row = try columns.row(
        reply.extracting(line), like: count < rows.count ? rows[count] : nil, line: lines.number - 1)
      guard let row else { continue }
      guard count < StatParser.rowLimit else { throw .tooManyRows(limit: count) }
      if count == rows.count {
        rows.append(row)
      } else if rows[count] != row {
        rows[count] = row
      }
      count += 1
    }
    if rows.count > count { rows.removeLast(rows.count - count) }
    self.rows = rows
    return ServerStateTable(rows: rows)
  }
}

extension ServerStateParser {
  /// Where the columns are that are kept.
  private struct Columns {
    private var places = InlineArray<6, Int>(repeating: -1)
    /// The rightmost of them.
    private var last = 0
    private static let names = [
      "be_name", "srv_name", "srv_op_state", "srv_admin_state", "srv_uweight", "srv_iweight",
    ]

    init(header: Span<UInt8>) throws(ReplyFault) {
      var words = Words()
      // The first word is the "#".
      _ = words.next(in: header)
      var column = 0
      while let word = words.next(in: header) {
        if let known = Columns.names.firstIndex(where: { areSame(header.extracting(word), $0) }),
          places[known] < 0
        {
          places[known] = column
        }
        column += 1
      }
      for known in places.indices {
        guard places[known] >= 0 else { throw .missingColumn(Columns.names[known]) }
        last = max(last, places[known])
      }
    }

    /// Nil for a row whose state has no name here.
    func row(
      _ bytes: Span<UInt8>, like old: ServerStateTable.Row?, line: Int
    ) throws(ReplyFault) -> ServerStateTable.Row? {
      var found = InlineArray<6, Range<Int>>(repeating: 0..<0)
      var words = Words()
      var column = 0
      // What is behind the last column that is kept need not be looked at.
      while column <= last, let word = words.next(in: bytes) {
        for known in places.indices where places[known] == column { found[known] = word }
        column += 1
      }
      for known in places.indices where places[known] >= column { throw .brokenRow(line: line) }

      var numbers = InlineArray<4, Int64>(repeating: 0)
      for index in numbers.indices {
        let word = bytes.extracting(found[index + 2])
        guard let number = wholeNumber(word) else {
          throw .notANumber(beginning(of: word), column: Columns.names[index + 2], line: line)
        }
        numbers[index] = number
      }
      guard
        let operational = UInt8(exactly: numbers[0]).flatMap({ ServerStateTable.Operational(rawValue: $0) }),
        let admin = UInt16(exactly: numbers[1])
      else { return nil }
      return ServerStateTable.Row(
        backend: name(bytes.extracting(found[0]), like: old?.backend),
        server: name(bytes.extracting(found[1]), like: old?.server),
        operational: operational, admin: ServerStateTable.AdminFlags(rawValue: admin), weight: numbers[2],
        configuredWeight: numbers[3])
    }

    private func name(_ bytes: Span<UInt8>, like old: String?) -> String {
      if let old, areSame(bytes, old) { return old }
      return printable(bytes)
    }
  }

  /// The words of a line, each two separated by one space.
  private struct Words {
    private var place = 0

    mutating func next(in line: Span<UInt8>) -> Range<Int>? {
      guard place <= line.count else { return nil }
      var end = place
      while end < line.count, line[end] != ASCII.space { end += 1 }
      defer { place = end + 1 }
      return place..<end
    }
  }

  /// The lines of a reply that have their line end.
  private struct Lines {
    private var place = 0
    /// Of the line that `next` gives next.
    private(set) var number = 1

    mutating func next(in reply: Span<UInt8>) -> Range<Int>? {
      var end = place
      while end < reply.count, reply[end] != ASCII.newline { end += 1 }
      guard end < reply.count else { return nil }
      defer {
        place = end + 1
        number += 1
      }
      return place..<end
    }
  }
}
