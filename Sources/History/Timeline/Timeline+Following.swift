extension Timeline {
  /// Where a follower stands: what it has seen already.
  public struct Mark: Hashable, Sendable {
    /// The last frame.
    public var sequence: FrameNumber
    /// The last event.
    public var event: Int64
    /// SQLite's own count of what others have done to the file.
    var version: Int64

    /// From the very beginning.
    public static let beginning = Mark(sequence: 0, event: 0, version: -1)
  }

  /// What was recorded since.
  public struct News: Sendable {
    public var frames: [RecordedFrame]
    public var events: [RecordedEvent]
    public var mark: Mark
    /// Whether this is not all: the next question finds the rest.
    public var hasMore: Bool
  }

  /// Where a follower begins that wants only what comes from now on.
  public func mark() throws(StoreFailure) -> Mark {
    try database.view { () throws(StoreFailure) in
      Mark(
        sequence: try loader.sequence(before: .max) ?? 0,
        event: try database.number("SELECT max(id) FROM events") ?? 0,
        // Of before it was looked, so that nothing is missed.
        version: -1)
    }
  }

  /// What was recorded since a mark, `limit` frames at most; nil where nothing was. Where nothing was written
  /// at all it costs some microseconds, so it may be asked many times a second.
  public func news(since mark: Mark, limit: Int = 1000) throws(StoreFailure) -> News? {
    let version = try database.number("PRAGMA data_version") ?? 0
    if version == mark.version { return nil }
    return try database.view { () throws(StoreFailure) in
      let last = mark.sequence + Int64(limit)
      let (frames, behind) = try loader.frames(mark.sequence + 1, through: last, within: .usual)
      let events = try self.events(after: mark.event, limit: 10_000)
      var next = mark
      let hasMore = behind <= last || frames.count >= limit || events.count >= 10_000
      next.version = hasMore ? -1 : version
      next.sequence = frames.last?.sequence ?? mark.sequence
      next.event = events.last?.id ?? mark.event
      // Whoever follows does not come back to them, and large ones are large.
      loader.letGo()
      if frames.isEmpty, events.isEmpty { return News(frames: [], events: [], mark: next, hasMore: false) }
      return News(frames: frames, events: events, mark: next, hasMore: hasMore)
    }
  }
}
