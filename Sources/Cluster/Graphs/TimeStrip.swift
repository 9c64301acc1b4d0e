/// A span in equal parts, each with the worst that was in it: what the time bar draws.
public struct TimeStrip: Hashable, Sendable {
  public let span: TimeSpan
  /// Oldest first.
  public var parts: [Part]

  public struct Part: Hashable, Sendable {
    /// The worst state of any node; nil where nothing is known.
    public var worst: HealthState?
    /// A person or a program drained, weighed or brought back something.
    public var hasChange: Bool
    /// A virtual address went to another load balancer.
    public var hasFailover: Bool
    /// Some of it was not recorded.
    public var isGap: Bool

    public init(
      worst: HealthState? = nil, hasChange: Bool = false, hasFailover: Bool = false, isGap: Bool = false
    ) {
      self.worst = worst
      self.hasChange = hasChange
      self.hasFailover = hasFailover
      self.isGap = isGap
    }
  }

  public init(span: TimeSpan, parts: [Part]) {
    self.span = span
    self.parts = parts
  }

  /// Folds transitions, in the order of time, some of which may lie before the span. After a gap, and before
  /// the first event, nodes count as well until something else is said.
  ///
  /// - Parameters:
  ///   - standing: how nodes stood before the first event.
  ///   - gaps: in which nothing was recorded, in the order of time.
  ///   - recorded: outside of it nothing is known; nil where all of the span is recorded.
  /// - Complexity: O(events + parts).
  public init(
    span: TimeSpan, count: Int, events: some Sequence<Event>, standing: [NodeName: HealthState] = [:],
    gaps: [TimeSpan] = [], recorded: TimeSpan? = nil
  ) {
    self.span = span
    parts = [Part](repeating: Part(), count: max(0, count))
    guard !parts.isEmpty else { return }
    var states = StateCounts(standing)
    var gaps = gaps[...]
    var time = span.start
    for event in events {
      while let gap = gaps.first, gap.start <= event.at {
        pass(gap, states: &states, time: &time)
        gaps.removeFirst()
      }
      paint(from: time, to: event.at, states.worst)
      time = max(time, event.at)
      states.take(event)
      guard let part = span.part(of: event.at, count: parts.count) else { continue }
      // What lasts for less than a moment is seen too.
      parts[part].note(states.worst)
      if event.change.isMadeByHand { parts[part].hasChange = true }
      if event.change.isFailover { parts[part].hasFailover = true }
    }
    for gap in gaps { pass(gap, states: &states, time: &time) }
    paint(from: time, to: span.end, states.worst)
    if let recorded { clear(outside: recorded) }
  }

  private mutating func pass(_ gap: TimeSpan, states: inout StateCounts, time: inout WallTime) {
    paint(from: time, to: gap.start, states.worst)
    time = max(time, gap.end)
    states = StateCounts([:])
    guard gap.overlaps(span) else { return }
    for part in places(from: gap.start, to: gap.end) { parts[part].isGap = true }
  }

  private mutating func paint(from start: WallTime, to end: WallTime, _ state: HealthState) {
    guard start < end, TimeSpan(from: start, to: end).overlaps(span) else { return }
    for part in places(from: start, to: end) { parts[part].note(state) }
  }

  /// What nothing at all was recorded of is a gap.
  private mutating func clear(outside recorded: TimeSpan) {
    for part in parts.indices {
      let own = TimeSpan(
        from: span.start(ofPart: part, count: parts.count),
        to: span.start(ofPart: part + 1, count: parts.count))
      if !own.overlaps(recorded) { parts[part] = Part(isGap: true) }
    }
  }

  /// Marks the part in which a virtual address moved; nothing where that is outside of the span.
  public mutating func noteFailover(at time: WallTime) {
    if let part = span.part(of: time, count: parts.count) { parts[part].hasFailover = true }
  }

  /// The parts that overlap a stretch, which overlaps the span.
  private func places(from start: WallTime, to end: WallTime) -> ClosedRange<Int> {
    let first = span.part(of: max(start, span.start), count: parts.count) ?? 0
    let last = WallTime(nanoseconds: min(end, span.end).nanoseconds &- 1)
    return first...max(first, span.part(of: last, count: parts.count) ?? first)
  }
}

extension TimeStrip.Part {
  fileprivate mutating func note(_ state: HealthState) {
    if state.severity >= worst?.severity ?? -1 { worst = state }
  }
}

/// How many nodes are in each state that is not `up`.
private struct StateCounts {
  private var states: [NodeName: HealthState]
  private var counts: [HealthState: Int] = [:]

  init(_ states: [NodeName: HealthState]) {
    self.states = states
    for state in states.values { counts[state, default: 0] += 1 }
  }

  var worst: HealthState {
    counts.filter { $0.value > 0 }.keys.max { $0.severity < $1.severity } ?? .up
  }

  mutating func take(_ event: Event) {
    guard let node = event.node else { return }
    switch event.change {
    case .health(_, let verdict): put(verdict.state, of: node)
    case .vanished: put(nil, of: node)
    default: break
    }
  }

  private mutating func put(_ state: HealthState?, of node: NodeName) {
    if let before = states[node] { counts[before, default: 0] -= 1 }
    states[node] = state
    if let state { counts[state, default: 0] += 1 }
  }
}

extension Event.Change {
  /// Somebody set something on a server, or tried to.
  public var isMadeByHand: Bool {
    switch self {
    case .admin, .weight, .changed: true
    case .health, .reason, .lost, .reset, .sourceLost, .sourceBack, .moved, .appeared, .vanished: false
    }
  }

  /// A virtual address went from one load balancer to another.
  public var isFailover: Bool {
    if case .moved = self { true } else { false }
  }
}
