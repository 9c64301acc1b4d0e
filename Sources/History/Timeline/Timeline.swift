public import Cluster
import Glibc
import Platform

/// Reads a store, also while another program records into it. Everything it gives is as it was recorded.
///
/// Times find frames by the newest stretch that has them: where the clock was set back an hour, what was
/// recorded last at that time.
public final class Timeline {
  public let path: String
  /// The cluster that it is of.
  public let cluster: String

  let database: Database
  let zstd = Zstd()
  let loader: FrameLoader
  private let file: FileIdentity?
  /// The first frame that is looked at; those before it are there for models to begin with.
  private let beginning: FrameNumber

  /// Opens a store for reading.
  ///
  /// - Parameter waits: whether it waits for somebody who keeps everybody out of the store for a moment; else
  ///   `busy` is thrown at once, here and later.
  /// - Throws: `missing`, `newer`, `older`, `foreign`, `damaged`, `busy`, `system`.
  public init(path: String, waits: Bool = true) throws(StoreFailure) {
    self.path = path
    if access(path, F_OK) != 0, errno == ENOENT { throw .missing(path: path) }
    database = try Database(path: path, mode: waits ? .reading : .glancing)
    try Schema.check(database)
    let version = try database.number("PRAGMA user_version") ?? 0
    if version < Schema.version { throw .older(path: path, version: version) }
    cluster = try Schema.cluster(of: database)
    loader = FrameLoader(database, zstd)
    file = FileIdentity(path)
    beginning = 0
  }

  /// A store that is nowhere but in this connection, made of a file from elsewhere.
  init(replaying database: Database, cluster: String, from beginning: FrameNumber) {
    path = database.path
    self.cluster = cluster
    self.database = database
    self.beginning = beginning
    loader = FrameLoader(database, zstd, from: .foreign)
    file = nil
  }

  /// Whether another file has taken the place of this one: a damaged store was set aside. Open it again then.
  public var isReplaced: Bool { file != nil && FileIdentity(path) != file }

  /// Who records into it now; nil where nobody does, or it cannot be told.
  public var recorder: RecorderIdentity? { StoreLock.holder(ofStore: path) }

  /// From where to where it reaches; nil while it is empty. O(log n).
  public func span() throws(StoreFailure) -> RecordedSpan? {
    try database.view { () throws(StoreFailure) in
      guard let first = try loader.sequence(after: max(0, beginning - 1)),
        let last = try loader.sequence(before: .max),
        let start = try wall(of: first), let end = try wall(of: last)
      else { return nil }
      return RecordedSpan(first: first, last: last, start: start, end: end)
    }
  }

  /// The layout of a number that frames have; nil where there is none.
  public func layout(_ id: Int64) throws(StoreFailure) -> RecordedLayout? {
    let row = try database.statement("SELECT since, description, text FROM layouts WHERE id=?").with(
      .number(id))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return RecordedLayout(
      id: id, since: WallTime(nanoseconds: row.number(0)), description: row.text(1), text: row.text(2))
  }

  /// The layout that a frame belongs to; nil where there is no such frame.
  public func layout(ofFrame sequence: FrameNumber) throws(StoreFailure) -> RecordedLayout? {
    try marks(in: sequence...sequence).last.flatMap { mark throws(StoreFailure) in try layout(mark.layout) }
  }

  struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }
}

// Frames.
extension Timeline {
  /// The last `count` frames up to a time, oldest first; those of earlier stretches too, across gaps. Empty
  /// where nothing was recorded by then.
  public func frames(endingAt time: WallTime, count: Int) throws(StoreFailure) -> [RecordedFrame] {
    try database.view { () throws(StoreFailure) in
      guard let last = try place(at: time) else { return [] }
      return try frames(through: last, count: count)
    }
  }

  /// The last `count` frames up to a place, oldest first.
  public func frames(endingAt sequence: FrameNumber, count: Int) throws(StoreFailure) -> [RecordedFrame] {
    try database.view { () throws(StoreFailure) in try frames(through: sequence, count: count) }
  }

  /// The last frames up to a place, oldest first: as many as are within bounds, but two, since a rate needs two.
  public func frames(
    endingAt sequence: FrameNumber, within bounds: FrameBounds
  ) throws(StoreFailure) -> [RecordedFrame] {
    try database.view { () throws(StoreFailure) in
      guard let newest = try frames(through: sequence, count: 1).last else { return [] }
      // The newest may be small, where somebody said nothing, and those before it not.
      var count = bounds.count(of: newest.frame.numbers)
      while count > 2 {
        let first = max(1, sequence - Int64(count) + 1)
        let (frames, next) = try loader.frames(first, through: sequence, within: bounds)
        if next > sequence { return frames }
        // As many as that; where these are no fewer than they seemed, some fewer.
        count = min(count - max(1, count / 16), frames.count)
      }
      return try frames(through: sequence, count: 2)
    }
  }

  /// The first of those from one place to another that are within bounds, oldest first, and where the others begin.
  public func frames(
    from first: FrameNumber, through last: FrameNumber, within bounds: FrameBounds
  ) throws(StoreFailure) -> (frames: [RecordedFrame], next: FrameNumber) {
    try database.view { () throws(StoreFailure) in try loader.frames(first, through: last, within: bounds) }
  }

  /// Those from one place to another, oldest first.
  public func frames(in range: ClosedRange<FrameNumber>) throws(StoreFailure) -> [RecordedFrame] {
    try database.view { () throws(StoreFailure) in
      try loader.frames(range.lowerBound, through: range.upperBound)
    }
  }

  /// What is known without reading them of those from one place to another, oldest first.
  func marks(in range: ClosedRange<FrameNumber>) throws(StoreFailure) -> [FrameMark] {
    try database.view { () throws(StoreFailure) in
      try loader.marks(range.lowerBound, through: range.upperBound)
    }
  }

  /// Those from one time to another, oldest first, `limit` of them at most.
  public func frames(in span: ClosedRange<WallTime>, limit: Int) throws(StoreFailure) -> [RecordedFrame] {
    try database.view { () throws(StoreFailure) in
      guard limit > 0, let last = try place(at: span.upperBound) else { return [] }
      var first = try place(at: span.lowerBound).map { $0 } ?? 0
      // The place is that of the frame at the time, or of the last before it, which is not within the span.
      if first == 0 {
        first = try loader.sequence(after: 0) ?? 1
      } else if let wall = try wall(of: first), wall < span.lowerBound {
        first = try loader.sequence(after: first) ?? last + 1
      }
      guard first <= last else { return [] }
      return try loader.frames(first, through: min(last, first + Int64(limit) - 1))
    }
  }

  /// Lets go of frames that are kept for who steps back.
  public func letGo() { loader.letGo() }

  /// The frame before a place; nil at the beginning.
  public func frame(before sequence: FrameNumber) throws(StoreFailure) -> RecordedFrame? {
    try database.view { () throws(StoreFailure) in
      guard let place = try loader.readable(before: sequence) else { return nil }
      return try loader.frame(place)
    }
  }

  /// The frame after a place; nil at the end.
  public func frame(after sequence: FrameNumber) throws(StoreFailure) -> RecordedFrame? {
    try database.view { () throws(StoreFailure) in
      guard let place = try loader.readable(after: sequence) else { return nil }
      return try loader.frame(place)
    }
  }

  /// The place of the last frame up to a time; nil where nothing was recorded by then. O(log n).
  public func sequence(at time: WallTime) throws(StoreFailure) -> FrameNumber? {
    try database.view { () throws(StoreFailure) in
      try place(at: time).flatMap { $0 < beginning ? nil : $0 }
    }
  }

  /// The nearest place in a direction, from this one on, that can be read: nothing of a damaged chunk can. Nil
  /// where there is none.
  public func readable(
    from sequence: FrameNumber, isForward: Bool
  ) throws(StoreFailure) -> FrameNumber? {
    try database.view { () throws(StoreFailure) in
      isForward
        ? try loader.readable(after: sequence - 1)
        : try loader.readable(before: sequence == .max ? sequence : sequence + 1)
    }
  }

  private func frames(through last: FrameNumber, count: Int) throws(StoreFailure) -> [RecordedFrame] {
    guard count > 0 else { return [] }
    var first = last
    // Numbers follow each other but where chunks were let go of, which is at the beginning.
    first = max(1, last - Int64(count) + 1)
    return try loader.frames(first, through: last)
  }

  private func place(at time: WallTime) throws(StoreFailure) -> FrameNumber? {
    let wall = time.nanoseconds
    // The newest stretch that has the time; else the one that ended last before it.
    let newest = try database.number("SELECT max(id) FROM stretches") ?? 0
    let lastEnd = try database.number("SELECT wall FROM ticks ORDER BY sequence DESC LIMIT 1")
    var best: (id: Int64, end: Int64)?
    let rows = try database.statement("SELECT id, start, end FROM stretches WHERE start<=? ORDER BY id DESC")
      .with(.number(wall))
    defer { rows.reset() }
    while try rows.step() {
      let id = rows.number(0)
      let end = id == newest ? max(rows.number(2), lastEnd ?? .min) : rows.number(2)
      if end >= wall {
        best = (id, end)
        break
      }
      if end > best?.end ?? .min { best = (id, end) }
    }
    guard let best else { return nil }
    return try place(at: time, in: best.id)
  }

  private func place(at time: WallTime, in stretch: Int64) throws(StoreFailure) -> FrameNumber? {
    let wall = time.nanoseconds
    if let row = try database.number(
      "SELECT max(sequence) FROM ticks WHERE stretch=? AND wall<=?", .number(stretch), .number(wall))
    {
      return row
    }
    guard
      let first = try database.number(
        "SELECT first FROM chunks WHERE stretch=? AND start<=? ORDER BY start DESC LIMIT 1",
        .number(stretch), .number(wall))
    else { return nil }
    guard let (place, head) = try loader.sealed.head(of: first), let last = head.last(upTo: time) else {
      // Damaged: what was before it is the last that is known.
      return try loader.readable(before: first)
    }
    return place.first + Int64(last)
  }

  func wall(of sequence: FrameNumber) throws(StoreFailure) -> WallTime? {
    if let (place, head) = try loader.sealed.head(of: sequence) {
      return head.moments[Int(sequence - place.first)].wall
    }
    if let gap = loader.sealed.damage(at: sequence) {
      return sequence + 1 < gap.sequence ? gap.start : gap.end
    }
    return try database.number("SELECT wall FROM ticks WHERE sequence=?", .number(sequence))
      .map { WallTime(nanoseconds: $0) }
  }
}
