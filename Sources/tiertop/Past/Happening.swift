import Cluster
import Dashboard
import History

/// Something that has happened, as the store knows it: an event, a stretch without frames, another layout.
struct Happening {
  var at: WallTime
  /// What it is, as the JSON names it.
  var kind: String
  var node: NodeName?
  /// One line; sanitised.
  var words: String
  /// For a gap: where it ends.
  var until: WallTime?
  /// nil where it is none, or one that only a newer tiertop can read.
  var event: Event?
}

extension Happening {
  init(_ recorded: RecordedEvent) {
    at = recorded.at
    kind = recorded.kind.name
    node = recorded.node
    switch recorded.event {
    case .success(let event):
      self.event = event
      words = event.change.words
    case .failure(.newerKind(let kind)): words = "\(printable(kind)): written by a newer tiertop"
    case .failure: words = "an event that cannot be read"
    }
  }

  init(_ gap: Gap) {
    at = gap.start
    kind = "gap"
    until = gap.end
    let details = gap.words.isEmpty ? "" : " (\(printable(gap.words)))"
    if gap.reason == .clockBack {
      words = gap.reason.words + details
    } else {
      let length = gap.end.distance(from: gap.start)
      let span = length < .seconds(1) ? "less than a second" : Figures.span(length)
      words = "nothing was recorded for \(span): \(gap.reason.words)\(details)"
    }
  }

  init(_ layout: RecordedLayout) {
    at = layout.since
    kind = "layout"
    words = "another layout: \(printable(layout.description))"
  }
}

extension Timeline {
  /// All that has happened in a span, the newest last.
  func happenings(in span: TimeSpan) throws(StoreFailure) -> [Happening] {
    let range = span.start...span.end
    var found = try events(in: range, limit: .max).map { Happening($0) }
    found += try gaps(in: range).map { Happening($0) }
    // The first layout is no change; those before the newest have lower numbers.
    var number = try newestLayout()?.id ?? 0
    while number > 1 {
      if let layout = try layout(number), range.contains(layout.since) { found.append(Happening(layout)) }
      number -= 1
    }
    // Stable: what happened at the same time stays in the order in which it was written.
    return found.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
      \.element)
  }
}

extension EventKind {
  /// As the JSON names it: the state that a change of health leads to, or what happened.
  var name: String {
    switch self {
    case .up, .degraded, .draining, .maint, .down, .stale, .unknown, .admin, .weight, .changed, .lost, .reset,
      .appeared, .vanished, .moved, .reason, .other:
      "\(self)"
    case .sourceLost: "source_lost"
    case .sourceBack: "source_back"
    }
  }
}
