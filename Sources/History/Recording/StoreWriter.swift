import Cluster

/// A store that is open for recording. Whatever it throws, it is good for nothing more: it is opened anew.
final class StoreWriter {
  /// Why time has passed without frames, where it has and the clocks do not say it.
  struct Loss {
    var reason: Gap.Reason
    var words: String
    /// The last frame, where it is not in this store.
    var since: WallTime?
  }

  private let database: Database
  private let zstd = Zstd()
  private let names: StoredNames
  private let options: Recorder.Options
  private var encoder = RowEncoder()
  private var window = MinuteWindow()
  private var rollUps = RollUpStore()
  private var service = ServiceRecorder()
  private var sealing: Sealing
  private var retention: Retention
  private var search = DamageSearch()

  private var next: FrameNumber
  private var chunk: Int64 = 0
  private var fill = ChunkFill()
  private var stretch: Int64
  private var layout: (id: Int64, text: String)?
  private var pendingLayout: (text: String, description: String)?
  /// How many pages the log has when it is copied back.
  private let logPages: Int64
  /// Whether it had as many before the last tick: there is so much to write, or somebody who reads is in the way.
  private var wasLogFull = false
  /// The frame before, in this store.
  private var last: (wall: WallTime, uptime: Uptime?)?
  private var isBegun = false

  /// What a recorder before this one has not summed up; nil where there is nothing, or no more.
  private var backlog: Backlog?
  /// Minutes that have ended since, and are written behind it: what is summed up is so up to one frame.
  private var ended: [EndedMinute] = []

  /// How long the log becomes: pages that many ticks write are copied back once for all of them, but by one tick.
  private static let logBytes: Int64 = 2 << 20

  /// - Parameter layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  init(
    path: String, cluster: String, options: Recorder.Options, layoutOf: @escaping (String) -> Layout?
  ) throws(StoreFailure) {
    self.options = options
    database = try Database(path: path, mode: .recording, vfs: options.vfs)
    try Schema.prepare(database, cluster: cluster, pageBytes: options.pageBytes)
    if !options.isDurable { try database.run("PRAGMA synchronous=OFF") }
    database.countLog()
    logPages = StoreWriter.logBytes / max(512, try database.number("PRAGMA page_size") ?? 4096)
    names = StoredNames(database, zstd)
    retention = Retention(options.policy)
    try StoreBeginning.check(database)
    let end = try StoreBeginning.end(of: database)
    next = end.map { $0.sequence + 1 } ?? 1
    last = end.map { ($0.wall, nil) }
    if options.takesOver, let end {
      last?.uptime = try? FrameLoader(database, zstd).frame(end.sequence)?.frame.at.uptime
    }
    stretch = try database.number("SELECT max(id) FROM stretches") ?? 0
    let row = try database.statement("SELECT id, text FROM layouts ORDER BY id DESC LIMIT 1")
    if try row.step() {
      layout = (row.number(0), row.text(1))
      row.reset()
    }
    sealing = Sealing(unsealed: Int(try database.number("SELECT count(DISTINCT chunk) FROM ticks") ?? 0))
    let unsummed = try StoreBeginning.unsummed(before: next, in: database)
    if !unsummed.isEmpty { backlog = Backlog(of: unsummed, FrameLoader(database, zstd), layoutOf: layoutOf) }
  }

  func begin(layout text: String, description: String) {
    pendingLayout = text == layout?.text ? nil : (text, description)
  }

  func keep(by policy: HistoryPolicy) { retention.policy = policy }

  /// Records one frame with what came with it: all of it is on the disk when this returns, or nothing.
  func record(
    _ frame: Frame, _ snapshot: Snapshot, events: [Event], loss: Loss?
  ) throws(StoreFailure) {
    // Nobody has taken care of what was left for a minute.
    if !ended.isEmpty { _ = try sumUp() }
    let move = ClockMove(
      to: frame, after: last, isOwn: isBegun, takesOver: options.takesOver,
      interval: snapshot.topology.plan.interval, loss: loss)
    let isLogFull = database.logPages >= logPages
    try database.transaction { () throws(StoreFailure) in
      try begin(move, frame)
      let row = try encoder.row(
        of: frame,
        RowEncoder.Numbering<StoreFailure>(
          roster: { roster throws(StoreFailure) in
            try self.names.number(of: Names.bytes(of: roster), chunk: self.chunk)
          },
          servers: { servers throws(StoreFailure) in
            try self.names.number(of: Names.bytes(of: servers), chunk: self.chunk)
          }))
      var state = TickState(snapshot)
      state.isBetweenTicks = frame.isBetweenTicks
      try database.statement(
        "INSERT INTO ticks(sequence, chunk, layout, stretch, wall, state, data) VALUES(?, ?, ?, ?, ?, ?, ?)"
      ).run(
        .number(next), .number(chunk), .number(layout?.id ?? 0), .number(stretch),
        .number(frame.at.wall.nanoseconds), .number(Int64(state.byte)), .blob(row))
      fill.add(row: row.count)
      for event in events { try write(event) }
      // What is read between two ticks is counted with that reading, and never again.
      try ServiceStore.add(service.advance(with: snapshot), to: database)
      try endMinute(before: frame.at.wall, last: next - 1)
      for series in window.takeUnnumbered() { try rollUps.number(of: series, database) }
      // Copying the log back is work enough for one tick, where not each tick has to do it.
      if !isLogFull || wasLogFull { try work(row: row.count, at: frame.at.wall) }
    }
    if isLogFull { database.checkpoint() }
    wasLogFull = isLogFull
    if !frame.isBetweenTicks { window.add(snapshot) }
    next += 1
    last = (frame.at.wall, frame.at.uptime)
    isBegun = true
  }

  /// Records events that came without a frame.
  func record(_ events: [Event]) throws(StoreFailure) {
    try database.transaction { () throws(StoreFailure) in
      for event in events { try write(event) }
    }
  }

  func close() {
    // A minute that is not over is written as far as it is known; what cannot be written is unknown later.
    let minutes = service.finish()
    try? database.transaction { () throws(StoreFailure) in try ServiceStore.add(minutes, to: database) }
    database.checkpoint()
  }
}

// What a recorder before this one has left.
extension StoreWriter {
  var hasBacklog: Bool { backlog != nil }

  /// Sums up a little of it; false where nothing is left.
  func sumUp() throws(StoreFailure) -> Bool {
    guard let backlog else { return false }
    try database.transaction { () throws(StoreFailure) in
      if let minutes = try backlog.step(layoutText) {
        for minute in minutes { try rollUps.write(minute, database) }
      } else {
        try end(backlog)
      }
    }
    return hasBacklog
  }

  private func end(_ backlog: Backlog) throws(StoreFailure) {
    self.backlog = nil
    if let rest = backlog.takeRest(), try !precede(with: rest) { try rollUps.write(rest, database) }
    for minute in ended { try rollUps.write(minute, database) }
    ended = []
  }

  /// Adds what there is of the minute in which this one began; false where that was another minute.
  private func precede(with rest: EndedMinute) throws(StoreFailure) -> Bool {
    guard let first = ended.first else { return window.precede(with: rest) }
    guard first.minute == rest.minute else { return false }
    var whole = MinuteWindow()
    _ = whole.precede(with: first)
    _ = whole.precede(with: rest)
    if let sum = whole.end(with: first.sequence) { ended[0] = sum }
    return true
  }

  /// The text of a layout.
  private func layoutText(_ id: Int64) throws(StoreFailure) -> String? {
    let row = try database.statement("SELECT text FROM layouts WHERE id=?").with(.number(id))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.text(0)
  }
}

// What comes with a frame.
extension StoreWriter {
  private func begin(_ move: ClockMove, _ frame: Frame) throws(StoreFailure) {
    let wall = frame.at.wall.nanoseconds
    if move.isNewStretch {
      if let last, stretch > 0 {
        try database.statement("UPDATE stretches SET end=? WHERE id=?")
          .run(.number(last.wall.nanoseconds), .number(stretch))
      }
      try database.statement("INSERT INTO stretches(first, start, end) VALUES(?, ?, ?)")
        .run(.number(next), .number(wall), .number(wall))
      stretch = database.lastNumber
    }
    if let gap = move.gap {
      let since = last?.wall ?? move.since ?? frame.at.wall
      try database.statement("INSERT INTO gaps(sequence, start, end, reason, words) VALUES(?, ?, ?, ?, ?)")
        .run(
          .number(next), .number(since.nanoseconds), .number(wall), .number(gap.reason.rawValue),
          .text(gap.words))
    }
    if let new = pendingLayout {
      try database.statement("INSERT INTO layouts(since, description, text) VALUES(?, ?, ?)")
        .run(.number(wall), .text(new.description), .text(new.text))
      layout = (database.lastNumber, new.text)
      pendingLayout = nil
      // Another poll plan: what is remembered of a source is another one's.
      encoder.forget()
      chunk = 0
    }
    if chunk == 0 || move.isNewStretch
      || fill.isComplete(frames: options.chunkFrames, bytes: options.chunkBytes)
    {
      if fill.frames > 0 { sealing.chunkEnded() }
      chunk = next
      fill = ChunkFill()
      encoder.beginChunk()
      for name in encoder.names {
        try database.statement("UPDATE names SET last=? WHERE id=?").run(.number(chunk), .number(name))
      }
    }
  }

  private func write(_ event: Event) throws(StoreFailure) {
    for event in EventLine.split(event) {
      try database.statement("INSERT INTO events(sequence, at, kind, node, line) VALUES(?, ?, ?, ?, ?)")
        .run(
          .number(next), .number(event.at.nanoseconds), .number(EventKind(event.change).rawValue),
          event.node.map { .text($0.text) } ?? .null, .text(EventLine.text(of: event)))
    }
  }

  /// Writes the minute that is over with a frame of another one.
  private func endMinute(before wall: WallTime, last sequence: FrameNumber) throws(StoreFailure) {
    guard window.minute != Resolution.minute.index(of: wall), let minute = window.end(with: sequence) else {
      return
    }
    if backlog == nil { try rollUps.write(minute, database) } else { ended.append(minute) }
  }

  private static let largeRow = 64 << 10

  /// Some of what can wait.
  private func work(row bytes: Int, at wall: WallTime) throws(StoreFailure) {
    // A large first row is work enough for one tick.
    if fill.frames == 1, fill.first > StoreWriter.largeRow { return }
    if try sealing.step(row: bytes, besides: chunk, database, zstd) { return }
    if try rollUps.step(now: wall, database, zstd) { return }
    try retention.step(now: wall, database)
    try search.step(database, zstd)
  }
}
