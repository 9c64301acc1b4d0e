import Cluster

/// Reads the rows of `show stat`: numbers go straight to their cells, texts are compared with what is
/// remembered while their end is looked for.
///
/// Precondition of all of it: the last byte of the reply is a line end, so that no scan for the end of a
/// field runs beyond the reply.
struct StatRowReader {
  /// Where the next row begins; behind the row after `read`.
  var place: Int
  /// Whether all texts of the row are the bytes that are remembered of it.
  var isKnown = false
  /// Where in the reply each `StatPlan.Text` was, its quotes included.
  var starts = InlineArray<12, Int>(repeating: 0)
  var ends = InlineArray<12, Int>(repeating: 0)

  init(place: Int) { self.place = place }

  /// Reads one row; its figures go to `cells` from `base` on, where they are all absent before.
  ///
  /// `known` is what is remembered, `knownPlace` where this row's part of it begins; nil where nothing is.
  /// False where the row has another number of fields than the plan, or a quote is not closed.
  @inline(__always)
  mutating func read(
    _ reply: Span<UInt8>, steps: Span<StatPlan.Step>, rest: Int, known: Span<UInt8>, from knownPlace: Int?,
    into cells: inout OutputSpan<Int64>, at base: Int
  ) -> Bool {
    var at = place
    var knownAt = knownPlace ?? 0
    var isKnown = knownPlace != nil
    var byte = ASCII.comma

    for column in steps.indices {
      // The field before has to have ended in a comma, so that there is one more.
      guard byte == ASCII.comma else { return false }
      byte = reply[at]
      let step = steps[column]
      if step < StatPlan.textBase {
        if byte != ASCII.comma {
          let start = at
          var value: Int64 = 0
          var digit = byte &- ASCII.zero
          while digit <= 9 {
            value = value &* 10 &+ Int64(digit)
            at &+= 1
            byte = reply[at]
            digit = byte &- ASCII.zero
          }
          // Eighteen digits are always within 64 bits. All else is rare, and left to the careful reader.
          if byte == ASCII.comma, at &- start <= 18 {
            cells[base &+ Int(step)] = value
          } else {
            guard let end = StatRowReader.end(of: start, in: reply) else { return false }
            at = end
            byte = reply[at]
            cells[base &+ Int(step)] = wholeNumber(reply.extracting(start..<end)) ?? StatTable.absent
          }
        }
      } else if step == StatPlan.skip {
        if byte == ASCII.quote {
          guard let end = StatRowReader.end(of: at, in: reply) else { return false }
          at = end
          byte = reply[at]
        }
        while byte != ASCII.comma, byte != ASCII.newline {
          at &+= 1
          byte = reply[at]
        }
      } else {
        let text = Int(step &- StatPlan.textBase)
        let start = at
        starts[text] = start
        if byte == ASCII.quote {
          guard let end = StatRowReader.end(of: start, in: reply) else { return false }
          if isKnown {
            isKnown = StatRowReader.areSame(reply.extracting(start...end), known, at: knownAt)
            knownAt &+= end &- start &+ 1
          }
          at = end
          byte = reply[at]
        } else {
          if isKnown {
            isKnown = false
            while knownAt < known.count, byte == known[knownAt] {
              knownAt &+= 1
              if byte == ASCII.comma || byte == ASCII.newline {
                isKnown = true
                break
              }
              at &+= 1
              byte = reply[at]
            }
          }
          while byte != ASCII.comma, byte != ASCII.newline {
            at &+= 1
            byte = reply[at]
          }
        }
        ends[text] = at
      }
      at &+= 1
    }

    // Behind the last column that is kept, fields are only counted.
    var left = rest
    while left > 0 {
      guard byte == ASCII.comma else { return false }
      byte = reply[at]
      if byte == ASCII.quote {
        guard let end = StatRowReader.end(of: at, in: reply) else { return false }
        at = end
        byte = reply[at]
      }
      while byte != ASCII.comma, byte != ASCII.newline {
        at &+= 1
        byte = reply[at]
      }
      at &+= 1
      left &-= 1
    }
    guard byte == ASCII.newline else { return false }
    place = at
    self.isKnown = isKnown
    return true
  }

  /// Where the field that begins at `start` ends: the place of its comma or line end. Nil where it is quoted
  /// and the quote is not closed, or not followed by the field's end.
  @inline(never)
  static func end(of start: Int, in reply: Span<UInt8>) -> Int? {
    var at = start
    if reply[at] == ASCII.quote {
      at += 1
      while true {
        while at < reply.count, reply[at] != ASCII.quote { at += 1 }
        // The last byte is a line end, so a closing quote has a byte behind it.
        guard at + 1 < reply.count else { return nil }
        at += 1
        if reply[at] != ASCII.quote { break }
        at += 1
      }
      return reply[at] == ASCII.comma || reply[at] == ASCII.newline ? at : nil
    }
    while reply[at] != ASCII.comma, reply[at] != ASCII.newline { at += 1 }
    return at
  }

  private static func areSame(_ bytes: Span<UInt8>, _ known: Span<UInt8>, at place: Int) -> Bool {
    guard known.count - place >= bytes.count else { return false }
    for index in bytes.indices where bytes[index] != known[place + index] { return false }
    return true
  }
}
