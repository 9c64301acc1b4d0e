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
  /// Of the unit that is under way, what is read.
  private var reading: ExportUnit?
  private var names: Set<Int64> = []
  private var layouts: Set<Int64> = []
  var stretches: [Int64: (first: FrameNumber, start: Int64, end: Int64)] = [:]
  var gaps: [Gap] = []
  /// From when on events are saved, and which are left.
  var eventStart: WallTime
  var eventEnds: ClosedRange<Int64>?
  /// What is left of roll-ups.
  var rollUps: ExportRollUps?
  var summary: Summary
  private var tally = ExportTally()
  private var allFrames = 0
  var allEvents = 0

  private enum Stage {
    case head, frames, gaps, events, rollUps, states, done
  }

  /// Events and rows a step.
  static let batch = 2000
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
      let plan = try StoreExport.asked({ () throws(StoreFailure) in try ExportPlan(timeline, of: span) })
    else { throw .nothing }
    self.plan = plan
    writer = try ExportWriter(path, replaces: options.replaces)
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
        if try !goOn(with: plan.units[unit]) { unit += 1 }
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

  /// Counts what is written; what would not be read is not written.
  func count(_ more: (inout ExportTally) throws(ChunkFault) -> Void) throws(ExportFailure) {
    do { try more(&tally) } catch {
      guard case .tooLarge(let what) = error else { return }
      throw .tooLong(of: what)
    }
  }

  func asked<Result>(_ work: () throws(StoreFailure) -> Result) throws(ExportFailure) -> Result {
    try StoreExport.asked(work)
  }

  private static func asked<Result>(
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

  /// Reads some more frames of a unit, and writes it when all of them are there; false then.
  private func goOn(with unit: ExportPlan.Unit) throws(ExportFailure) -> Bool {
    let reading = self.reading ?? ExportUnit(unit.frames, timeline)
    self.reading = reading
    do {
      if try reading.step() { return true }
    } catch {
      // What cannot be read is a gap, and said; everything else is saved all the same.
      guard case .damaged = error else { throw .store(error) }
      reading.giveUp()
    }
    self.reading = nil
    try write(reading, of: unit)
    return false
  }

  private func write(_ reading: ExportUnit, of unit: ExportPlan.Unit) throws(ExportFailure) {
    // Let go of meanwhile, because it is old.
    let lost = Int(unit.frames.count) - reading.chunks.reduce(0) { $0 + $1.count }
    if lost > 0 {
      summary.lost += lost
      gaps.append(
        Gap(
          reason: .damaged, start: WallTime(nanoseconds: unit.start), end: WallTime(nanoseconds: unit.end),
          sequence: unit.frames.upperBound + 1))
    }
    for number in reading.names.subtracting(names).sorted() { try writeNames(number) }
    var content = ByteWriter()
    content.count(reading.chunks.count)
    for chunk in reading.chunks {
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
    let packed = try asked { () throws(StoreFailure) in
      try timeline.loader.names.packed(number)
    }
    names.insert(number)
    guard let packed else { return }
    try count { tally throws(ChunkFault) in
      try tally.add(of: .names)
      try tally.add(names: (try? timeline.zstd.unpack(packed))?.count ?? 0)
    }
    var content = ByteWriter()
    content.signed(number)
    content.blob(packed)
    try writer.write(.names, content.bytes)
  }

  private func writeLayout(_ number: Int64) throws(ExportFailure) {
    let layout = try asked { () throws(StoreFailure) in try timeline.layout(number) }
    guard let layout else { return }
    try count { tally throws(ChunkFault) in try tally.add(of: .layout) }
    var content = ByteWriter()
    content.signed(number)
    content.signed(layout.since.nanoseconds)
    // Where the layout's file lies is nobody's business elsewhere.
    content.text(options.cluster)
    content.text(options.shareable(layout.text) ?? "")
    try writer.write(.layout, content.bytes)
  }
}
