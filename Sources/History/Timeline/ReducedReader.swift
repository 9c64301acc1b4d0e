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

  /// Those from one place to another, within one chunk.
  func frames(_ first: FrameNumber, through last: FrameNumber) throws(StoreFailure) -> [RecordedFrame] {
    guard let cluster else { return try timeline.frames(in: first...last) }
    let sealed = timeline.loader.sealed
    if held?.place.contains(first) != true { held = try sealed.chunk(of: first, reducedBy: filters) }
    if let held {
      var frames: [RecordedFrame] = []
      try sealed.read(from: first, through: last, of: held, into: &frames)
      return frames.map { own($0, in: cluster) }
    }
    return try timeline.frames(in: first...last).map { recorded in
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
