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
  /// The table that is being read; nil between two of them.
  private var progress: Progress?

  /// As far as a table has come.
  private struct Progress {
    var scan: StatScan
    var figures: [Int64] = []
    /// How much of the reply was there when it was last looked at.
    var seen: Int
  }

  public init() {}

  /// The table in a reply that holds `show stat` and nothing else before it.
  public mutating func parse(_ reply: Span<UInt8>, ending: Ending) throws(ReplyFault) -> StatTable {
    var place = 0
    return try parse(reply, at: &place, ending: ending)
  }

  /// The table that begins at `place`; afterwards `place` is behind its terminator. What `readAhead` has read of it
  /// is not read again.
  ///
  /// After a fault the parser is as it was before.
  mutating func parse(_ reply: Span<UInt8>, at place: inout Int, ending: Ending) throws(ReplyFault)
    -> StatTable
  {
    guard starts(reply.extracting(place...), with: "# pxname") else {
      throw .notStat(beginning: beginning(of: reply.extracting(place...)))
    }
    guard let limit = StatParser.endOfLines(reply, from: place) else { throw .truncated(line: 1) }
    if ending == .endOfInput, limit < reply.count {
      throw .truncated(line: StatParser.lineCount(reply, upTo: limit) + 1)
    }
    guard var progress = try progress(with: reply, at: place) else { throw .truncated(line: 1) }
    let outcome = try progress.scan.rows(
      of: reply.extracting(first: limit), into: &progress.figures, isCut: false)
    if outcome == .cut, ending == .emptyLine { throw .truncated(line: progress.scan.line) }
    place = progress.scan.place
    return remember(progress)
  }

  /// Reads as many rows of the table that begins at `place` as have come. Nil while its end has not; then more of the
  /// same reply is to be given to this or to `parse`.
  ///
  /// For `Ending.emptyLine`. After a fault the parser is as it was before, and `parse` finds the same one.
  mutating func readAhead(_ reply: Span<UInt8>, at place: inout Int) throws(ReplyFault) -> StatTable? {
    guard var progress = try progress(with: reply, at: place) else { return nil }
    // Without a new line end there is nothing new, however often it is asked.
    let seen = progress.seen
    progress.seen = reply.count
    if let limit = StatParser.endOfLines(reply, from: seen) {
      let outcome = try progress.scan.rows(
        of: reply.extracting(first: limit), into: &progress.figures, isCut: true)
      if outcome == .ended {
        place = progress.scan.place
        return remember(progress)
      }
    }
    self.progress = progress
    return nil
  }

  /// Forgets what was read ahead: the rest of the reply does not come.
  mutating func forgetProgress() { progress = nil }

  /// Takes out what was read so far, or begins with the header. Nil where that has not come.
  private mutating func progress(with reply: Span<UInt8>, at place: Int) throws(ReplyFault) -> Progress? {
    if let progress = progress.take() { return progress }
    let bound = min(reply.count, place + StatParser.headerLimit + 1)
    guard let headerEnd = (place..<bound).first(where: { reply[$0] == ASCII.newline }) else {
      if bound < reply.count { throw .brokenRow(line: 1) }
      return nil
    }
    let header = reply.extracting(place..<headerEnd)
    let isSameHeader = plan.fits(header)
    let scan = StatScan(
      plan: isSameHeader ? plan : try StatPlan(header: header),
      memory: isSameHeader ? memory : StatMemory(), start: headerEnd + 1)
    return Progress(scan: scan, seen: headerEnd)
  }

  private mutating func remember(_ progress: consuming Progress) -> StatTable {
    progress.scan.finish()
    let table = progress.scan.table(progress.figures)
    plan = progress.scan.plan
    memory = progress.scan.remembered(table)
    return table
  }

  /// Behind the last line end from `place` on: every scan stops at a line end, and behind the last one there is only a
  /// line that is cut. Nil where there is none.
  private static func endOfLines(_ reply: Span<UInt8>, from place: Int) -> Int? {
    var limit = reply.count
    while limit > place, reply[limit - 1] != ASCII.newline { limit -= 1 }
    return limit > place ? limit : nil
  }

  private static func lineCount(_ reply: Span<UInt8>, upTo limit: Int) -> Int {
    var lines = 0
    for index in 0..<limit where reply[index] == ASCII.newline { lines += 1 }
    return lines
  }
}
