public import Cluster

/// Saves a stretch of a store as one file, step by step: each step is short, so that whoever has something else
/// to do can do it in between. The store is only read, also while another program records into it.
public final class StoreExport {
  public struct Options {
    /// The cluster's name, for people.
    public var cluster: String
    /// The version of this program.
    public var madeBy: String
    public var now: WallTime
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// What of a layout's text may be told to others; nil where it cannot be read, and then nothing is.
    public var shareable: (String) -> String?

    public init(cluster: String, madeBy: String, now: WallTime, shareable: @escaping (String) -> String?) {
      self.cluster = cluster
      self.madeBy = madeBy
      self.now = now
      self.shareable = shareable
    }
  }

  /// What was saved.
  public struct Summary: Hashable, Sendable {
    /// From the first to the last frame of the stretch.
    public var span: TimeSpan
    /// Frames of the stretch.
    public var frames: Int
    /// Frames that could not be read.
    public var lost: Int
    public var events: Int
    public var gaps: Int
    /// Of the file.
    public var bytes: Int
  }

  let timeline: Timeline
  private let options: Options
  let span: TimeSpan
  let plan: ExportPlan
  let writer: ExportWriter
  private var stage = Stage.head
  private var unit = 0
  private var names: Set<Int64> = []
  private var layouts: Set<Int64> = []
  var stretches: [Int64: (first: FrameNumber, start: Int64, end: Int64)] = [:]
  var gaps: [Gap] = []
  /// From when on events are saved, and which are left.
  var eventStart: WallTime
  var eventEnds: ClosedRange<Int64>?
  /// What is left of roll-ups: of which things, and from when on of the last of them.
  var series: [Series]?
  var day: WallTime
  var summary: Summary
  private var allFrames = 0
  var allEvents = 0

  private enum Stage {
    case head, frames, gaps, events, rollUps, states, done
  }

  /// Events and rows a step.
  static let batch = 2000
  static let day = Duration.seconds(86_400)
  /// How long before the stretch an incident may have begun that reaches into it, and in how many events.
  static let reach = Duration.seconds(86_400)
  static let mostBefore = 20_000

  /// Looks what there is to be saved, and begins the file, under another name.
  public init(
    of span: TimeSpan, in timeline: Timeline, to path: String, _ options: Options
  ) throws(ExportFailure) {
    self.timeline = timeline
    self.options = options
    self.span = span
    guard
      let plan = try StoreExport.reading({ () throws(StoreFailure) in try ExportPlan(timeline, of: span) })
    else { throw .nothing }
    self.plan = plan
    writer = try ExportWriter(path, replaces: options.replaces)
    day = plan.start
    eventStart = plan.start
    summary = Summary(span: span, frames: 0, lost: 0, events: 0, gaps: 0, bytes: 0)
  }

  /// How much of the frames is written, 0…1.
  public var progress: Double { Double(unit) / Double(max(1, plan.units.count)) }

  /// The next step: some milliseconds; what was saved, once all of it is on the disk under its name.
  public func step() throws(ExportFailure) -> Summary? {
    switch stage {
    case .head:
      try writeHead()
      stage = .frames
    case .frames:
      if unit < plan.units.count {
        try write(plan.units[unit])
        unit += 1
      } else {
        try writeStretches()
        stage = .gaps
      }
    case .gaps:
      try writeGaps()
      try beginEvents()
      stage = .events
    case .events: if try !writeEvents() { stage = .rollUps }
    case .rollUps: if try !writeRollUps() { stage = .states }
    case .states:
      try writeStates()
      try writeService()
      stage = .done
    case .done:
      try writer.finish(frames: allFrames, events: allEvents)
      summary.bytes = writer.size
      return summary
    }
    return nil
  }

  func reading<Result>(_ work: () throws(StoreFailure) -> Result) throws(ExportFailure) -> Result {
    try StoreExport.reading(work)
  }

  private static func reading<Result>(
    _ work: () throws(StoreFailure) -> Result
  ) throws(ExportFailure) -> Result {
    do { return try work() } catch { throw .store(error) }
  }
}

// Frames.
extension StoreExport {
  private func writeHead() throws(ExportFailure) {
    // What there is of what was asked for: a stretch up to now may have ended long ago. Of frames that cannot be
    // read the time is not known.
    let start = (try? timeline.wall(of: plan.first)) ?? span.start
    let end = (try? timeline.wall(of: plan.last)) ?? span.end
    let header = ExportHeader(
      cluster: options.cluster, madeBy: options.madeBy, madeAt: options.now,
      span: TimeSpan(from: start, to: end), first: plan.first,
      last: plan.last, chunks: plan.units.count)
    var content = ByteWriter()
    header.write(to: &content)
    try writer.write(.header, content.bytes)
  }

  private func write(_ unit: ExportPlan.Unit) throws(ExportFailure) {
    var chunks: [ExportChunk]
    var used: Set<Int64> = []
    do {
      (chunks, used) = try self.chunks(unit.frames)
    } catch {
      // What cannot be read is a gap, and said; everything else is saved all the same.
      guard case .damaged = error else { throw .store(error) }
      chunks = []
    }
    // Let go of meanwhile, because it is old.
    let lost = Int(unit.frames.count) - chunks.reduce(0) { $0 + $1.count }
    if lost > 0 {
      summary.lost += lost
      gaps.append(
        Gap(
          reason: .damaged, start: WallTime(nanoseconds: unit.start), end: WallTime(nanoseconds: unit.end),
          sequence: unit.frames.upperBound + 1))
    }
    for number in used.subtracting(names).sorted() { try writeNames(number) }
    var content = ByteWriter()
    content.count(chunks.count)
    for chunk in chunks {
      try note(chunk)
      chunk.write(to: &content)
    }
    try writer.write(.frames, content.bytes)
  }

  /// Notes what a chunk refers to, and writes what of it was not written yet.
  private func note(_ chunk: ExportChunk) throws(ExportFailure) {
    allFrames += chunk.count
    // Those before the stretch are there for models to begin with, and are not what was asked for.
    summary.frames += Int(max(0, chunk.first + Int64(chunk.count) - max(chunk.first, plan.first)))
    let known = stretches[chunk.stretch]
    stretches[chunk.stretch] = (
      known?.first ?? chunk.first, min(known?.start ?? .max, chunk.start), max(known?.end ?? .min, chunk.end)
    )
    if layouts.insert(chunk.layout).inserted { try writeLayout(chunk.layout) }
  }

  private func writeNames(_ number: Int64) throws(ExportFailure) {
    let packed = try reading { () throws(StoreFailure) in
      try timeline.loader.names.packed(number)
    }
    names.insert(number)
    guard let packed else { return }
    var content = ByteWriter()
    content.signed(number)
    content.blob(packed)
    try writer.write(.names, content.bytes)
  }

  private func writeLayout(_ number: Int64) throws(ExportFailure) {
    let layout = try reading { () throws(StoreFailure) in try timeline.layout(number) }
    guard let layout else { return }
    var content = ByteWriter()
    content.signed(number)
    content.signed(layout.since.nanoseconds)
    // Where the layout's file lies is nobody's business elsewhere.
    content.text(options.cluster)
    content.text(options.shareable(layout.text) ?? "")
    try writer.write(.layout, content.bytes)
  }

  /// The frames, as chunks, and the names that they refer to: the one that has just them, as it is, or made anew.
  private func chunks(
    _ frames: ClosedRange<FrameNumber>
  ) throws(StoreFailure) -> (chunks: [ExportChunk], names: Set<Int64>) {
    if let whole = try timeline.database.view({ () throws(StoreFailure) in try sealed(frames) }),
      let chunk = try? whole.unpacked(timeline.zstd), chunk.failures.allSatisfy(\.isShareable)
    {
      return ([whole], chunk.names)
    }
    let recorded = try timeline.frames(in: frames)
    guard !recorded.isEmpty else { return ([], []) }
    let states = try timeline.states(of: frames)
    var used: Set<Int64> = []
    var chunks: [ExportChunk] = []
    // One that is too large for whoever reads it is cut; a single frame never is.
    var parts = [recorded[...]]
    while let part = parts.popLast() {
      let chunk = try ExportChunk(
        Array(part), states: part.map { states[$0.sequence] ?? 0x06 }, timeline.zstd
      ) { bytes throws(StoreFailure) in
        guard let number = try self.timeline.loader.names.known(bytes) else {
          throw .damaged(path: self.timeline.path, words: "names are missing")
        }
        used.insert(number)
        return number
      }
      if part.count > 1, case .tooLarge? = StoreExport.fault(of: chunk, timeline.zstd) {
        parts += [part.suffix(part.count - part.count / 2), part.prefix(part.count / 2)]
      } else {
        chunks.append(chunk)
      }
    }
    return (chunks, used)
  }

  private static func fault(of chunk: ExportChunk, _ zstd: Zstd) -> ChunkFault? {
    do {
      _ = try chunk.unpacked(zstd)
      return nil
    } catch {
      return error
    }
  }

  private func sealed(_ frames: ClosedRange<FrameNumber>) throws(StoreFailure) -> ExportChunk? {
    let row = try timeline.database.statement(
      "SELECT first, count, layout, stretch, start, end, states, head FROM chunks WHERE first=? AND count=?"
    ).with(.number(frames.lowerBound), .number(Int64(frames.count)))
    guard try row.step() else { return nil }
    var chunk = ExportChunk(
      first: row.number(0), count: Int(row.number(1)), layout: row.number(2), stretch: row.number(3),
      start: row.number(4), end: row.number(5), states: row.blob(6), head: row.blob(7), parts: [])
    row.reset()
    let parts = try timeline.database.statement("SELECT id, data FROM parts WHERE id BETWEEN ? AND ?")
      .with(.number(chunk.first << 16), .number(chunk.first << 16 | 0xFFFF))
    while try parts.step() { chunk.parts.append((Int(parts.number(0) & 0xFFFF), parts.blob(1))) }
    return chunk
  }
}
