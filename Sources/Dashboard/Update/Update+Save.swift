import Cluster

extension State {
  /// Asks which stretch is to be saved. What the bar of time shows is what one most likely means.
  mutating func askWhatToSave() {
    guard let present = present.now?.wall else {
      message = "there is nothing to be saved yet"
      return
    }
    var text = stripLength.typed
    if let past {
      let around = TimeSpan(stripLength, until: min(present, past.place.at.advanced(by: stripLength / 2)))
      let span = strip.map(\.span).flatMap { $0.contains(past.place.at) ? $0 : nil } ?? around
      text =
        "\(typed(span.start)) .. \(typed(min(present, span.end).advanced(by: .nanoseconds(999_999_999))))"
    }
    prompt = Prompt(kind: .save, text: text, before: "")
  }

  /// Reads the stretch, and asks for the file.
  mutating func askWhereToSave(_ text: String) {
    guard let present = present.now?.wall else { return }
    do throws(TimeFault) {
      let span = try stretch(text, present: present)
      guard span.length > .zero else {
        message = "from \(text.shortened(60)) to the same is nothing"
        return
      }
      prompt = Prompt(kind: .saveTo(span), text: fileName(for: span), before: "")
    } catch {
      message = error.words
    }
  }

  func save(_ span: TimeSpan, into text: String) -> [Effect] {
    let file = text.trimmed
    return file.isEmpty ? [] : [.save(span, file: file)]
  }

  /// `15m`: so long before what is shown. `14:00 .. 14:15`: two times, as they are typed to go there.
  private func stretch(_ text: String, present: WallTime) throws(TimeFault) -> TimeSpan {
    func time(_ text: Substring) throws(TimeFault) -> WallTime {
      try TimeExpression(parsing: String(text).trimmed)
        .resolved(now: present, utcOffset: look.utcOffset, looking: past?.place.at)
    }
    let bytes = Array(text.utf8)
    let dots = bytes.indices.dropLast().first { bytes[$0] == 0x2E && bytes[$0 + 1] == 0x2E }
    if let dots {
      let begin = text.utf8.index(text.startIndex, offsetBy: dots)
      let end = text.utf8.index(begin, offsetBy: 2)
      return TimeSpan(from: try time(text[..<begin]), to: try time(text[end...]))
    }
    let shown = past?.place.at ?? present
    if let length = Duration(parsingSpan: text.trimmed) { return TimeSpan(length, until: shown) }
    return TimeSpan(from: try time(text[...]), to: shown)
  }

  /// As it is typed, to the second, on the clocks of the place.
  private func typed(_ time: WallTime) -> String {
    let day = time.calendar(offsetSeconds: look.utcOffset)
    return "\(day.year)-\(Figures.twoDigits(day.month))-\(Figures.twoDigits(day.day)) "
      + Figures.timeOfDay(time, utcOffset: look.utcOffset)
  }

  /// `www.example.com-2026-11-21T1405Z.tiertop`: when it begins, in UTC, so that files of several places can be
  /// put in order.
  private func fileName(for span: TimeSpan) -> String {
    let start = span.start.calendar(offsetSeconds: 0)
    let name = topology.layout.cluster.unicodeScalars.prefix(64).map { scalar -> Character in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar))
      return isPlain ? Character(scalar) : "-"
    }
    let visible = String(name.drop { $0 == "." || $0 == "-" })
    return "\(visible.isEmpty ? "cluster" : visible)-\(start.year)-\(Figures.twoDigits(start.month))-"
      + "\(Figures.twoDigits(start.day))T\(Figures.twoDigits(start.hour))\(Figures.twoDigits(start.minute))Z.tiertop"
  }
}

extension Duration {
  /// As `Duration(parsingSpan:)` reads it: `15m`, `1h30m`, `45s`.
  fileprivate var typed: String {
    var left = max(1, nanoseconds / 1_000_000_000)
    var text = ""
    for (unit, letter) in [(Int64(86_400), "d"), (3600, "h"), (60, "m"), (1, "s")] where left >= unit {
      text += "\(left / unit)\(letter)"
      left %= unit
    }
    return text
  }
}
