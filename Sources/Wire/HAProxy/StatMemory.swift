import Cluster

/// What is remembered of the reply before: the raw bytes of every kept text, in the order they came, and the
/// table made of them. Equal bytes mean equal strings, and none has to be made.
struct StatMemory: Sendable {
  struct Row: Sendable {
    /// Where the row's texts end in `texts`.
    var end: Int
    /// The row of the table that it became; -1 where it was left out.
    var tableRow: Int
  }

  /// Each text with the separator behind it.
  var texts: [UInt8] = []
  var rows: [Row] = []
  var roster: Roster?
  var notes: [String] = []

  /// Where the texts of a row begin.
  func start(ofRow row: Int) -> Int { row == 0 ? 0 : rows[row - 1].end }

  /// What was added to `texts` since the row before is a row.
  mutating func endRow(tableRow: Int) {
    rows.append(Row(end: texts.count, tableRow: tableRow))
  }

  /// The same, up to a row.
  func upTo(row: Int) -> StatMemory {
    var copy = StatMemory()
    copy.texts.reserveCapacity(texts.count + 256)
    copy.texts.append(contentsOf: texts[..<start(ofRow: row)])
    copy.rows.reserveCapacity(rows.count + 4)
    copy.rows.append(contentsOf: rows[..<row])
    return copy
  }
}
