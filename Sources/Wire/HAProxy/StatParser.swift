public import Cluster

/// Reads `show stat`, again and again from the same peer.
///
/// What rarely changes is kept from reply to reply: the columns' places, and the bytes of the names and
/// notes. A row whose texts are the same bytes as before costs no string; while nobody was added, removed or
/// renamed, the table has the same `Roster` object as the one before it. Columns are found by name, so that
/// every version from 1.4 on is read, and fields may be quoted (RFC 4180).
///
/// What is tolerated, and what is a fault:
/// - Unknown columns are skipped, absent ones are `StatTable.absent` or empty. `pxname`, `svname`, `type`
///   and `status` have to be there.
/// - A figure that is empty, `-` or not a whole number is absent: one odd field does not hide the table. A
///   number beyond 64 bits saturates.
/// - A row with another number of fields than the header, or with an open quote, is a fault: its figures
///   would be those of other columns. So is a `type` that is not a number.
/// - A row without a proxy's or server's name (HAProxy 2.3.0 to 2.3.2 send such), or of a type that is not
///   known, is left out.
public struct StatParser: Sendable {
  /// How the end of a reply is known.
  public enum Ending: Sendable {
    /// The stats socket: an empty line.
    case emptyLine
    /// The stats page over HTTP, where the transport knows the length.
    case endOfInput
  }

  /// No table has more rows; what goes beyond is not HAProxy's. Bounds the memory that a reply can ask for.
  public static let rowLimit = 250_000

  /// The longest header that is looked into; HAProxy 3.4's has 4 KB.
  static let headerLimit = 64 << 10

  private var plan = StatPlan()
  private var memory = StatMemory()

  public init() {}

  /// The table in a reply that holds `show stat` and nothing else before it.
  public mutating func parse(_ reply: Span<UInt8>, ending: Ending) throws(ReplyFault) -> StatTable {
    var place = 0
    return try parse(reply, at: &place, ending: ending)
  }

  /// The table that begins at `place`; afterwards `place` is behind its terminator.
  ///
  /// After a fault the parser is as it was before.
  mutating func parse(_ reply: Span<UInt8>, at place: inout Int, ending: Ending) throws(ReplyFault)
    -> StatTable
  {
    guard starts(reply.extracting(place...), with: "# pxname") else {
      throw .notStat(beginning: beginning(of: reply.extracting(place...)))
    }
    // Every scan stops at a line end. Behind the last one there is only a line that was cut.
    var limit = reply.count
    while limit > place, reply[limit - 1] != ASCII.newline { limit -= 1 }
    if limit == place { throw .truncated(line: 1) }
    if ending == .endOfInput, limit < reply.count {
      throw .truncated(line: lineCount(reply, upTo: limit) + 1)
    }

    var headerEnd = place
    while reply[headerEnd] != ASCII.newline { headerEnd += 1 }
    let header = reply.extracting(place..<headerEnd)
    guard header.count <= StatParser.headerLimit else { throw .brokenRow(line: 1) }
    let isSameHeader = plan.fits(header)
    let plan = isSameHeader ? self.plan : try StatPlan(header: header)

    var scan = StatScan(plan: plan, memory: isSameHeader ? memory : StatMemory(), start: headerEnd + 1)
    let table = try scan.table(in: reply.extracting(first: limit), ending: ending)
    self.plan = plan
    memory = scan.remembered(table)
    place = scan.place
    return table
  }

  private func lineCount(_ reply: Span<UInt8>, upTo limit: Int) -> Int {
    var lines = 0
    for index in 0..<limit where reply[index] == ASCII.newline { lines += 1 }
    return lines
  }
}
