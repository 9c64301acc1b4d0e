public import Cluster

/// The cluster as it was at any frame of a store: folded from the frames before it, as it was folded when they
/// were new.
///
/// Models on the way are kept, so that a step does not begin from the start again.
public final class Replay {
  public struct Moment: Sendable {
    public var sequence: FrameNumber
    public var model: ClusterModel
    public var at: Cluster.Moment
  }

  private struct Checkpoint {
    var sequence: FrameNumber
    var layout: Int64
    var model: ClusterModel
    var at: Cluster.Moment
  }

  private let timeline: Timeline
  private let layoutOf: (String) -> Layout?
  private var layouts: [Int64: Layout?] = [:]
  /// What people did and what was lost of it, in the order in which it was recorded: frames alone do not tell that
  /// a server stands otherwise than somebody wanted.
  private var wishes: [(sequence: FrameNumber, event: Event)] = []
  private var lastWish: Int64 = 0
  /// In the order of their frames.
  private var checkpoints: [Checkpoint] = []

  /// What a model remembers of its frames: the trails, ten minutes at a tick a second.
  static let depth = 600
  private static let spacing: Int64 = 32
  private static let most = 12
  /// More than these have been done to any cluster since its servers were last set otherwise.
  private static let mostWishes = 5000

  /// - Parameter layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  public init(_ timeline: Timeline, layoutOf: @escaping (String) -> Layout?) {
    self.timeline = timeline
    self.layoutOf = layoutOf
  }

  /// The cluster at a frame; where that cannot be read because it was damaged, at the last one before it. Nil
  /// where there is no such frame, or where its layout cannot be read.
  public func moment(at sequence: FrameNumber) throws(StoreFailure) -> Moment? {
    let near = checkpoints.last { $0.sequence <= sequence && sequence - $0.sequence <= Replay.spacing * 2 }
    let start = near.map { $0.sequence + 1 } ?? max(1, sequence - Int64(Replay.depth) + 1)
    let frames = start > sequence ? [] : try timeline.frames(in: start...sequence)
    guard let layoutID = frames.last?.layout ?? near?.layout else { return nil }
    guard let layout = try layout(layoutID) else { return nil }
    try readWishes()
    var current: Checkpoint?
    if let near, near.layout == layoutID { current = near } else { checkpoints = [] }
    var wish = current.map { firstWish(after: $0.sequence) } ?? 0
    // What belongs to another layout has other sources.
    for recorded in frames where recorded.layout == layoutID {
      var model = current?.model ?? ClusterModel(layout: layout)
      current = nil
      while wish < wishes.count, wishes[wish].sequence <= recorded.sequence {
        model.recall(wishes[wish].event)
        wish += 1
      }
      _ = model.advance(with: recorded.frame)
      current = Checkpoint(
        sequence: recorded.sequence, layout: layoutID, model: model, at: recorded.frame.at)
      let left = sequence - recorded.sequence
      if left < Replay.spacing * Int64(Replay.most / 2), recorded.sequence % Replay.spacing == 0 || left == 0
      {
        if let current { keep(current) }
      }
    }
    guard let current else { return nil }
    return Moment(sequence: current.sequence, model: current.model, at: current.at)
  }

  private func keep(_ checkpoint: Checkpoint) {
    checkpoints.removeAll { $0.sequence == checkpoint.sequence }
    let place = checkpoints.firstIndex { $0.sequence > checkpoint.sequence } ?? checkpoints.count
    checkpoints.insert(checkpoint, at: place)
    if checkpoints.count > Replay.most {
      // The one that is farthest from here is missed least.
      if place < checkpoints.count / 2 { checkpoints.removeLast() } else { checkpoints.removeFirst() }
    }
  }

  /// Those that were recorded since this was asked last.
  private func readWishes() throws(StoreFailure) {
    for recorded in try timeline.interventions(after: lastWish, limit: Replay.mostWishes) {
      lastWish = recorded.id
      if case .success(let event) = recorded.event { wishes.append((recorded.sequence, event)) }
    }
  }

  /// The place of the first that came with a frame behind this one. O(log n).
  private func firstWish(after sequence: FrameNumber) -> Int {
    var (low, high) = (0, wishes.count)
    while low < high {
      let middle = (low + high) / 2
      if wishes[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func layout(_ id: Int64) throws(StoreFailure) -> Layout? {
    if let known = layouts[id] { return known }
    let layout = try timeline.layout(id).flatMap { layoutOf($0.text) }
    layouts[id] = layout
    return layout
  }
}
