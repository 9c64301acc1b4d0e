public import Cluster
import Glibc
import Platform

/// Records frames into a store: the only one who does, as long as this lives.
///
/// Nothing it meets on the disk ever stops who calls it: a frame that could not be recorded is a fact that
/// `record` returns, recording goes on by itself as soon as it can, and a gap with its reason says what is
/// missing.
public final class Recorder {
  public struct Options: Sendable {
    public var policy = HistoryPolicy()
    /// Whether each frame is on the disk itself when `record` returns. Without it a frame outlives the
    /// program, but not a loss of power: for programs that make a store anew when it is lost.
    public var isDurable = true
    /// What records, for who asks.
    public var program: RecorderIdentity.Program?
    /// Whether it goes on with what another program has recorded until now: where that was no longer ago than
    /// a recorder's own frames may be apart, nothing is missing between the two.
    public var takesOver = false
    /// How many nodes there are, about: by that a new store is laid out. One that is there stays as it is.
    public var nodes = 0
    /// A chunk is complete with this many frames.
    var chunkFrames = ChunkFill.usualFrames
    /// Or with this many bytes, as they come.
    var chunkBytes = ChunkFill.usualBytes
    /// SQLite's name of the file system to be used; nil for the usual.
    var vfs: String?

    public init() {}

    /// Bytes of a page. A tick changes a few pages, and all of each is written: small ones are less to write. Where a
    /// tick is many pages, large ones are less work.
    var pageBytes: Int { nodes < 100 ? 1024 : nodes < 4000 ? 4096 : 16_384 }
  }

  public let path: String
  /// Why nothing is being recorded; nil while all is well.
  public private(set) var trouble: RecordingTrouble?
  /// Where the last store that was found damaged lies now; nil where none was.
  public private(set) var setAside: String?

  private let cluster: String
  private var options: Options
  private var lock: StoreLock?
  private let layoutOf: (String) -> Layout?
  private var writer: StoreWriter?
  private var layout: (text: String, description: String)?
  private var loss: StoreWriter.Loss?
  private var retryAt: Uptime?
  private var lastRecorded: WallTime?
  /// Events that came while nothing could be written: they are kept for ever, so they wait.
  private var waiting: [Event] = []

  private static let mostWaiting = 10_000
  private static let pause = Duration.seconds(1)

  /// Opens a store, or makes it.
  ///
  /// A damaged one is set aside under another name, and a new one begun. What may pass (no room, a disk that
  /// may only be read) is no reason to fail: it is tried again with each frame.
  ///
  /// - Parameters:
  ///   - cluster: the name of the cluster that the store is for.
  ///   - layoutOf: reads a layout's text as it was handed to `begin`, for frames that a recorder before this
  ///     one has left without roll-ups; nil where it cannot be read.
  /// - Throws: `recordedByAnother`, `newer`, `foreign`, `otherCluster`, `system`.
  public init(
    path: String, cluster: String, options: Options = Options(), now: WallTime,
    layoutOf: @escaping (String) -> Layout? = { _ in nil }
  ) throws(StoreFailure) {
    self.path = path
    self.cluster = cluster
    self.options = options
    self.layoutOf = layoutOf
    do {
      try open(now)
    } catch {
      switch error {
      case .full, .readOnly, .input, .busy, .database: note(error, at: now)
      default: throw error
      }
    }
  }

  /// Says which layout the next frames belong to: their sources are places in its `PollPlan`.
  ///
  /// - Parameters:
  ///   - text: the layout, in a form that the caller reads again.
  ///   - description: a few words for a person: where it came from.
  public func begin(layout text: String, description: String) {
    layout = (text, description)
    writer?.begin(layout: text, description: description)
  }

  /// Keeps the past as another policy says from the next frame on.
  public func keep(by policy: HistoryPolicy) {
    options.policy = policy
    writer?.keep(by: policy)
  }

  /// Records one frame, the snapshot that it made, and what changed with it. On the disk when it returns nil.
  ///
  /// To be called with each frame, those between two ticks too: what they say is new, and a replay without
  /// them would show it a tick later than it was seen.
  @discardableResult public func record(
    _ frame: Frame, _ snapshot: Snapshot, events: [Event]
  ) -> RecordingTrouble? {
    do {
      try writeOrReplace(frame, snapshot, events)
      return nil
    } catch {
      keep(events)
      note(error, at: frame.at.wall)
      // Only an attempt counts: else every frame would put the next one off.
      if isRetryDue(frame.at) { retryAt = frame.at.uptime + Recorder.pause }
      return trouble
    }
  }

  /// Records events that came without a frame.
  @discardableResult public func record(_ events: [Event]) -> RecordingTrouble? {
    guard let writer, trouble == nil, let first = events.first else {
      keep(events)
      return trouble
    }
    do {
      try writer.record(events)
      return nil
    } catch {
      keep(events)
      note(error, at: first.at)
      return trouble
    }
  }

  /// Whether a recorder before this one has left frames that are in no minute's roll-up: see `sumUp`.
  public var hasBacklog: Bool { writer?.hasBacklog ?? false }

  /// Makes the roll-ups of the minute in which a recorder before this one ended: some milliseconds of it, or a frame
  /// where that is more. To be called again and again, with other things in between; where nobody does, `record` does
  /// it from the next minute on.
  ///
  /// - Returns: false where nothing is left.
  public func sumUp() -> Bool {
    guard let writer, trouble == nil else { return false }
    do { return try writer.sumUp() } catch {
      note(error, at: lastRecorded ?? WallTime(nanoseconds: 0))
      return false
    }
  }

  /// Who records into a store now; nil where nobody does, or it cannot be told.
  public static func recorder(ofStore path: String) -> RecorderIdentity? { StoreLock.holder(ofStore: path) }

  /// Whether somebody records into a store now; false where that cannot be told.
  public static func isRecorded(store path: String) -> Bool { StoreLock.isHeld(path: path + ".lock") }

  /// Lets go of the store. Nothing is left to be written, so this may as well never be called; what is
  /// recorded afterwards opens it again.
  public func close() {
    writer?.close()
    writer = nil
    lock = nil
  }
}

extension Recorder {
  private func writeOrReplace(
    _ frame: Frame, _ snapshot: Snapshot, _ events: [Event]
  ) throws(StoreFailure) {
    do { return try write(frame, snapshot, events) } catch {
      // Damage that was not seen when it was opened: a new store takes this frame.
      guard isDamage(error) else { throw error }
      try replace(at: frame.at.wall)
    }
    try write(frame, snapshot, events)
  }

  private func write(_ frame: Frame, _ snapshot: Snapshot, _ events: [Event]) throws(StoreFailure) {
    let writer = try writerIfDue(frame.at)
    try writer.record(frame, snapshot, events: waiting + events, loss: loss)
    waiting = []
    loss = nil
    trouble = nil
    lastRecorded = frame.at.wall
  }

  /// The store, opened again where it had to be closed; not more often than once a second.
  private func writerIfDue(_ now: Moment) throws(StoreFailure) -> StoreWriter {
    if let writer { return writer }
    if let trouble, !isRetryDue(now) { throw trouble.failure }
    try open(now.wall)
    guard let writer else { throw .missing(path: path) }
    return writer
  }

  /// Whether it may be tried again. A clock that began anew is no reason to wait for.
  private func isRetryDue(_ now: Moment) -> Bool {
    guard let retryAt else { return true }
    return now.uptime >= retryAt || retryAt - now.uptime > Recorder.pause
  }

  private func open(_ now: WallTime) throws(StoreFailure) {
    do {
      try openOnce(now)
    } catch {
      guard isDamage(error) else { throw error }
      try replace(at: now)
    }
  }

  /// Sets a damaged store aside, and begins a new one.
  private func replace(at now: WallTime) throws(StoreFailure) {
    writer = nil
    setAside = try StoreFiles.setAside(path, at: now)
    loss = StoreWriter.Loss(reason: .damaged, words: setAside ?? "", since: lastRecorded)
    try openOnce(now)
  }

  private func openOnce(_ now: WallTime) throws(StoreFailure) {
    // Held until the end, and looked for again where there was no room, or no right, to make it.
    if lock == nil { lock = try StoreLock(store: path, program: options.program, now: now) }
    try StoreFiles.create(path)
    var options = options
    // What came between is a loss of our own.
    if lastRecorded != nil || loss != nil { options.takesOver = false }
    let writer = try StoreWriter(path: path, cluster: cluster, options: options, layoutOf: layoutOf)
    if let layout { writer.begin(layout: layout.text, description: layout.description) }
    self.writer = writer
  }

  private func isDamage(_ failure: StoreFailure) -> Bool {
    switch failure {
    case .damaged: true
    case .foreign: StoreFiles.wasStore(path)
    // What is asked is always the same: where SQLite does not understand it, or finds a rule broken, the
    // tables are not those that were made.
    case .database(_, let code, _): Database.isDamage(code)
    default: false
    }
  }

  private func note(_ failure: StoreFailure, at wall: WallTime) {
    writer = nil
    if loss == nil, !isHeldAtTheBeginning(failure) {
      loss = StoreWriter.Loss(reason: failure.gapReason, words: failure.words, since: nil)
    }
    trouble = RecordingTrouble(failure: failure, since: trouble?.since ?? wall)
  }

  /// Whether a store is only held for a moment by who reads it first after a crash, and nothing of this program's
  /// is lost by that: what is missing then is missing because nobody recorded.
  private func isHeldAtTheBeginning(_ failure: StoreFailure) -> Bool {
    if case .busy = failure { lastRecorded == nil } else { false }
  }

  private func keep(_ events: [Event]) {
    waiting += events
    if waiting.count > Recorder.mostWaiting { waiting.removeFirst(waiting.count - Recorder.mostWaiting) }
  }
}
