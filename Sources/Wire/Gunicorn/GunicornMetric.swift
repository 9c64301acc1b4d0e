/// One thing that gunicorn tells a statsd server.
public enum GunicornMetric: Hashable, Sendable {
  /// So many requests were answered.
  case requests(Int64)
  /// So many of them with this status.
  case status(Int64, count: Int64)
  /// One took so many microseconds. It stands for itself alone where it `isEvery`: where none is left out.
  case duration(Int64, isEvery: Bool)
  /// How many workers there are.
  case workers(Int64)
}

extension GunicornMetric {
  /// Gives each line of a datagram that is one of gunicorn's to `take`, with the prefix that this gunicorn was
  /// given: `app1` for `app1.gunicorn.requests:1|c|@1.0`, empty where it was given none. Other lines are nobody's.
  /// Source: gunicorn/instrument/statsd.py; the statsd protocol, with DogStatsD's tags.
  public static func read(
    _ datagram: Span<UInt8>, _ take: (_ prefix: Span<UInt8>, _ metric: GunicornMetric) -> Void
  ) {
    var start = 0
    while start < datagram.count {
      var end = start
      while end < datagram.count, datagram[end] != ASCII.newline { end += 1 }
      let line = datagram.extracting(start..<end)
      var colon = 0
      while colon < line.count, line[colon] != ASCII.colon { colon += 1 }
      if colon < line.count, let place = placeOfName(line.extracting(first: colon)),
        let value = Value(line.extracting((colon + 1)...)),
        let metric = metric(line.extracting((place + 9)..<colon), value)
      {
        take(line.extracting(first: max(0, place - 1)), metric)
      }
      start = end + 1
    }
  }

  /// Where `gunicorn.` begins: at the start, or behind a point; the last one, because a prefix may have the word too.
  private static func placeOfName(_ name: Span<UInt8>) -> Int? {
    var place = name.count - 10
    while place >= 0 {
      let isStart = place == 0 || name[place - 1] == UInt8(ascii: ".")
      if isStart, starts(name.extracting(place...), with: "gunicorn.") { return place }
      place -= 1
    }
    return nil
  }

  private static func metric(_ name: Span<UInt8>, _ value: Value) -> GunicornMetric? {
    if areSame(name, "requests"), value.kind == UInt8(ascii: "c") { return .requests(value.count) }
    if areSame(name, "request.duration") {
      let microseconds = (value.number * 1000).rounded()
      guard value.kind != UInt8(ascii: "c"), microseconds >= 0, microseconds < 1e15 else { return nil }
      return .duration(Int64(microseconds), isEvery: value.rate == 1)
    }
    if starts(name, with: "request.status."), value.kind == UInt8(ascii: "c"),
      let status = wholeNumber(name.extracting(15...)), (100...999).contains(status)
    {
      return .status(status, count: value.count)
    }
    if areSame(name, "workers"), value.kind == UInt8(ascii: "g") { return .workers(value.count) }
    return nil
  }

  /// `1.504|ms`, `1|c|@0.5|#tag:value`.
  private struct Value {
    var number: Double
    /// The first letter of its type: `c`ounter, `g`auge, `m`illiseconds, `h`istogram.
    var kind: UInt8
    /// The share of events that are told; 1 for all.
    var rate = 1.0

    /// How often it happened, with what was not told.
    var count: Int64 { Int64((number / rate).rounded()) }

    init?(_ text: Span<UInt8>) {
      var parts: [Range<Int>] = []
      var start = 0
      for index in 0...text.count where index == text.count || text[index] == UInt8(ascii: "|") {
        parts.append(start..<index)
        start = index + 1
      }
      guard parts.count >= 2, !parts[1].isEmpty, let number = decimalNumber(text.extracting(parts[0])),
        number >= 0, number < 1e12
      else { return nil }
      self.number = number
      kind = text[parts[1].lowerBound]
      for part in parts.dropFirst(2) where !part.isEmpty && text[part.lowerBound] == UInt8(ascii: "@") {
        guard let rate = decimalNumber(text.extracting(part.dropFirst())), rate > 1e-6, rate <= 1 else {
          return nil
        }
        self.rate = rate
      }
    }
  }
}
