public import Cluster

/// Reads what the trails show of the minutes before a moment, a little at a time, so that keys and frames go
/// between.
///
/// The minutes are folded for their trails alone; shortly before the moment a model that is right in everything
/// else takes them over, and models from there on are kept: steps back find them.
public final class TrailReading {
  /// The moment that they are of; nil until all is read, and where it cannot be read.
  public private(set) var moment: Replay.Moment?

  private let replay: Replay
  private var target: FrameNumber
  /// Where the model takes over that is right in everything.
  private let joint: FrameNumber
  private(set) var next: FrameNumber
  /// Until the joint: the trails alone.
  private var trails: PastFold?
  /// From the joint on.
  private var fold: PastFold?

  /// Frames before the moment at which models with trails are kept.
  static let back: FrameNumber = 128
  /// Some milliseconds, also where frames are large.
  static let bounds = FrameBounds(frames: 16, numbers: 160_000)

  init(_ replay: Replay, until target: FrameNumber, from known: PastFold?) {
    self.replay = replay
    self.target = target
    fold = known
    joint = known?.sequence ?? max(1, target - TrailReading.back)
    next = known.map { $0.sequence + 1 } ?? max(1, joint - Replay.depth + 1)
  }

  /// Goes on towards another moment; false where that is not on the way, and has to be read anew.
  public func go(to sequence: FrameNumber) -> Bool {
    guard sequence >= max(joint, next - 1), sequence - joint <= Replay.depth else { return false }
    target = sequence
    return true
  }

  /// Folds some more frames; false where there are no more.
  public func step() throws(StoreFailure) -> Bool {
    guard next <= target else {
      finish()
      return false
    }
    if next > joint || fold != nil {
      try follow(through: target)
    } else {
      try gather(through: min(joint, target))
    }
    return true
  }

  /// Folds frames for their trails, up to the joint.
  private func gather(through last: FrameNumber) throws(StoreFailure) {
    for recorded in try frames(through: last) {
      if trails == nil {
        guard let layout = try replay.layout(recorded.layout) else { continue }
        trails = PastFold(of: layout, recorded)
      }
      if var own = trails {
        // Taken out while it is changed, so that nothing is copied.
        trails = nil
        try replay.enter(&own, with: recorded)
        trails = own
      }
    }
    if next > joint { try join() }
  }

  private func join() throws(StoreFailure) {
    guard var own = try replay.beginning(at: joint) else { return }
    if let trails, trails.sequence == own.sequence { own.model.adoptTrails(of: trails.model) }
    own.hasTrails = true
    trails = nil
    fold = own
    replay.keep(own)
  }

  private func follow(through last: FrameNumber) throws(StoreFailure) {
    for recorded in try frames(through: last) {
      guard var own = fold else { continue }
      fold = nil
      try replay.enter(&own, with: recorded)
      if recorded.sequence % Replay.spacing == 0 { replay.keep(own) }
      fold = own
    }
  }

  private func frames(through last: FrameNumber) throws(StoreFailure) -> [RecordedFrame] {
    let read = try replay.timeline.frames(from: next, through: last, within: TrailReading.bounds)
    next = read.next
    return read.frames
  }

  private func finish() {
    guard let fold else { return }
    replay.keep(fold)
    moment = Replay.Moment(sequence: fold.sequence, model: fold.model, at: fold.at, hasTrails: true)
  }
}

extension Frame {
  /// Figures in all its tables: how large it is, and how long it takes to fold.
  public var numbers: Int {
    readings.reduce(0) { sum, reading in
      if case .sample(.proxy(let proxy)) = reading.outcome { sum + proxy.stat.figures.count } else { sum + 7 }
    }
  }
}
