public import Cluster

extension StubStatus {
  /// The body of Nginx's `stub_status` page.
  ///
  ///     Active connections: 17
  ///     server accepts handled requests
  ///      11419 11419 28458
  ///     Reading: 0 Writing: 1 Waiting: 16
  ///
  /// Words are found by name, so that more of them (Tengine adds `request_time`) do no harm. Throws
  /// `notStubStatus` for another page, `notANumber`, and `truncated` where the page stops early: also within
  /// its last number, since that is followed by a line end. Source: ngx_http_stub_status_module.
  public init(parsing page: Span<UInt8>) throws(ReplyFault) {
    guard starts(page, with: "Active connections:") else {
      throw .notStubStatus(beginning: beginning(of: page))
    }
    // A page with line ends of its own is not stub_status'; one without its last one was cut.
    var lines: [Range<Int>] = []
    var start = 0
    for index in page.indices where page[index] == ASCII.newline {
      lines.append(start..<index)
      start = index + 1
      if lines.count == 4 { break }
    }
    guard lines.count == 4 else { throw .truncated(line: lines.count + 1) }

    let active = StubStatus.words(of: page, in: lines[0])
    let names = StubStatus.words(of: page, in: lines[1])
    let totals = StubStatus.words(of: page, in: lines[2])
    let states = StubStatus.words(of: page, in: lines[3])
    guard active.count >= 3, names.count >= 4, areSame(page.extracting(names[0]), "server") else {
      throw .notStubStatus(beginning: beginning(of: page))
    }

    /// The number below its name in line 2.
    func total(_ name: String) throws(ReplyFault) -> Int64 {
      guard let place = names.dropFirst().firstIndex(where: { areSame(page.extracting($0), name) }) else {
        throw .missingColumn(name)
      }
      guard place - 1 < totals.count else { throw .brokenRow(line: 3) }
      return try StubStatus.number(page.extracting(totals[place - 1]), column: name, line: 3)
    }
    /// The number behind its name in line 4.
    func state(_ name: String) throws(ReplyFault) -> Int64 {
      guard let place = states.firstIndex(where: { areSame(page.extracting($0), name) }) else {
        throw .missingColumn(name)
      }
      guard place + 1 < states.count else { throw .brokenRow(line: 4) }
      return try StubStatus.number(page.extracting(states[place + 1]), column: name, line: 4)
    }

    self.init(
      active: try StubStatus.number(page.extracting(active[2]), column: "Active connections:", line: 1),
      accepts: try total("accepts"), handled: try total("handled"), requests: try total("requests"),
      reading: try state("Reading:"), writing: try state("Writing:"), waiting: try state("Waiting:"))
  }

  private static func number(_ word: Span<UInt8>, column: String, line: Int) throws(ReplyFault) -> Int64 {
    guard let number = wholeNumber(word), number >= 0 else {
      throw .notANumber(beginning(of: word), column: column, line: line)
    }
    return number
  }

  /// The words of one line, whatever the blanks between them.
  private static func words(of page: Span<UInt8>, in line: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for index in line {
      let isBlank = page[index] == ASCII.space || page[index] == ASCII.carriageReturn
      if let first = start, isBlank {
        words.append(first..<index)
        start = nil
      } else if start == nil, !isBlank {
        start = index
      }
    }
    if let first = start { words.append(first..<line.upperBound) }
    return words
  }
}
