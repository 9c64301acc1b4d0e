import Cluster

/// Which frames a saved stretch is made of: those of the stretch, and those before it that a model needs to
/// know what it knew then. Made of what the store has when it is asked; frames never change afterwards, they
/// are only sealed, or let go of.
struct ExportPlan {
  /// Frames that are read and written at once: those of one chunk, or a part of them.
  struct Unit {
    var frames: ClosedRange<FrameNumber>
    /// For a gap, should they be lost meanwhile.
    var start: Int64
    var end: Int64
  }

  /// The first and the last frame of the stretch.
  private(set) var first: FrameNumber
  private(set) var last: FrameNumber
  /// The first that is written.
  private(set) var lead: FrameNumber
  /// When that was; never later than the first of the stretch.
  private(set) var start: WallTime
  private(set) var units: [Unit] = []

  /// Frames of a chunk that is written anew, at most: about ten milliseconds.
  private static let mostFrames: Int64 = 128

  /// nil where nothing was recorded in the stretch.
  init?(_ timeline: Timeline, of span: TimeSpan) throws(StoreFailure) {
    let (start, end) = (span.start.nanoseconds, span.end.nanoseconds)
    let found = try timeline.framesEnds(from: start, to: end)
    guard let found else { return nil }
    (first, last) = found
    // What was let go of before is not there.
    let wanted = max(1, first - Int64(Replay.depth) + 1)
    lead = wanted == first ? first : try timeline.loader.sequence(after: wanted - 1) ?? first
    self.start = span.start
    units = try ExportPlan.units(timeline, lead...last)
    if let begin = units.map(\.start).min() { self.start = WallTime(nanoseconds: min(start, begin)) }
  }

  private static func units(
    _ timeline: Timeline, _ range: ClosedRange<FrameNumber>
  ) throws(StoreFailure) -> [Unit] {
    var units: [Unit] = []
    let chunks = try timeline.database.statement(
      "SELECT first, count, start, end FROM chunks WHERE first<=? AND first+count>? ORDER BY first"
    ).with(.number(range.upperBound), .number(range.lowerBound))
    while try chunks.step() {
      let (first, count) = (chunks.number(0), chunks.number(1))
      guard count > 0 else { continue }
      let frames = max(first, range.lowerBound)...min(first + count - 1, range.upperBound)
      let isWhole = frames == first...first + count - 1
      units += parts(of: frames, isWhole: isWhole, chunks.number(2), chunks.number(3))
    }
    let rows = try timeline.database.statement(
      """
      SELECT min(sequence), max(sequence), min(wall), max(wall) FROM ticks
      WHERE sequence BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM chunks WHERE first=ticks.chunk)
      GROUP BY chunk ORDER BY chunk
      """
    ).with(.number(range.lowerBound), .number(range.upperBound))
    while try rows.step() {
      units += parts(
        of: rows.number(0)...max(rows.number(0), rows.number(1)), isWhole: false, rows.number(2),
        rows.number(3))
    }
    return units
  }

  private static func parts(
    of frames: ClosedRange<FrameNumber>, isWhole: Bool, _ start: Int64, _ end: Int64
  ) -> [Unit] {
    if isWhole { return [Unit(frames: frames, start: start, end: end)] }
    return stride(from: frames.lowerBound, through: frames.upperBound, by: Int(mostFrames)).map { first in
      Unit(frames: first...min(first + mostFrames - 1, frames.upperBound), start: start, end: end)
    }
  }
}

extension Timeline {
  /// The first and the last frame of all that were recorded at times of a stretch; nil where there are none.
  fileprivate func framesEnds(
    from start: Int64, to end: Int64
  ) throws(StoreFailure) -> (first: FrameNumber, last: FrameNumber)? {
    var ends: [FrameNumber] = []
    let rows = try database.statement(
      "SELECT min(sequence), max(sequence) FROM ticks WHERE wall>=? AND wall<=?"
    ).with(.number(start), .number(end))
    if try rows.step(), !rows.isNull(0) { ends += [rows.number(0), rows.number(1)] }
    rows.reset()
    var chunks: [FrameNumber] = []
    let row = try database.statement("SELECT min(first), max(first) FROM chunks WHERE end>=? AND start<=?")
      .with(.number(start), .number(end))
    if try row.step(), !row.isNull(0) { chunks = [row.number(0), row.number(1)] }
    row.reset()
    for first in chunks {
      // One that cannot be read is within the stretch as a whole: it is said then that it is lost.
      guard let (place, head) = try? loader.sealed.head(of: first) else {
        ends.append(first)
        continue
      }
      let inside = head.moments.indices.filter { (start...end).contains(head.moments[$0].wall.nanoseconds) }
      ends += [inside.first, inside.last].compactMap { $0.map { place.first + Int64($0) } }
    }
    guard let first = ends.min(), let last = ends.max() else { return nil }
    return (first, last)
  }
}
