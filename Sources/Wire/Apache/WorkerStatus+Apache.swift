public import Cluster

extension WorkerStatus {
  /// The page of Apache's mod_status, as `?auto` gives it: `Name: value` lines.
  ///
  /// Without `ExtendedStatus` there are no totals, and they stay nil. When it started is said in the server's own
  /// time zone, whose distance from UTC is that of the page's clock from `now`; nil where the zone has changed
  /// since. Throws `notOf` for another page, `missingColumn`, `notANumber`, and `truncated` where the page stops
  /// before the end of its scoreboard, which is the last thing that the server says of itself.
  /// Source: mod_status.c.
  public init(apache page: Span<UInt8>, now: WallTime) throws(ReplyFault) {
    self.init()
    var isWhole = false
    var clock: Clock?
    var start: Clock?
    var place = 0
    var line = 1
    while place < page.count {
      var end = place
      while end < page.count, page[end] != ASCII.newline { end += 1 }
      if end == page.count, !isWhole { break }
      var colon = place
      while colon < end, page[colon] != ASCII.colon { colon += 1 }
      let name = page.extracting(place..<colon)
      let value = page.extracting(WorkerStatus.word(in: page, min(colon + 1, end)..<end))
      if areSame(name, "BusyWorkers") {
        busy = try WorkerStatus.count(value, "BusyWorkers", line)
      } else if areSame(name, "IdleWorkers") {
        idle = try WorkerStatus.count(value, "IdleWorkers", line)
      } else if areSame(name, "Total Accesses") {
        requests = try WorkerStatus.count(value, "Total Accesses", line)
      } else if areSame(name, "Total Duration") {
        // Milliseconds.
        let total = try WorkerStatus.count(value, "Total Duration", line)
        let (product, isOver) = total.multipliedReportingOverflow(by: 1000)
        microseconds = isOver ? .max : product
      } else if areSame(name, "ConnsTotal") {
        connections = try WorkerStatus.count(value, "ConnsTotal", line)
      } else if areSame(name, "CurrentTime") {
        clock = Clock(value)
      } else if areSame(name, "RestartTime") {
        start = Clock(value)
      } else if areSame(name, "Scoreboard") {
        isWhole = true
      }
      place = end + 1
      line += 1
    }
    guard isWhole else {
      if line > 1, busy != nil || start != nil || clock != nil { throw .truncated(line: line) }
      throw .notOf(.apache, beginning: beginning(of: page))
    }
    guard busy != nil else { throw .missingColumn("BusyWorkers") }
    if let clock, let start, clock.zone == start.zone {
      // Zones are whole quarters of an hour apart.
      let quarter: Int64 = 900
      let difference = clock.seconds - now.nanoseconds / 1_000_000_000
      let offset = (Double(difference) / Double(quarter)).rounded() * Double(quarter)
      started = start.seconds - Int64(offset)
    }
  }

  /// The range without the blanks at its ends.
  private static func word(in page: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, page[start] == ASCII.space { start += 1 }
    while start < end, page[end - 1] == ASCII.space || page[end - 1] == ASCII.carriageReturn { end -= 1 }
    return start..<end
  }

  private static func count(_ value: Span<UInt8>, _ name: String, _ line: Int) throws(ReplyFault) -> Int64 {
    guard let number = wholeNumber(value), number >= 0 else {
      throw .notANumber(beginning(of: value), column: name, line: line)
    }
    return number
  }

  /// `Saturday, 21-Nov-2026 09:17:37 UTC`, as if it were UTC, and the name of its zone.
  private struct Clock {
    var seconds: Int64
    var zone: String

    init?(_ text: Span<UInt8>) {
      // Bounded before it becomes a string: the longest day and a zone are shorter.
      guard text.count <= 64 else { return nil }
      let words = printable(text).split(separator: " ")
      guard words.count == 4 else { return nil }
      let day = words[1].split(separator: "-")
      let time = words[2].split(separator: ":").compactMap { Int($0) }
      let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
      guard day.count == 3, time.count == 3, let date = Int(day[0]), let year = Int(day[2]),
        let month = months.firstIndex(of: String(day[1])),
        let wall = WallTime(
          CalendarTime(
            year: year, month: month + 1, day: date, hour: time[0], minute: time[1], second: time[2]))
      else { return nil }
      seconds = wall.nanoseconds / 1_000_000_000
      zone = String(words[3])
    }
  }
}
