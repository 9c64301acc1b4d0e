import Cluster

/// The way through the rows of a reply: from bytes and what is remembered to a table and what is to be remembered.
/// It goes as far as rows have come, and goes on from there when more have.
struct StatScan: Sendable {
  let plan: StatPlan
  /// Of the reply before.
  let memory: StatMemory
  private var reader: StatRowReader
  /// Of this reply; nil while it is the same.
  private var fresh: StatMemory?
  /// The rows of the new roster; nil while they are those of the old one.
  private var roster: [Roster.Row]?
  private var notes: [String]
  /// How many rows of the table there are so far.
  private var count = 0
  /// How many rows of the reply were read so far, those that were left out too.
  private var ordinal = 0
  /// A row could not be read though a line had come: it is for who has all of the reply to say why.
  private var isStuck = false

  /// How a part of the rows ended.
  enum Outcome {
    /// With the empty line behind the last row.
    case ended
    /// Where nothing more has come, or nothing that can be read without the rest.
    case cut
  }

  /// Rows that room is made for at a time, and at first where nobody knows how many come: room that is not used is never
  /// touched, and costs nothing.
  private static let (stride, opening) = (64, 2048)

  init(plan: StatPlan, memory: StatMemory, start: Int) {
    self.plan = plan
    self.memory = memory
    reader = StatRowReader(place: start)
    notes = memory.notes
    if memory.roster == nil { roster = [] }
  }

  /// Behind what was read.
  var place: Int { reader.place }

  /// The line that is read next; the header is line 1.
  var line: Int { ordinal + 2 }

  /// Reads as many rows as have come. The last byte of `reply` has to be a line end.
  ///
  /// - Parameters:
  ///   - figures: of the rows so far; those of each more are added.
  ///   - isCut: whether more of the reply may come. What cannot be read then is left for later.
  mutating func rows(
    of reply: Span<UInt8>, into figures: inout [Int64], isCut: Bool
  ) throws(ReplyFault) -> Outcome {
    if isStuck, isCut { return .cut }
    if figures.isEmpty {
      // As many as last time, mostly.
      let expected = memory.rows.isEmpty ? StatScan.opening : memory.rows.count
      figures.reserveCapacity(expected * StatFigure.count)
    }
    while true {
      if let end = end(of: reply) { return end }
      let left = memory.rows.count - ordinal
      let room = left > 0 ? min(left, StatScan.stride) : StatScan.stride
      var outcome: Outcome?
      try figures.append(addingCapacity: room * StatFigure.count) {
        (cells: inout OutputSpan<Int64>) throws(ReplyFault) in
        outcome = try rows(of: reply, into: &cells, isCut: isCut)
      }
      if let outcome { return outcome }
    }
  }

  /// Whether there is no row at the place where the next one would be; goes past the line that says so.
  private mutating func end(of reply: Span<UInt8>) -> Outcome? {
    if reader.place == reply.count { return .cut }
    guard reply[reader.place] == ASCII.newline else { return nil }
    reader.place += 1
    return .ended
  }

  /// The table of these figures, once its end has been read.
  func table(_ figures: [Int64]) -> StatTable {
    StatTable(roster: currentRoster, figures: figures, notes: notes)
  }

  /// What is to be remembered of this reply for the next one.
  func remembered(_ table: StatTable) -> StatMemory {
    var next = fresh ?? memory
    if fresh == nil, ordinal < memory.rows.count { next = memory.upTo(row: ordinal) }
    next.roster = table.roster
    next.notes = table.notes
    return next
  }

  /// As many rows as there is room for; nil where that was not all.
  private mutating func rows(
    of reply: Span<UInt8>, into cells: inout OutputSpan<Int64>, isCut: Bool
  ) throws(ReplyFault) -> Outcome? {
    // Spans of copies: the scan itself changes while they are in use.
    let (plan, memory) = (plan, memory)
    let steps = plan.steps.span
    let known = memory.texts.span
    while cells.freeCapacity >= StatFigure.count {
      if let end = end(of: reply) { return end }
      guard count < StatParser.rowLimit else { throw .tooManyRows(limit: count) }
      let base = cells.count
      cells.append(repeating: StatTable.absent, count: StatFigure.count)
      let isWhole = reader.read(
        reply, steps: steps, rest: plan.rest, known: known,
        from: ordinal < memory.rows.count ? memory.start(ofRow: ordinal) : nil, into: &cells, at: base)
      guard isWhole else {
        guard isCut else { throw .brokenRow(line: line) }
        cells.removeLast(StatFigure.count)
        isStuck = true
        return .cut
      }

      let isKept =
        if reader.isKnown, isInPlace { settleKnownRow() } else { try settleNewRow(reply, line: line) }
      if isKept { count += 1 } else { cells.removeLast(StatFigure.count) }
      ordinal += 1
    }
    return nil
  }

  /// Whether the remembered row is where it was in the table, or was left out.
  private var isInPlace: Bool {
    let tableRow = memory.rows[ordinal].tableRow
    return tableRow == count || tableRow < 0
  }

  /// Takes over what is remembered of the row. False where it was left out.
  private mutating func settleKnownRow() -> Bool {
    let row = memory.rows[ordinal]
    if fresh != nil {
      fresh?.texts.append(contentsOf: memory.texts[memory.start(ofRow: ordinal)..<row.end])
      fresh?.endRow(tableRow: row.tableRow)
    }
    guard row.tableRow >= 0 else { return false }
    // The notes are there already: they began as those of the table before.
    if roster != nil, let old = memory.roster { roster?.append(old.rows[row.tableRow]) }
    return true
  }

  /// Makes the row's strings, and remembers their bytes. False where it is left out.
  @inline(never)
  private mutating func settleNewRow(_ reply: Span<UInt8>, line: Int) throws(ReplyFault) -> Bool {
    let kindText = reply.extracting(range(.kind))
    guard let kindNumber = wholeNumber(kindText) else {
      throw .notANumber(beginning(of: kindText), column: StatPlan.Text.kind.column, line: line)
    }
    let kind = UInt8(exactly: kindNumber).flatMap { RowKind(rawValue: $0) }
    // Closures that look into this, also those behind && and ??, would copy all of it for each row.
    let (proxyLength, nameLength) = (range(.proxy).count, range(.name).count)
    let isNamed = proxyLength > 0 && nameLength > 0
    remember(reply, tableRow: kind != nil && isNamed ? count : -1)
    guard let kind, isNamed else { return false }

    var old: Roster.Row?
    if let roster = memory.roster, count < roster.count { old = roster.rows[count] }
    // Rows of one proxy follow each other and share its name.
    var proxy = old?.proxy
    if proxy == nil { proxy = roster?.last?.proxy }
    let row = Roster.Row(
      proxy: text(.proxy, in: reply, like: proxy),
      name: text(.name, in: reply, like: old?.name),
      kind: kind,
      address: text(.address, in: reply, like: old?.address),
      cookie: text(.cookie, in: reply, like: old?.cookie),
      mode: text(.mode, in: reply, like: old?.mode))
    if roster == nil, row != old { roster = Array(memory.roster?.rows[..<count] ?? []) }
    if roster != nil { roster?.append(row) }

    for note in StatNote.allCases {
      let index = count * StatNote.count + note.rawValue
      if index < notes.count {
        if !StatScan.isSame(reply.extracting(range(of: note)), notes[index]) {
          notes[index] = StatScan.text(at: range(of: note), in: reply)
        }
      } else {
        notes.append(StatScan.text(at: range(of: note), in: reply))
      }
    }
    return true
  }

  /// The row's texts, as they are in the reply, in the order of the columns.
  private mutating func remember(_ reply: Span<UInt8>, tableRow: Int) {
    if fresh == nil { fresh = memory.upTo(row: min(ordinal, memory.rows.count)) }
    guard var next = fresh.take() else { return }
    for step in plan.steps where step >= StatPlan.textBase && step != StatPlan.skip {
      let text = Int(step - StatPlan.textBase)
      // The separator belongs to it, so that one text cannot pass for the beginning of another.
      for index in reader.starts[text]...reader.ends[text] { next.texts.append(reply[index]) }
    }
    next.endRow(tableRow: tableRow)
    fresh = next
  }

  /// Takes away what the table before had beyond this one's end.
  mutating func finish() {
    if notes.count > count * StatNote.count { notes.removeLast(notes.count - count * StatNote.count) }
    if roster == nil, let old = memory.roster, old.count > count { roster = Array(old.rows[..<count]) }
  }

  private var currentRoster: Roster {
    if roster == nil, let old = memory.roster { return old }
    return Roster(rows: roster ?? [])
  }

  private func range(_ text: StatPlan.Text) -> Range<Int> {
    reader.starts[text.rawValue]..<reader.ends[text.rawValue]
  }

  private func range(of note: StatNote) -> Range<Int> {
    switch note {
    case .status: range(.status)
    case .checkStatus: range(.checkStatus)
    case .lastCheck: range(.lastCheck)
    case .agentStatus: range(.agentStatus)
    case .algorithm: range(.algorithm)
    case .tracked: range(.tracked)
    }
  }

  private func text(_ text: StatPlan.Text, in reply: Span<UInt8>, like candidate: String?) -> String {
    let range = range(text)
    if let candidate, StatScan.isSame(reply.extracting(range), candidate) { return candidate }
    return StatScan.text(at: range, in: reply)
  }

  /// Whether the sanitised form of the bytes is the text. Only ever true of bytes that need no work.
  private static func isSame(_ bytes: Span<UInt8>, _ text: String) -> Bool {
    if bytes.count > 0, bytes[0] == ASCII.quote { return false }
    return areSame(bytes, text)
  }

  /// A field's text: without its quotes, and sanitised.
  private static func text(at range: Range<Int>, in reply: Span<UInt8>) -> String {
    let field = reply.extracting(range)
    guard field.count >= 2, field[0] == ASCII.quote else { return printable(field) }
    var plain: [UInt8] = []
    plain.reserveCapacity(field.count)
    var index = 1
    while index < field.count - 1 {
      // Two quotes within a quoted field are one.
      if field[index] == ASCII.quote { index += 1 }
      plain.append(field[index])
      index += 1
    }
    return printable(plain.span)
  }
}
