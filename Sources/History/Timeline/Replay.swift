public import Cluster

/// The cluster as it was at any frame of a store: folded from the frames before it, as it was folded when they
/// were new.
///
/// A moment is folded from as few frames as its figures depend on; what the trails show of the minutes before is
/// read afterwards, by `TrailReading`. Models on the way are kept, so that a step does not begin from the start
/// again.
public final class Replay {
  public struct Moment: Sendable {
    public var sequence: FrameNumber
    public var model: ClusterModel
    public var at: Cluster.Moment
    /// Whether its trails are as long as they can be; else `trails(until:)` reads them.
    public var hasTrails: Bool
  }

  let timeline: Timeline
  private let layoutOf: (String) -> Layout?
  private var layouts: [Int64: Layout?] = [:]
  /// What people did and what was lost of it, in the order in which it was recorded: frames alone do not tell that
  /// a server stands otherwise than somebody wanted.
  private var wishes: [(sequence: FrameNumber, event: Event)] = []
  private var lastWish: Int64 = 0
  /// In the order of their frames.
  private var checkpoints: [PastFold] = []
  /// The one that was asked for last.
  private var newest: PastFold?

  /// What a model remembers of its frames: the trails, ten minutes at a tick a second.
  static let depth: FrameNumber = 600
  /// Frames that a moment is folded from at first; more, where there are too few ticks among them.
  private static let lead: FrameNumber = 32
  /// Ticks after which nothing but trails depends on what was before them: as long as the windows of errors are,
  /// and one more for the first rates.
  private static let warmth = 12
  /// Who says nothing good in so many frames is silent.
  private static let prompt = 4
  /// Frames between two models that are kept: a step back folds no more.
  static let spacing: FrameNumber = 16
  private static let most = 16
  /// Sixty-four mebibytes of figures in all models that are kept, or two that have more.
  var mostNumbers = 8 << 20
  /// More than these have been done to any cluster since its servers were last set otherwise.
  private static let mostWishes = 5000
  /// Chunks that are looked through for what a source said last that is silent: some hours.
  private static let mostSilentChunks = 64
  /// Changes of health that are looked through for the last of each node.
  private static let mostChanges = 1000

  /// - Parameter layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  public init(_ timeline: Timeline, layoutOf: @escaping (String) -> Layout?) {
    self.timeline = timeline
    self.layoutOf = layoutOf
  }

  /// The cluster at a frame; where that cannot be read because it was damaged, at the last one before it. Nil
  /// where there is no such frame, or where its layout cannot be read.
  public func moment(at sequence: FrameNumber) throws(StoreFailure) -> Moment? {
    try readWishes()
    guard let fold = try fold(at: sequence) else { return nil }
    newest = fold
    return Moment(sequence: fold.sequence, model: fold.model, at: fold.at, hasTrails: fold.hasTrails)
  }

  /// Begins to read the trails of a moment that has been folded; nil where it has them.
  public func trails(until sequence: FrameNumber) throws(StoreFailure) -> TrailReading? {
    try readWishes()
    if let newest, newest.sequence == sequence, newest.hasTrails { return nil }
    let near = checkpoints.last {
      $0.hasTrails && $0.sequence <= sequence && sequence - $0.sequence <= TrailReading.back
    }
    return TrailReading(self, until: sequence, from: near)
  }

  /// From the nearest model that is kept, or anew.
  private func fold(at sequence: FrameNumber) throws(StoreFailure) -> PastFold? {
    let known = checkpoints + [newest].compactMap { $0 }
    func near(_ isWanted: (PastFold) -> Bool) -> PastFold? {
      known.filter {
        $0.sequence <= sequence && sequence - $0.sequence <= Replay.spacing * 2 && isWanted($0)
      }.max { $0.sequence < $1.sequence }
    }
    // What is near and has trails is better than what is nearer and has none.
    if let known = near({ $0.hasTrails }) ?? near({ _ in true }) {
      if known.sequence == sequence { return known }
      if let fold = try go(on: known, to: sequence) { return fold }
    }
    return try beginning(at: sequence)
  }

  /// From a model that is kept; nil where the way leads over another layout, or a gap.
  private func go(on known: PastFold, to sequence: FrameNumber) throws(StoreFailure) -> PastFold? {
    var fold = known
    var next = known.sequence + 1
    while next <= sequence {
      let read = try timeline.frames(from: next, through: sequence, within: .usual)
      for recorded in read.frames {
        guard recorded.layout == known.layout, recorded.stretch == known.stretch else { return nil }
        advance(&fold, with: recorded)
        if recorded.sequence % Replay.spacing == 0 { keep(fold) }
      }
      next = read.next
    }
    return fold
  }

  /// Folds as few frames as the figures of a moment depend on. What is kept has everything but trails.
  func beginning(at sequence: FrameNumber) throws(StoreFailure) -> PastFold? {
    guard let last = try timeline.readable(from: sequence, isForward: false),
      let begin = try beginning(until: last), let layout = try layout(begin.layout)
    else { return nil }
    var frames = FrameCursor(timeline, from: begin.sequence, through: last)
    guard let first = try frames.next() else { return nil }
    frames.putBack([first])
    var fold = PastFold(of: layout, first)
    for recorded in try silent(in: &frames, layout) {
      fold.model.recall(wishes: wishes, through: recorded.sequence, &fold.wish)
      _ = fold.model.advance(with: recorded.frame)
    }
    fold.model.forgetTrails()
    var ticks = 0
    var isWarm = false
    while let recorded = try frames.next() {
      advance(&fold, with: recorded)
      if !recorded.frame.isBetweenTicks { ticks += 1 }
      if !isWarm, ticks >= Replay.warmth || recorded.sequence == last {
        isWarm = true
        try recallChanges(&fold)
      }
      if isWarm, recorded.sequence % (Replay.spacing / 2) == 0 { keep(fold) }
    }
    return fold
  }

  /// The first of those until a frame that its figures depend on: of its own stretch, as nobody saw what was before that.
  private func beginning(until last: FrameNumber) throws(StoreFailure) -> FrameMark? {
    var lead = Replay.lead
    while true {
      let marks = try timeline.marks(in: max(1, last - lead + 1)...last)
      guard let newest = marks.last else { return nil }
      let own = marks.filter { $0.layout == newest.layout && $0.stretch == newest.stretch }
      let ticks = own.count { !$0.isBetweenTicks }
      if ticks > Replay.warmth || own.count < lead || lead >= Replay.depth { return own.first }
      lead = min(Replay.depth, lead * 4)
    }
  }

  /// What sources said last that are silent in the first of some frames: two samples, so that there are rates between them.
  private func silent(
    in frames: inout FrameCursor, _ layout: Layout
  ) throws(StoreFailure) -> [RecordedFrame] {
    var read: [RecordedFrame] = []
    var missing = Set(PollPlan(for: layout).sources.indices.map(SourceID.init))
    // Who comes back later is compared with what it said last.
    while read.count < Replay.prompt, !missing.isEmpty, let recorded = try frames.next() {
      for reading in recorded.frame.readings {
        if case .sample = reading.outcome { missing.remove(reading.source) }
      }
      read.append(recorded)
    }
    frames.putBack(read)
    guard let first = read.first, !missing.isEmpty else { return [] }
    func isOfSame(_ frame: RecordedFrame) -> Bool {
      frame.layout == first.layout && frame.stretch == first.stretch
    }
    let newest = try timeline.lastSamples(
      of: missing, before: first.sequence, chunks: Replay.mostSilentChunks
    ).filter(isOfSame)
    var found = newest
    for recorded in newest {
      let sources = Set(recorded.frame.readings.map(\.source))
      found += try timeline.lastSamples(of: sources, before: recorded.sequence, chunks: 1).filter(isOfSame)
    }
    return found.sorted { $0.sequence < $1.sequence }
  }

  /// Since when each node has been as it is comes from the events: it may have been long before the first frame
  /// that was folded.
  private func recallChanges(_ fold: inout PastFold) throws(StoreFailure) {
    var changes: [NodeName: (state: HealthState, at: WallTime)] = [:]
    let found = try timeline.changes(
      ofHealthUntil: fold.sequence, at: fold.at.wall, in: fold.stretch, limit: Replay.mostChanges)
    for change in found where changes[change.node] == nil { changes[change.node] = (change.state, change.at) }
    fold.model.recall(changes)
  }

  /// Folds the next frame, of whatever stretch or layout.
  func enter(_ fold: inout PastFold, with recorded: RecordedFrame) throws(StoreFailure) {
    if recorded.layout == fold.layout, recorded.stretch == fold.stretch {
      return advance(&fold, with: recorded)
    }
    guard let layout = try layout(recorded.layout) else { return }
    var next = PastFold(of: layout, recorded)
    next.hasTrails = fold.hasTrails
    advance(&next, with: recorded)
    // What nobody saw between the two stays a gap.
    next.model.precede(with: fold.model, began: recorded.frame.at)
    fold = next
  }

  private func advance(_ fold: inout PastFold, with recorded: RecordedFrame) {
    fold.model.recall(wishes: wishes, through: recorded.sequence, &fold.wish)
    _ = fold.model.advance(with: recorded.frame)
    fold.sequence = recorded.sequence
    fold.at = recorded.frame.at
    fold.numbers = max(fold.numbers, recorded.frame.numbers)
  }

  /// Keeps a model; one with trails takes the place of one without.
  func keep(_ fold: PastFold) {
    if let newest, newest.sequence == fold.sequence, fold.hasTrails { self.newest = fold }
    if let place = checkpoints.firstIndex(where: { $0.sequence == fold.sequence }) {
      if fold.hasTrails || !checkpoints[place].hasTrails { checkpoints[place] = fold }
      return
    }
    let place = checkpoints.firstIndex { $0.sequence > fold.sequence } ?? checkpoints.count
    checkpoints.insert(fold, at: place)
    // What a model holds of each source is its last two samples.
    let room = max(2, min(Replay.most, mostNumbers / max(1, 2 * fold.numbers)))
    while checkpoints.count > room {
      // The one that is farthest from here is missed least.
      if place < checkpoints.count / 2 { checkpoints.removeLast() } else { checkpoints.removeFirst() }
    }
  }

  /// Figures in the frames that the models hold which are kept.
  var keptNumbers: Int { checkpoints.reduce(0) { $0 + 2 * $1.numbers } }

  /// Those that were recorded since this was asked last.
  private func readWishes() throws(StoreFailure) {
    for recorded in try timeline.interventions(after: lastWish, limit: Replay.mostWishes) {
      lastWish = recorded.id
      if case .success(let event) = recorded.event { wishes.append((recorded.sequence, event)) }
    }
  }

  func layout(_ id: Int64) throws(StoreFailure) -> Layout? {
    if let known = layouts[id] { return known }
    let layout = try timeline.layout(id).flatMap { layoutOf($0.text) }
    layouts[id] = layout
    return layout
  }
}

/// A model that frames are folded into, and how far.
struct PastFold {
  /// The last frame that is in it.
  var sequence: FrameNumber
  var layout: Int64
  var stretch: Int64
  var at: Cluster.Moment
  var model: ClusterModel
  /// Figures in the largest frame that is in it.
  var numbers = 0
  /// The first of what people did that it has not heard of.
  var wish = 0
  /// Whether its trails reach as far back as trails can.
  var hasTrails = false

  /// Nothing is folded yet; the first frame will be this one.
  init(of layout: Layout, _ first: RecordedFrame) {
    sequence = first.sequence
    self.layout = first.layout
    stretch = first.stretch
    at = first.frame.at
    // Nobody has watched it: what has passed since this began to read says nothing of the cluster.
    model = ClusterModel(layout: layout, keepsTotals: false)
  }
}

extension ClusterModel {
  /// Hears of what people did until a frame, before that is folded.
  fileprivate mutating func recall(
    wishes: [(sequence: FrameNumber, event: Event)], through sequence: FrameNumber, _ next: inout Int
  ) {
    while next < wishes.count, wishes[next].sequence <= sequence {
      recall(wishes[next].event)
      next += 1
    }
  }
}
