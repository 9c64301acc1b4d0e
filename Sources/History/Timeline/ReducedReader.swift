import Cluster

/// Reads of frames only what the figures of one thing depend on, where its layout names it; else all of them.
final class ReducedReader {
  /// What the frames belong to.
  let layout: Layout
  private let timeline: Timeline
  private let cluster: ReducedCluster?
  /// By source of the whole: those that are wanted.
  private var filters: [Int: RowFilter] = [:]
  /// The chunk that was read from last.
  private var held: SealedChunks.Unpacked?

  init(of subject: GraphSubject, in whole: Layout, _ timeline: Timeline) {
    self.timeline = timeline
    cluster = ReducedCluster(of: subject, in: whole)
    layout = cluster?.layout ?? whole
    guard let cluster else { return }
    for (source, target) in cluster.sources.enumerated() where target != nil {
      filters[source] = RowFilter(cluster, SourceID(source), names: timeline.loader.names)
    }
  }

  /// The first of those from one place to another, within one chunk, that are within bounds, and where the others begin.
  func frames(
    _ first: FrameNumber, through last: FrameNumber, within bounds: FrameBounds
  ) throws(StoreFailure) -> (frames: [RecordedFrame], next: FrameNumber) {
    guard let cluster else { return try timeline.frames(from: first, through: last, within: bounds) }
    let sealed = timeline.loader.sealed
    if held?.place.contains(first) != true { held = try sealed.chunk(of: first, reducedBy: filters) }
    if let held {
      var frames: [RecordedFrame] = []
      var room = FrameRoom(bounds)
      let next = try sealed.read(from: first, through: last, of: held, within: &room, into: &frames)
      return (frames.map { own($0, in: cluster) }, next)
    }
    let read = try timeline.frames(from: first, through: last, within: bounds)
    let frames = read.frames.map { recorded in
      var reduced = own(recorded, in: cluster)
      reduced.frame.readings = recorded.frame.readings.compactMap { reading in
        guard let target = source(reading.source, in: cluster) else { return nil }
        var own = reading
        own.source = target
        if case .sample(let sample) = reading.outcome, let filter = filters[reading.source.index] {
          own.outcome = .sample(filter.reduce(sample))
        }
        return own
      }
      return reduced
    }
    return (frames, read.next)
  }

  private func own(_ recorded: RecordedFrame, in cluster: ReducedCluster) -> RecordedFrame {
    var own = recorded
    own.frame.readings = recorded.frame.readings.compactMap { reading in
      guard let target = source(reading.source, in: cluster) else { return nil }
      var own = reading
      own.source = target
      return own
    }
    return own
  }

  private func source(_ source: SourceID, in cluster: ReducedCluster) -> SourceID? {
    cluster.sources.indices.contains(source.index) ? cluster.sources[source.index] : nil
  }
}
