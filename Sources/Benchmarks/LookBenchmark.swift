import Cluster
import History

/// What somebody waits for who looks into the past, done as the dashboard does it: a picture is a folded model and
/// the newest events before it; its trails, and long graphs, come in slices between which keys are taken.
final class LookBenchmark {
  private let path: String
  private let layout: Layout
  private let timeline: Timeline
  private let replay: Replay
  private var chance = Chance(seed: 7)
  private var failures = 0

  /// Events that a picture of the past has with it.
  private static let events = 500
  private static let columns = 200

  init(_ path: String, _ layout: Layout) throws(StoreFailure) {
    self.path = path
    self.layout = layout
    timeline = try Timeline(path: path)
    replay = Replay(timeline) { _ in layout }
  }

  func run(_ table: inout BoundTable) throws(StoreFailure) {
    guard let span = try timeline.span() else { return }
    table.add("opened, to the first picture", measure(21) { try open() }, "100 ms")
    table.add(
      "jump anywhere, to the first picture", measure(101) { try picture(at: anywhere(span)) }, "10 ms")
    try fill(span, &table)
    try step(span, &table)
    let incidents = measure(101) {
      guard let start = try timeline.incident(after: anywhere(span), in: span) else { return }
      _ = try timeline.sequence(at: start)
    }
    table.add("next incident found", incidents, "5 ms")
    let shown = measure(101) {
      guard let start = try timeline.incident(after: anywhere(span), in: span) else { return }
      try picture(at: start)
    }
    table.add("next incident, to the first picture", shown, "10 ms")
    for (name, seconds, bound) in [
      ("10 min", Int64(600), ""), ("1 h", 3600, "20 ms"), ("24 h", 86_400, "10 ms"),
      ("7 d", 604_800, "20 ms"),
    ] {
      for (of, subject) in [
        ("a node", GraphSubject.node(NodeName("web3"))), ("a tier", .tier(TierName("web"))),
        ("the cluster", .cluster),
      ] {
        let wanted = TimeSpan(.seconds(seconds), until: span.end).onGrid(columns: LookBenchmark.columns)
        var slowest = 0.0
        let whole = measure(11) { slowest = max(slowest, try graph(of: subject, in: wanted)) }
        table.add("graph of \(of), \(name)", whole, bound)
        table.add("  its slowest slice", slowest, "5 ms")
      }
    }
    if failures > 0 { table.add("failures", words: "\(failures)", "0") }
  }

  private func measure(_ runs: Int, _ work: () throws -> Void) -> Figures {
    Figures(runs: runs) { do { try work() } catch { failures += 1 } }
  }

  private func anywhere(_ span: RecordedSpan) -> WallTime {
    let length = UInt64(span.end.nanoseconds - span.start.nanoseconds)
    return WallTime(nanoseconds: span.start.nanoseconds + Int64(chance.below(length)))
  }

  private func open() throws {
    let timeline = try Timeline(path: path)
    let layout = layout
    try show(timeline, Replay(timeline) { _ in layout }, timeline.span()?.last)
  }

  private func picture(at time: WallTime) throws {
    _ = try timeline.span()
    try show(timeline, replay, timeline.sequence(at: time))
  }

  private func show(_ timeline: Timeline, _ replay: Replay, _ sequence: FrameNumber?) throws {
    guard let sequence, let moment = try replay.moment(at: sequence) else { throw NoPicture() }
    _ = try timeline.lastEvents(until: moment.at.wall, limit: LookBenchmark.events)
  }

  private struct NoPicture: Error {}

  /// A jump, and all slices until its trails are there.
  private func fill(_ span: RecordedSpan, _ table: inout BoundTable) throws(StoreFailure) {
    let clock = ContinuousClock()
    var slices: [Double] = []
    let whole = measure(21) {
      guard let sequence = try timeline.sequence(at: anywhere(span)) else { throw NoPicture() }
      try show(timeline, replay, sequence)
      guard let reading = try replay.trails(until: sequence) else { return }
      var isGoing = true
      while isGoing {
        let begin = clock.now
        isGoing = try reading.step()
        slices.append(begin.duration(to: clock.now).seconds)
      }
    }
    slices.sort()
    table.add("jump anywhere, until all is filled", whole, "")
    table.add("  its slowest slice but one in a hundred", slices[slices.count * 99 / 100], "5 ms")
    table.add("  its slowest slice", slices[slices.count - 1], "5 ms")
  }

  /// Steps right after a jump, while no trails are there, and afterwards.
  private func step(_ span: RecordedSpan, _ table: inout BoundTable) throws(StoreFailure) {
    guard var place = try timeline.sequence(at: anywhere(span)) else { return }
    place = max(2000, place)
    try? show(timeline, replay, place)
    let early = measure(15) {
      place -= 1
      try show(timeline, replay, place)
    }
    table.add("step back, right after a jump", early, "2 ms")
    do {
      let reading = try replay.trails(until: place)
      while try reading?.step() == true {}
    }
    let back = measure(100) {
      place -= 1
      try show(timeline, replay, place)
    }
    table.add("step back, later", back, "2 ms")
    let forward = measure(300) {
      place += 1
      try show(timeline, replay, place)
    }
    table.add("step forward", forward, "2 ms")
  }

  /// Seconds of its slowest slice.
  private func graph(of subject: GraphSubject, in span: TimeSpan) throws -> Double {
    let clock = ContinuousClock()
    var slowest = 0.0
    var begin = clock.now
    let layout = layout
    let reading = try GraphReading(
      timeline, of: subject, in: span, columns: LookBenchmark.columns, layoutOf: { _ in layout })
    var isGoing = true
    while isGoing {
      isGoing = try reading.step()
      slowest = max(slowest, begin.duration(to: clock.now).seconds)
      begin = clock.now
    }
    return slowest
  }
}
