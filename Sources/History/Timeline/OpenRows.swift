import Cluster

/// Frames of chunks that are not sealed yet, each of which is a row that says what has changed since the one before.
final class OpenRows {
  private let database: Database
  private let names: StoredNames
  /// How far the rows of a chunk were read.
  private var reached: Reached?
  /// Those that were read last, by their place: for who steps back.
  private var kept: [FrameNumber: RecordedFrame] = [:]
  /// Figures in all of those.
  private(set) var keptNumbers = 0

  private struct Reached {
    var chunk: Int64
    var decoder = RowDecoder()
    /// The row that comes next.
    var next: FrameNumber
  }

  private static let mostKept = 64
  /// Those before the one that is wanted, of which a step back finds the next ones.
  private static let mostBefore: FrameNumber = 16
  /// Sixteen mebibytes of figures, or a single frame that has more.
  static let mostKeptNumbers = 2 << 20

  init(in database: Database, names: StoredNames) {
    self.database = database
    self.names = names
  }

  /// A frame that is still known.
  subscript(sequence: FrameNumber) -> RecordedFrame? { kept[sequence] }

  /// What a row says without being read; nil where there is none.
  func mark(of sequence: FrameNumber) throws(StoreFailure) -> FrameMark? {
    let row = try database.statement("SELECT layout, stretch, state FROM ticks WHERE sequence=?")
      .with(.number(sequence))
    guard try row.step() else { return nil }
    defer { row.reset() }
    let state = TickState(byte: UInt8(truncatingIfNeeded: row.number(2)))
    return FrameMark(
      sequence: sequence, layout: row.number(0), stretch: row.number(1), isBetweenTicks: state.isBetweenTicks)
  }

  /// Lets go of frames that were kept.
  func letGo() {
    kept = [:]
    keptNumbers = 0
  }

  private func keep(_ recorded: RecordedFrame) {
    let numbers = recorded.frame.numbers
    if kept.count >= OpenRows.mostKept || keptNumbers + numbers > OpenRows.mostKeptNumbers { letGo() }
    kept[recorded.sequence] = recorded
    keptNumbers += numbers
  }

  /// Reads rows of one chunk up to a place, as far as there is room; the last that was read, or nil where the first is
  /// not there.
  func read(
    from first: FrameNumber, through last: FrameNumber, within room: inout FrameRoom,
    into result: inout [RecordedFrame]
  ) throws(StoreFailure) -> FrameNumber? {
    guard let chunk = try database.number("SELECT chunk FROM ticks WHERE sequence=?", .number(first)) else {
      return nil
    }
    // Backwards there is no way but from the beginning; what is passed shortly before is kept for next time.
    var state = Reached(chunk: chunk, next: chunk)
    if let reached, reached.chunk == chunk, reached.next <= first { state = reached }
    reached = nil
    let rows = try database.statement(
      "SELECT sequence, layout, stretch, data FROM ticks WHERE sequence>=? AND sequence<=? AND chunk=?"
    ).with(.number(state.next), .number(last), .number(chunk))
    var read: FrameNumber?
    defer { rows.reset() }
    while !room.isUsedUp, try rows.step() {
      let sequence = rows.number(0)
      guard sequence == state.next else { break }
      let row = rows.blob(3)
      let isWanted = sequence >= first
      // Large ones are too many to be kept: whoever steps back there reads them again.
      let before = min(
        OpenRows.mostBefore, FrameNumber(OpenRows.mostKeptNumbers / max(1, state.decoder.numbers)))
      let isKept = isWanted || sequence + before > first
      let frame = try database.reading(chunk: chunk) { () throws(ChunkFault) -> Frame? in
        if isKept { return try state.decoder.frame(of: row, names: names) }
        try state.decoder.pass(row)
        return nil
      }
      state.next = sequence + 1
      guard let frame else { continue }
      let recorded = RecordedFrame(
        sequence: sequence, layout: rows.number(1), stretch: rows.number(2), frame: frame)
      keep(recorded)
      if isWanted {
        room.take(frame)
        result.append(recorded)
        read = sequence
      }
    }
    reached = state
    if read == nil { throw .damaged(path: database.path, words: "rows of chunk \(chunk)") }
    return read
  }
}
