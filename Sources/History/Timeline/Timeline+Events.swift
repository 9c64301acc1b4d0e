public import Cluster

extension Timeline {
  /// The events of a span, by their time; of some kinds only, where they are named.
  public func events(
    in span: ClosedRange<WallTime>, kinds: Set<EventKind>? = nil, limit: Int, newestFirst: Bool = false
  ) throws(StoreFailure) -> [RecordedEvent] {
    let rows = try database.statement(
      newestFirst
        ? """
        SELECT id, sequence, at, kind, node, line FROM events WHERE at>=? AND at<=? ORDER BY at DESC, id DESC
        """
        : "SELECT id, sequence, at, kind, node, line FROM events WHERE at>=? AND at<=? ORDER BY at, id"
    ).with(.number(span.lowerBound.nanoseconds), .number(span.upperBound.nanoseconds))
    defer { rows.reset() }
    var events: [RecordedEvent] = []
    while events.count < limit, try rows.step() {
      let event = Timeline.event(rows)
      if kinds?.contains(event.kind) ?? true { events.append(event) }
    }
    return events
  }

  /// Those that were recorded after the one of a number, oldest first.
  public func events(after id: Int64, limit: Int) throws(StoreFailure) -> [RecordedEvent] {
    let rows = try database.statement(
      "SELECT id, sequence, at, kind, node, line FROM events WHERE id>? ORDER BY id LIMIT ?"
    ).with(.number(id), .number(Int64(limit)))
    var events: [RecordedEvent] = []
    while try rows.step() { events.append(Timeline.event(rows)) }
    return events
  }

  /// The newest that are about what people set on servers, and what was lost of it, recorded after the one of a
  /// number; oldest first.
  func interventions(after id: Int64, limit: Int) throws(StoreFailure) -> [RecordedEvent] {
    let rows = try database.statement(
      """
      SELECT id, sequence, at, kind, node, line FROM events WHERE kind IN (?, ?, ?, ?) AND id>?
      ORDER BY id DESC LIMIT ?
      """
    ).with(
      .number(EventKind.admin.rawValue), .number(EventKind.weight.rawValue),
      .number(EventKind.changed.rawValue), .number(EventKind.lost.rawValue), .number(id),
      .number(Int64(limit)))
    var events: [RecordedEvent] = []
    while try rows.step() { events.append(Timeline.event(rows)) }
    return events.reversed()
  }

  /// The first event of some kinds behind a time; nil where there is none. O(kinds × log n).
  public func event(after time: WallTime, of kinds: Set<EventKind>) throws(StoreFailure) -> RecordedEvent? {
    var first: RecordedEvent?
    for kind in kinds {
      let row = try database.statement(
        """
        SELECT id, sequence, at, kind, node, line FROM events WHERE kind=? AND at>? ORDER BY at, id LIMIT 1
        """
      ).with(.number(kind.rawValue), .number(time.nanoseconds))
      guard try row.step() else { continue }
      let event = Timeline.event(row)
      row.reset()
      if first.map({ (event.at, event.id) < ($0.at, $0.id) }) ?? true { first = event }
    }
    return first
  }

  /// The last event of some kinds before a time; nil where there is none. O(kinds × log n).
  public func event(before time: WallTime, of kinds: Set<EventKind>) throws(StoreFailure) -> RecordedEvent? {
    var last: RecordedEvent?
    for kind in kinds {
      let row = try database.statement(
        """
        SELECT id, sequence, at, kind, node, line FROM events WHERE kind=? AND at<?
        ORDER BY at DESC, id DESC LIMIT 1
        """
      ).with(.number(kind.rawValue), .number(time.nanoseconds))
      guard try row.step() else { continue }
      let event = Timeline.event(row)
      row.reset()
      if last.map({ (event.at, event.id) > ($0.at, $0.id) }) ?? true { last = event }
    }
    return last
  }

  /// The gaps that touch a span, in the order in which they were noticed.
  public func gaps(in span: ClosedRange<WallTime>) throws(StoreFailure) -> [Gap] {
    let rows = try database.statement(
      """
      SELECT reason, start, end, sequence, words FROM gaps
      WHERE start<=? AND max(start, end)>=? ORDER BY id
      """
    ).with(.number(span.upperBound.nanoseconds), .number(span.lowerBound.nanoseconds))
    var gaps: [Gap] = []
    while try rows.step() {
      gaps.append(
        Gap(
          reason: Gap.Reason(rawValue: rows.number(0)) ?? .disk,
          start: WallTime(nanoseconds: rows.number(1)), end: WallTime(nanoseconds: rows.number(2)),
          sequence: rows.number(3), words: rows.text(4)))
    }
    // What was only met in reading, and the recorder has not come by yet.
    for gap in loader.sealed.damaged.values.sorted(by: { $0.sequence < $1.sequence })
    where gap.start <= span.upperBound && gap.end >= span.lowerBound
      && !gaps.contains(where: { $0.reason == .damaged && $0.sequence == gap.sequence })
    {
      gaps.append(gap)
    }
    return gaps
  }

  private static func event(_ row: Statement) -> RecordedEvent {
    let line = row.text(5)
    let event: Result<Event, EventFault>
    do { event = .success(try EventLine.event(from: line)) } catch { event = .failure(error) }
    return RecordedEvent(
      id: row.number(0), sequence: row.number(1), at: WallTime(nanoseconds: row.number(2)),
      kind: EventKind(rawValue: row.number(3)) ?? .other, node: row.isNull(4) ? nil : NodeName(row.text(4)),
      event: event, line: line)
  }
}
