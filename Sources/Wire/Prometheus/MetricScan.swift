import Cluster

/// One pass over a page of Prometheus metrics, line by line, without making anything of what nobody asks for.
/// Source of the format: Prometheus, "Exposition formats", text format 0.0.4; OpenMetrics differs in comments only.
struct MetricScan {
  /// Behind what was read.
  private var place = 0
  /// Of the line that is read next, from 1.
  private(set) var line = 0

  enum Item {
    case series(Series)
    /// The name of a family that the page has, with or without series.
    case family(Range<Int>)
  }

  /// One line with a value. Ranges are those of the page.
  struct Series {
    var name: Range<Int>
    /// Between the braces; empty where there are none.
    var labels: Range<Int>
    fileprivate var value: Range<Int>
    fileprivate var line: Int
  }

  /// The next series or family; nil at the end. Throws `truncated` where the last line does not end, and
  /// `brokenRow` for what is no line of this format.
  mutating func next(in page: Span<UInt8>) throws(ReplyFault) -> Item? {
    while place < page.count {
      line += 1
      let start = place
      var end = start
      while end < page.count, page[end] != ASCII.newline { end += 1 }
      guard end < page.count else { throw .truncated(line: line) }
      place = end + 1
      if start == end { continue }
      if page[start] == ASCII.hash {
        if let family = MetricScan.family(page, start..<end) { return .family(family) }
        continue
      }
      return .series(try series(page, start..<end))
    }
    return nil
  }

  private func series(_ page: Span<UInt8>, _ row: Range<Int>) throws(ReplyFault) -> Series {
    var place = row.lowerBound
    while place < row.upperBound, MetricScan.isOfName(page[place]) { place += 1 }
    let name = row.lowerBound..<place
    guard !name.isEmpty else { throw .brokenRow(line: line) }
    place = MetricScan.behindBlanks(page, place..<row.upperBound)
    var labels = place..<place
    if place < row.upperBound, page[place] == UInt8(ascii: "{") {
      guard let end = MetricLabels.end(page, (place + 1)..<row.upperBound) else {
        throw .brokenRow(line: line)
      }
      labels = (place + 1)..<end
      place = MetricScan.behindBlanks(page, (end + 1)..<row.upperBound)
    }
    let start = place
    while place < row.upperBound, !MetricScan.isBlank(page[place]) { place += 1 }
    guard start < place else { throw .brokenRow(line: line) }
    return Series(name: name, labels: labels, value: start..<place, line: line)
  }

  /// `# TYPE name …`, `# HELP name …`.
  private static func family(_ page: Span<UInt8>, _ row: Range<Int>) -> Range<Int>? {
    let text = page.extracting(row)
    guard starts(text, with: "# TYPE ") || starts(text, with: "# HELP ") else { return nil }
    let start = behindBlanks(page, (row.lowerBound + 7)..<row.upperBound)
    var end = start
    while end < row.upperBound, isOfName(page[end]) { end += 1 }
    return start..<end
  }

  fileprivate static func isBlank(_ byte: UInt8) -> Bool {
    byte == ASCII.space || byte == UInt8(ascii: "\t") || byte == ASCII.carriageReturn
  }

  private static func behindBlanks(_ page: Span<UInt8>, _ range: Range<Int>) -> Int {
    var place = range.lowerBound
    while place < range.upperBound, isBlank(page[place]) { place += 1 }
    return place
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), ASCII.colon:
      true
    default: false
    }
  }
}

extension MetricScan.Series {
  /// Its value; nil for NaN, which says that there is none.
  func number(in page: Span<UInt8>) throws(ReplyFault) -> Double? {
    let text = page.extracting(value)
    if let number = decimalNumber(text) { return number }
    if areSame(text, "NaN") { return nil }
    if areSame(text, "+Inf") || areSame(text, "Inf") { return .infinity }
    if areSame(text, "-Inf") { return -.infinity }
    throw .notANumber(beginning(of: text), column: beginning(of: page.extracting(name)), line: line)
  }
}

/// A number of the page as a whole one: nearest, and saturated.
func wholeNumber(_ value: Double) -> Int64 {
  if value >= 0x1p63 { return .max }
  if value <= -0x1p63 { return -.max }
  return value.isNaN ? 0 : Int64(value.rounded())
}
