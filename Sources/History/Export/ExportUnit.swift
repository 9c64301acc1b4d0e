import Cluster

/// The frames of one unit of a saved stretch, read step by step: the chunk that has just them, as it is, or packed anew.
final class ExportUnit {
  /// What is packed, as far as it is read.
  private(set) var chunks: [ExportChunk] = []
  /// The numbers of the names that they refer to.
  private(set) var names: Set<Int64> = []

  private let timeline: Timeline
  private let frames: ClosedRange<FrameNumber>
  private var next: FrameNumber
  private var builder: ExportChunkBuilder?
  private var states: [FrameNumber: UInt8]?

  /// Frames that are read and packed in a step: some milliseconds, also where they are large.
  private static let bounds = FrameBounds(frames: 32, numbers: 160_000)

  init(_ frames: ClosedRange<FrameNumber>, _ timeline: Timeline) {
    self.frames = frames
    self.timeline = timeline
    next = frames.lowerBound
  }

  /// Reads some more; false where all is there.
  func step() throws(StoreFailure) -> Bool {
    guard let states else {
      if try takeWhole() { return false }
      states = try timeline.states(of: frames)
      return true
    }
    let read = try timeline.frames(from: next, through: frames.upperBound, within: ExportUnit.bounds)
    // Nobody comes back to them.
    timeline.letGo()
    for recorded in read.frames { try add(recorded, state: states[recorded.sequence] ?? 0x06) }
    next = read.next
    if next <= frames.upperBound { return true }
    endChunk()
    return false
  }

  /// Nothing of it can be read.
  func giveUp() {
    chunks = []
    builder = nil
  }

  private func add(_ recorded: RecordedFrame, state: UInt8) throws(StoreFailure) {
    if builder?.isFull == true { endChunk() }
    // Taken out while it is changed, so that nothing is copied.
    var own = builder ?? ExportChunkBuilder(beginningWith: recorded)
    builder = nil
    try own.add(recorded, state: state) { [timeline] bytes throws(StoreFailure) in
      guard let number = try timeline.loader.names.known(bytes) else {
        throw .damaged(path: timeline.path, words: "names are missing")
      }
      return number
    }
    builder = own
  }

  private func endChunk() {
    guard let own = builder else { return }
    builder = nil
    names.formUnion(own.names)
    chunks.append(own.chunk(timeline.zstd))
  }

  // MARK: As it is

  /// Takes the sealed chunk that has just these frames, where there is one and all of it may be told; false where not.
  private func takeWhole() throws(StoreFailure) -> Bool {
    guard let whole = try timeline.database.view({ () throws(StoreFailure) in try sealed() }),
      let chunk = try? whole.unpacked(timeline.zstd), chunk.failures.allSatisfy(\.isShareable)
    else { return false }
    chunks = [whole]
    names = chunk.names
    return true
  }

  private func sealed() throws(StoreFailure) -> ExportChunk? {
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
