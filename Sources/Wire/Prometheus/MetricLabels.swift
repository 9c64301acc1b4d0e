/// The labels of a series, as they stand between the braces: `code="200",method="GET"`.
enum MetricLabels {
  /// Where the brace closes that was opened before `range`; nil where it does not. A brace within a value is none.
  static func end(_ page: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var place = range.lowerBound
    var isQuoted = false
    while place < range.upperBound {
      switch page[place] {
      case UInt8(ascii: "\\") where isQuoted: place += 1
      case ASCII.quote: isQuoted.toggle()
      case UInt8(ascii: "}") where !isQuoted: return place
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The next label from `place` on, which is moved behind it; nil where there is none that is whole.
  static func next(
    _ page: Span<UInt8>, _ place: inout Int, until end: Int
  ) -> (name: Range<Int>, value: Range<Int>)? {
    while place < end, page[place] == ASCII.comma || page[place] == ASCII.space { place += 1 }
    let start = place
    while place < end, page[place] != UInt8(ascii: "="), page[place] != ASCII.space { place += 1 }
    let name = start..<place
    while place < end, page[place] == ASCII.space { place += 1 }
    guard !name.isEmpty, place < end, page[place] == UInt8(ascii: "=") else { return nil }
    place += 1
    while place < end, page[place] == ASCII.space { place += 1 }
    guard place < end, page[place] == ASCII.quote else { return nil }
    place += 1
    let first = place
    while place < end, page[place] != ASCII.quote { place += page[place] == UInt8(ascii: "\\") ? 2 : 1 }
    guard place < end else { return nil }
    place += 1
    return (name, first..<(place - 1))
  }

  /// The value of a label as it stands there, with its escapes; nil where there is no such label.
  static func value(
    _ name: StaticString, _ page: Span<UInt8>, _ labels: Range<Int>
  ) -> Range<Int>? {
    var place = labels.lowerBound
    while let label = next(page, &place, until: labels.upperBound) {
      if label.name.count == name.utf8CodeUnitCount, starts(page.extracting(label.name), with: name) {
        return label.value
      }
    }
    return nil
  }

  /// A value without its escapes: `\\`, `\"`, `\n`.
  static func unescaped(_ value: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var place = 0
    while place < value.count {
      if value[place] == UInt8(ascii: "\\"), place + 1 < value.count {
        place += 1
        bytes.append(value[place] == UInt8(ascii: "n") ? ASCII.newline : value[place])
      } else {
        bytes.append(value[place])
      }
      place += 1
    }
    return bytes
  }
}
