/// Which series are meant: those of a name that have all these labels, whatever others they have.
struct MetricPattern: Hashable, Sendable {
  var name: [UInt8]
  private var labels: [Label] = []

  private struct Label: Hashable, Sendable {
    var name: [UInt8]
    var value: [UInt8]
  }

  /// Reads `http_requests_total` or `http_requests_total{code="500"}`; nil where the labels are none.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let brace = bytes.firstIndex(of: UInt8(ascii: "{")) ?? bytes.endIndex
    name = Array(bytes[..<brace])
    guard !name.isEmpty else { return nil }
    guard brace < bytes.endIndex else { return }
    let page = bytes.span
    guard let end = MetricLabels.end(page, (brace + 1)..<bytes.count), end == bytes.count - 1 else {
      return nil
    }
    var place = brace + 1
    while place < end {
      if bytes[place] == ASCII.comma || bytes[place] == ASCII.space {
        place += 1
      } else {
        guard let label = MetricLabels.next(page, &place, until: end) else { return nil }
        labels.append(Label(name: Array(bytes[label.name]), value: Array(bytes[label.value])))
      }
    }
  }

  func matches(_ series: MetricScan.Series, in page: Span<UInt8>) -> Bool {
    for wanted in labels {
      var place = series.labels.lowerBound
      var isThere = false
      while !isThere, let label = MetricLabels.next(page, &place, until: series.labels.upperBound) {
        isThere =
          areSame(page.extracting(label.name), wanted.name)
          && areSame(page.extracting(label.value), wanted.value)
      }
      if !isThere { return false }
    }
    return true
  }
}

/// Whether both are the same bytes.
func areSame(_ bytes: Span<UInt8>, _ wanted: [UInt8]) -> Bool {
  guard bytes.count == wanted.count else { return false }
  // Names of one program begin alike.
  var index = wanted.count - 1
  while index >= 0 {
    if bytes[index] != wanted[index] { return false }
    index -= 1
  }
  return true
}
