import Cluster

/// Finds frames by their place, in sealed chunks and in the rows of those that are not sealed yet.
final class FrameLoader {
  let names: StoredNames
  let sealed: SealedChunks
  let open: OpenRows
  private let database: Database

  init(_ database: Database, _ zstd: Zstd, from origin: Origin = .own) {
    self.database = database
    names = StoredNames(database, zstd, from: origin)
    sealed = SealedChunks(in: database, zstd, names: names, from: origin)
    open = OpenRows(in: database, names: names)
  }

  /// The frame at a place; nil where there is none.
  func frame(_ sequence: FrameNumber) throws(StoreFailure) -> RecordedFrame? {
    try frames(sequence, through: sequence).first
  }

  /// Those from `first` to `last` that there are, oldest first.
  func frames(_ first: FrameNumber, through last: FrameNumber) throws(StoreFailure) -> [RecordedFrame] {
    try frames(first, through: last, within: .none).frames
  }

  /// Those of them that are within bounds, the oldest of all, and where the others begin. One that alone is larger than
  /// the bounds comes alone.
  func frames(
    _ first: FrameNumber, through last: FrameNumber, within bounds: FrameBounds
  ) throws(StoreFailure) -> (frames: [RecordedFrame], next: FrameNumber) {
    var result: [RecordedFrame] = []
    var room = FrameRoom(bounds)
    var next = first
    while next <= last, !room.isUsedUp {
      if let known = open[next] {
        room.take(known.frame)
        result.append(known)
        next += 1
      } else if let known = try sealed.chunk(of: next) {
        do {
          next = try sealed.read(from: next, through: last, of: known, within: &room, into: &result)
        } catch {
          guard case .damaged(_, let words) = error else { throw error }
          sealed.note(known, words)
          next = known.place.last + 1
        }
      } else if let gap = sealed.damage(at: next) {
        next = gap.sequence
      } else if let end = try open.read(from: next, through: last, within: &room, into: &result) {
        next = end + 1
      } else if let later = try sequence(after: next) {
        // What lay between was let go of.
        next = later
      } else {
        next = last + 1
      }
    }
    return (result, next)
  }

  /// Lets go of frames that were kept for who steps back.
  func letGo() { open.letGo() }

  /// Figures in the frames that are kept.
  var keptNumbers: Int { open.keptNumbers }

  /// The last frame before a place that is in no damaged chunk; nil where there is none.
  func readable(before sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    var next = try self.sequence(before: sequence)
    while let place = next {
      if try sealed.chunk(of: place) != nil || sealed.damage(at: place) == nil { return place }
      guard let first = sealed.firstDamaged(around: place) else { return nil }
      next = try self.sequence(before: first)
    }
    return nil
  }

  /// The first frame behind a place that is in no damaged chunk; nil where there is none.
  func readable(after sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    var next = try self.sequence(after: sequence)
    while let place = next {
      if try sealed.chunk(of: place) != nil { return place }
      guard let gap = sealed.damage(at: place) else { return place }
      next = try self.sequence(after: gap.sequence - 1)
    }
    return nil
  }

  /// The first frame behind a place.
  func sequence(after sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    let chunk = try database.statement(
      "SELECT first, count FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    if try chunk.step() {
      defer { chunk.reset() }
      if sequence + 1 < chunk.number(0) + chunk.number(1) { return sequence + 1 }
    }
    let later = try database.number("SELECT min(first) FROM chunks WHERE first>?", .number(sequence))
    let row = try database.number("SELECT min(sequence) FROM ticks WHERE sequence>?", .number(sequence))
    return [later, row].compactMap { $0 }.min()
  }

  /// The last frame before a place.
  func sequence(before sequence: FrameNumber) throws(StoreFailure) -> FrameNumber? {
    let row = try database.number("SELECT max(sequence) FROM ticks WHERE sequence<?", .number(sequence))
    let chunk = try database.statement(
      "SELECT first, count FROM chunks WHERE first<? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    var earlier: FrameNumber?
    if try chunk.step() {
      earlier = min(sequence - 1, chunk.number(0) + chunk.number(1) - 1)
      chunk.reset()
    }
    return [row, earlier].compactMap { $0 }.max()
  }

  /// The layout of a frame, and how far frames of the same chunk go on; nil where there is no such frame.
  func extent(of sequence: FrameNumber) throws(StoreFailure) -> (layout: Int64, last: FrameNumber)? {
    let chunk = try database.statement(
      "SELECT first, count, layout FROM chunks WHERE first<=? ORDER BY first DESC LIMIT 1"
    ).with(.number(sequence))
    if try chunk.step() {
      defer { chunk.reset() }
      let last = chunk.number(0) + chunk.number(1) - 1
      if sequence <= last { return (chunk.number(2), last) }
    }
    let row = try database.statement(
      "SELECT layout, (SELECT max(sequence) FROM ticks WHERE chunk=row.chunk) FROM ticks AS row WHERE sequence=?"
    ).with(.number(sequence))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return (row.number(0), row.number(1))
  }
}
